"""Answers to searches, and topics."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.locale import Words
from bot.model import Also, Hit, Results
from bot.rendering.callbacks import Day, Open, Search, Topic, Topics, Weeks
from bot.rendering.links import Links
from bot.rendering.results import Found, results_page, topic_cloud, topic_page
from tests.rendering.conftest import Judge
from tests.rendering.walking import targets
from tests.strategies import texts, urls

DAY = date(2026, 1, 2)
TITLES = {"a": "Daily", "b": "Hub"}


def hit(number: int = 1, url: str | None = "https://example.com/", key: str | None = None) -> Hit:
    """Make a hit."""
    places = (Also("d2", "b", DAY, "k"), Also("d3", "a", date(2026, 1, 3), "k"))
    return Hit(
        digest_id="d1",
        source="a",
        day=DAY,
        digest_title="Digest",
        section="Section",
        item_key=f"k{number}" if key is None else key,
        title=f"Title {number}",
        url=url,
        snippet=(("before ", False), ("GLM", True), (" <after>", False)),
        topics=("智谱", "OpenAI") if number == 1 else ("智谱",),
        also_on=places if number == 1 else (),
    )


def found(question: Search | Topic, *hits: Hit, total: int = 0, in_group: bool = False) -> Found:
    """Make a page of results."""
    return Found(question, Results(total or len(hits), hits), TITLES, in_group)


def test_a_hit_has_title_day_snippet_and_where_else_it_stands(
    telegram_accepts: Judge, w: Words, links: Links
) -> None:
    message = results_page(found(Search("GLM"), hit(), total=23), w, links)

    also = w(
        "also: {places}", places=f"Hub {w.short_day(DAY)}{w(', ')}{w.short_day(date(2026, 1, 3))}"
    )
    assert telegram_accepts(message).split("\n") == [
        f"GLM · {w.plural('{n} story', '{n} stories', 23)}",
        "",
        "1. Title 1",
        f"Daily · {w.day(DAY)} · {also}",
        "before GLM <after>",
    ]
    assert '<a href="https://example.com/"><b>Title 1</b></a>' in message.text
    assert "before <b>GLM</b> &lt;after&gt;" in message.text


RIGHT_TO_LEFT = "אנגלית"


@pytest.mark.parametrize("question", [Search(RIGHT_TO_LEFT), Topic(RIGHT_TO_LEFT)])
def test_what_runs_from_right_to_left_is_set_apart(
    telegram_accepts: Judge, w: Words, links: Links, question: Search | Topic
) -> None:
    page = results_page if isinstance(question, Search) else topic_page
    answer = Found(question, Results(1, (hit(),)), {"a": "Daily", "b": RIGHT_TO_LEFT})

    heading, *_, places = telegram_accepts(page(answer, w, links)).split("\n")[:4]

    name = RIGHT_TO_LEFT if isinstance(question, Search) else f"#{RIGHT_TO_LEFT}"
    assert heading.startswith(f"\u2068{name}\u2069 · ")
    assert f"\u2068{RIGHT_TO_LEFT}\u2069 {w.short_day(DAY)}" in places


def test_stories_are_numbered_on_over_pages(w: Words, links: Links) -> None:
    hits = [hit(number) for number in range(2, 7)]
    message = results_page(found(Search("GLM", 1), *hits, total=23), w, links)

    assert [button.text for button in message.buttons[0]] == ["6", "7", "8", "9", "10"]
    assert [button.text for button in message.buttons[1]] == ["‹", "2/5", "›"]
    assert {Search("GLM", 0), Search("GLM", 2), Open("d1", "k2")} <= set(targets(message))


def test_a_query_too_long_for_a_button_goes_on_inline(
    telegram_accepts: Judge, w: Words, links: Links
) -> None:
    query = "大模型 国家标准 " * 10
    message = results_page(found(Search(query), hit(), total=23), w, links)

    telegram_accepts(message)
    assert message.buttons[1][0].text == w("More results")
    assert query.startswith(message.buttons[1][0].query or "-")


def test_a_long_query_with_one_page_needs_no_button(w: Words, links: Links) -> None:
    message = results_page(found(Search("word " * 30), hit(2)), w, links)

    assert len(message.buttons) == 1


def test_a_group_reads_on_in_the_private_chat(w: Words, links: Links) -> None:
    message = results_page(found(Search("GLM"), hit(2), in_group=True), w, links)

    assert message.buttons[0][0].url == links.item("d1", "k2")


def test_in_a_group_snippets_are_folded(w: Words, links: Links) -> None:
    message = results_page(found(Search("GLM"), hit(2), in_group=True), w, links)

    snippet = message.text.partition("<blockquote expandable>")[2]
    assert "<b>GLM</b>" in snippet.partition("</blockquote>")[0]


def test_a_headline_without_a_story_leads_to_its_digest(w: Words, links: Links) -> None:
    one = hit(2, url=None, key="")
    private = results_page(found(Search("GLM"), one), w, links)
    group = results_page(found(Search("GLM"), one, in_group=True), w, links)

    assert Open("d1") in targets(private)
    assert group.buttons[0][0].url == links.digest("d1")
    assert f'<a href="{links.digest("d1")}">' in private.text


@pytest.mark.parametrize("query", ["GLM", "GLM OR", "GLM 或 |", "GLM NOT"])
def test_a_search_is_narrowed_by_the_topics_of_its_first_stories(
    query: str, w: Words, links: Links
) -> None:
    topics = ("GLM", "OpenAI", "Hugging Face")
    many = Found(Search(query), Results(1, (hit(),), topics=topics), TITLES)
    message = results_page(many, w, links)

    narrowed = [Search("GLM #OpenAI"), Search('GLM tag:"Hugging Face"')]
    assert list(targets(message))[-2:] == narrowed
    assert message.buttons[-1][0].text == "+ #OpenAI"


@pytest.mark.parametrize(
    ("query", "wider"),
    [
        ("GLM #OpenAI", ["GLM"]),
        ('tag:"Hugging Face" GLM #OpenAI', ['tag:"Hugging Face" GLM']),
        ("#OpenAI #GLM", ["#OpenAI"]),
        ("#OpenAI", []),
        ("GLM -#OpenAI", []),
        ("GLM NOT #OpenAI", []),
        ("GLM OR #OpenAI", []),
        ("#智谱 OR #OpenAI GLM", []),
    ],
)
def test_a_search_is_widened_by_the_topic_that_narrowed_it_last(
    query: str, wider: list[str], w: Words, links: Links
) -> None:
    message = results_page(found(Search(query), hit(2)), w, links)

    assert list(targets(message))[1:] == [Search(words) for words in wider]
    assert [one.text[:3] for one in message.buttons[-1]] == (["✕ #"] if wider else ["1"])


def test_a_long_answer_is_narrowed_to_the_last_days_and_widened_again(
    w: Words, links: Links
) -> None:
    many = Results(23, (hit(2),), newest=date(2026, 1, 8))
    long = Found(Search("GLM"), many, TITLES, today=date(2026, 1, 14))
    narrowed = found(Search("GLM since:2026-01-08"), hit(2), total=9)
    short = Found(Search("GLM"), Results(1, (hit(2),)), TITLES, today=date(2026, 1, 14))

    offered = results_page(long, w, links).buttons[-1]
    assert [one.text for one in offered] == [w("Last {n} days", n=7), w("Last {n} days", n=30)]
    assert list(targets(results_page(long, w, links)))[-2:] == [
        Search("GLM since:2026-01-08"),
        Search("GLM since:2025-12-16"),
    ]
    assert list(targets(results_page(narrowed, w, links)))[-1] == Search("GLM")
    assert results_page(short, w, links).buttons[-1][0].text == "1"


def test_no_days_are_offered_on_which_there_is_nothing(w: Words, links: Links) -> None:
    old = Results(23, (hit(2),), newest=date(2026, 1, 7))
    message = results_page(Found(Search("GLM"), old, TITLES, today=date(2026, 1, 14)), w, links)

    assert [one.text for one in message.buttons[-1]] == [w("Last {n} days", n=30)]


@pytest.mark.parametrize(
    "query",
    [
        'GLM since:"last friday" “a b”',
        "Since:2026-01-08 GLM “a b”",
        "GLM since：昨天 until：今天 “a b”",
        'GLM until:2026-01 "a b"',
    ],
)
def test_any_time_leaves_the_other_words_as_they_are(query: str, w: Words, links: Links) -> None:
    message = results_page(found(Search(query), hit(2), total=9), w, links)

    assert message.buttons[-1][0].text == w("Any time")
    assert list(targets(message))[-1] == Search('GLM "a b"')


def test_days_alone_have_nothing_to_be_widened_to(w: Words, links: Links) -> None:
    message = results_page(found(Search("since:2026-01-08"), hit(2), total=9), w, links)

    assert Search("") not in targets(message)


def test_more_than_was_counted_is_said(w: Words, links: Links) -> None:
    many = Found(Search("a"), Results(2000, (hit(),), (), more=True), TITLES)

    assert w("more than {n} stories", n=w.number(2000)) in results_page(many, w, links).text


@pytest.mark.parametrize("question", [Search("zhipu"), Topic("zhipu")])
def test_nothing_found_offers_what_can_be_found(
    telegram_accepts: Judge, w: Words, links: Links, question: Search | Topic
) -> None:
    nothing = Found(question, Results(0, (), ("智谱", "x" * 99)), TITLES)
    page = results_page if isinstance(question, Search) else topic_page

    message = page(nothing, w, links)

    assert w("Nothing found for “{query}”.", query="zhipu") in telegram_accepts(message)
    searched = [Search("zhipu")] if isinstance(question, Topic) else []
    assert list(targets(message)) == [type(question)("智谱"), *searched]


def test_nothing_found_and_nothing_to_offer_is_said_plainly(w: Words, links: Links) -> None:
    nothing = Found(Search("<b>"), Results(0), TITLES, today=DAY)
    message = results_page(nothing, w, links)

    assert list(targets(message)) == [Day(DAY), Topics()]
    assert "&lt;b&gt;" in message.text


def test_what_no_button_can_hold_is_not_asked_about(w: Words, links: Links) -> None:
    nothing = Found(Search("x"), Results(0, (), ("x" * 99, "智" * 65)), TITLES, today=DAY)

    message = results_page(nothing, w, links)

    assert w("Did you mean one of these?") not in message.text
    assert list(targets(message)) == [Day(DAY), Topics()]


def test_a_suggestion_too_long_for_a_button_is_asked_inline(
    telegram_accepts: Judge, w: Words, links: Links
) -> None:
    best = "智谱 " * 10 + "开源"
    message = results_page(Found(Search("x"), Results(0, (), (best, "智谱")), TITLES), w, links)

    telegram_accepts(message)
    assert [one.query for one in message.buttons[0]] == [best, None]
    assert list(targets(message)) == [Search("智谱")]


@pytest.mark.parametrize("question", [Search("GLM"), Topic("GLM")])
def test_nothing_found_while_the_archive_is_read_may_be_found_later(
    w: Words, links: Links, question: Search | Topic
) -> None:
    page = results_page if isinstance(question, Search) else topic_page
    later = w("I am just reading the archive anew: please ask again in a minute.")

    assert later in page(Found(question, Results(0), TITLES, is_early=True), w, links).text
    assert later not in page(Found(question, Results(0), TITLES), w, links).text


def test_words_that_name_a_day_offer_it_too(w: Words, links: Links) -> None:
    some = Found(Search("昨天"), Results(1, (hit(2),)), TITLES, day=DAY)
    nothing = Found(Search("昨天"), Results(0, suggestions=("昨", "天")), TITLES, day=DAY)

    assert list(targets(results_page(some, w, links))) == [Open("d1", "k2"), Day(DAY)]
    assert list(targets(results_page(nothing, w, links))) == [Day(DAY), Topics()]


def test_a_topic_shows_its_stories_and_its_relations(
    telegram_accepts: Judge, w: Words, links: Links
) -> None:
    results = Results(1, (hit(2),), topics=("Anthropic", "Claude Code"))
    message = topic_page(Found(Topic("Claude Code"), results, TITLES), w, links)

    assert telegram_accepts(message).startswith("#Claude_Code · ")
    assert list(targets(message)) == [
        Open("d1", "k2"),
        Topic("Anthropic"),
        Weeks("Claude Code"),
        Topics(),
    ]


def test_the_cloud_shows_the_most_frequent_topics_first(telegram_accepts: Judge, w: Words) -> None:
    message = topic_cloud({"OpenAI": 3, "智谱": 1200, "...": 1}, w, ["OpenAI"])

    text = telegram_accepts(message)
    assert "#智谱\u00a01,200 · #OpenAI\u00a03 · ...\u00a01" in text
    assert text.endswith(w("Rising: {topics}", topics="OpenAI"))
    assert next(targets(message)) == Topic("智谱")


def test_the_cloud_is_smaller_in_a_group(w: Words) -> None:
    counts = {f"topic {number}": 9 for number in range(30)}
    private, group = topic_cloud(counts, w), topic_cloud(counts, w, in_group=True)

    assert len(list(targets(private))) == 2 * len(list(targets(group))) == 24


def test_what_rises_can_be_opened_also_where_it_is_rare(w: Words, links: Links) -> None:
    frequent = {f"topic {number}": 9 for number in range(30)}
    message = topic_cloud(frequent | {"智谱": 3}, w, ["topic 1", "智谱"])

    assert list(targets(message)).count(Topic("topic 1")) == 1
    assert list(targets(message))[-1] == Topic("智谱")


def test_what_rises_is_listed_as_its_language_does(chinese: Words) -> None:
    text = topic_cloud({"OpenAI": 3}, chinese, ["OpenAI", RIGHT_TO_LEFT]).text

    assert text.endswith(f"升温：OpenAI、\u2068{RIGHT_TO_LEFT}\u2069")


def test_a_cloud_without_topics_says_so(telegram_accepts: Judge, w: Words) -> None:
    assert w("There are none yet.") in telegram_accepts(topic_cloud({}, w))


HITS = st.builds(
    Hit,
    digest_id=st.just("d1"),
    source=st.sampled_from(("a", "gone")),
    day=st.dates(date(2000, 1, 1)),
    digest_title=texts,
    section=texts,
    item_key=st.sampled_from(("", "k1")),
    title=texts,
    url=st.one_of(st.none(), urls),
    snippet=st.lists(st.tuples(texts, st.booleans()), max_size=5).map(tuple),
    topics=st.lists(texts, max_size=3).map(tuple),
    also_on=st.lists(
        st.builds(Also, texts, texts, st.dates(date(2000, 1, 1)), texts), max_size=5
    ).map(tuple),
)


@settings(max_examples=100, suppress_health_check=list(HealthCheck))
@given(
    hits=st.lists(HITS, max_size=6).map(tuple),
    query=texts,
    page=st.integers(0, 20),
    suggestions=st.lists(texts, max_size=8).map(tuple),
    in_group=st.booleans(),
)
def test_any_answer_is_accepted(
    telegram_accepts: Judge,
    chinese: Words,
    links: Links,
    hits: tuple[Hit, ...],
    query: str,
    page: int,
    suggestions: tuple[str, ...],
    *,
    in_group: bool,
) -> None:
    results = Results(len(hits) * 30, hits, suggestions, topics=suggestions)
    titles = {"a": query}
    searched = Found(Search(query, page), results, titles, in_group)
    asked = Found(Topic(query, page), results, titles, in_group)

    telegram_accepts(results_page(searched, chinese, links))
    telegram_accepts(topic_page(asked, chinese, links))
    telegram_accepts(topic_cloud(dict.fromkeys(suggestions, 1), chinese, suggestions))
