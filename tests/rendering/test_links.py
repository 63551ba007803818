"""Deep links and what comes back of them."""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.rendering.callbacks import Contents, ItemPage, Search
from bot.rendering.links import Links, Subscribe, parse_start

LINKS = Links("@digest_bot")
START = re.compile(r"https://t\.me/digest_bot\?start=([A-Za-z0-9_-]{1,64})")
IDS = st.from_regex(r"[A-Za-z0-9_-]{1,40}", fullmatch=True)
KEYS = st.from_regex(r"[A-Za-z0-9_-]{1,12}", fullmatch=True)


def followed(link: str) -> object:
    """Press a link, as Telegram does."""
    match = START.fullmatch(link)
    assert match, link
    return parse_start(match[1])


@given(IDS)
def test_a_digest_link_leads_to_its_digest(digest: str) -> None:
    assert followed(LINKS.digest(digest)) == Contents(digest)


@given(IDS, KEYS)
def test_an_item_link_leads_to_its_item(digest: str, key: str) -> None:
    assert followed(LINKS.item(digest, key)) == ItemPage(digest, key)


@pytest.mark.parametrize("key", ["x" * 60, "键", "a b", ""])
def test_an_item_that_no_link_can_name_is_reached_by_its_digest(key: str) -> None:
    assert LINKS.item("d1", key) == LINKS.digest("d1")


@given(st.text("智谱GLM-4.7 é😀", max_size=15))
def test_a_short_query_comes_back_whole(query: str) -> None:
    found = followed(LINKS.search(query))

    assert isinstance(found, Search)
    assert query.strip().startswith(found.query)
    assert found.query == query.strip() or len(query.encode()) > 46


@given(st.text(max_size=5000))
@example("\ud800")
@example("x" * 5000)
def test_any_query_makes_a_link_that_can_be_read(query: str) -> None:
    assert isinstance(followed(LINKS.search(query)), Search)


def test_a_long_query_is_cut_between_words() -> None:
    assert followed(LINKS.search("word " * 20)) == Search(("word " * 9).rstrip())


@pytest.mark.parametrize(
    "payload",
    ["", "x", "d_", "i_x", "i0_ab", "i9_ab", "i2_ab", "s_!", "s_gA", "s_Y", "d_" + "x" * 63],
)
def test_anything_else_is_none(payload: str) -> None:
    assert parse_start(payload) is None


@given(st.text(max_size=80))
def test_any_text_is_read_without_an_error(payload: str) -> None:
    parse_start(payload)


def test_sharing_escapes_address_and_text() -> None:
    assert LINKS.share("https://e.com/?a=1&b=2", "a & b") == (
        "https://t.me/share/url?url=https%3A%2F%2Fe.com%2F%3Fa%3D1%26b%3D2&text=a%20%26%20b"
    )


def test_a_subscription_is_reached_by_link() -> None:
    assert followed(LINKS.subscribe()) == Subscribe()
