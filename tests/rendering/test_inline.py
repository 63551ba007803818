"""Offers to someone who types ``@bot words``."""

from __future__ import annotations

from datetime import date

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from bot.locale import Words
from bot.model import Hit, Results
from bot.rendering.callbacks import Search
from bot.rendering.inline import Asked, Found, Offers, offers
from bot.rendering.links import Links, parse_start
from tests.rendering.conftest import Judge, units
from tests.strategies import texts, urls

DAY = date(2026, 1, 2)
HIT = Hit(
    digest_id="d1",
    source="a",
    day=DAY,
    digest_title="Digest",
    section="Section",
    item_key="k1",
    title="Title",
    url="https://example.com/",
    snippet=(("before ", False), ("GLM", True), (" <after>", False)),
    topics=(),
)


def offered(results: Results, w: Words, links: Links, asked: Asked | None = None) -> Offers:
    """Offer results of the query GLM."""
    covers = {"d1": "https://example.com/cover.png", "d2": "/cover.png"}
    return offers(Found(asked or Asked("GLM"), results, {"a": "Daily"}, covers), w, links)


def test_while_the_archive_is_read_the_button_says_so(w: Words, links: Links) -> None:
    for results in (Results(0), Results(1, (HIT,))):
        early = offers(Found(Asked("GLM"), results, {}, {}, is_early=True), w, links)

        assert early.button == w("I am just reading the archive. Search in our own chat")
        assert early.is_early
        assert not offered(results, w, links).is_early


def test_a_story_is_offered_with_its_day_and_picture_and_sent_with_its_source(
    telegram_accepts: Judge, w: Words, links: Links
) -> None:
    (offer,) = offered(Results(1, (HIT,)), w, links).offers

    assert offer.title == "Title"
    assert offer.description == f"{w.day(DAY)} · before GLM <after>"
    assert offer.picture == "https://example.com/cover.png"
    assert telegram_accepts(offer.message) == f"Title\nDaily · {w.day(DAY)}\nbefore GLM <after>"
    assert "before <b>GLM</b> &lt;after&gt;" in offer.message.text
    assert offer.message.buttons[0][0].url == links.item("d1", "k1")
    assert offer.message.preview
    assert offer.message.preview.url == "https://example.com/"


def test_a_headline_alone_leads_to_its_digest(w: Words, links: Links) -> None:
    hit = replace(HIT, digest_id="d2", item_key="", url=None, snippet=())
    (offer,) = offered(Results(1, (hit,)), w, links).offers

    assert offer.description == w.day(DAY)
    assert offer.picture is None
    assert offer.message.preview is None
    assert offer.message.buttons[0][0].url == links.digest("d2")


def test_a_page_tells_where_the_next_one_begins(w: Words, links: Links) -> None:
    page = (HIT, HIT)

    assert offered(Results(5, page), w, links).next == 2
    assert offered(Results(5, page), w, links, Asked("GLM", 2)).next == 4
    assert offered(Results(4, page), w, links, Asked("GLM", 2)).next is None
    assert offered(Results(2, page, more=True), w, links).next == 2
    assert offered(Results(9), w, links, Asked("GLM", 9)).next is None


def test_the_button_searches_for_the_same_words_in_private(w: Words, links: Links) -> None:
    some, none = offered(Results(1, (HIT,)), w, links), offered(Results(0), w, links)

    assert parse_start(some.start) == parse_start(none.start) == Search("GLM")
    count = w.plural("{n} story", "{n} stories", 1)
    assert some.button == f"{count} · {w('Search in our own chat')}"
    assert offered(Results(1, (HIT,)), w, links, Asked(" ")).button == w("Search in our own chat")
    assert none.button == w("Nothing found. Search in our own chat")


HITS = st.builds(
    Hit,
    digest_id=st.sampled_from(("d1", "x" * 60)),
    source=st.sampled_from(("a", "gone")),
    day=st.dates(date(2000, 1, 1)),
    digest_title=texts,
    section=texts,
    item_key=st.sampled_from(("", "k1")),
    title=texts,
    url=st.one_of(st.none(), urls),
    snippet=st.lists(st.tuples(texts, st.booleans()), max_size=5).map(tuple),
    topics=st.just(()),
)


@settings(max_examples=100, suppress_health_check=list(HealthCheck))
@given(hit=HITS, query=texts)
def test_any_offer_is_accepted(
    telegram_accepts: Judge, chinese: Words, links: Links, hit: Hit, query: str
) -> None:
    found = offered(Results(1, (hit,)), chinese, links, Asked(query))

    (offer,) = found.offers
    telegram_accepts(offer.message)
    assert offer.title
    assert units(offer.title + offer.description) < 300
    assert len(found.start) <= 64
