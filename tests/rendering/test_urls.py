"""Addresses: what we take for a link, Telegram takes too, and keeps as it is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.model import Message
from bot.rendering.rich import Kind, Rich, html, wrapped
from bot.rendering.urls import acceptable, host, mail_address
from tests.rendering.conftest import Judge
from tests.strategies import URLS

WORDS = """
http https tg :// : / ? # @ [ ] % %20 . .. a example.com EXAMPLE 例子 é _ - 80 0 99999
" < & \\ user resolve = 1.2.3.4 ::1 ! 😀
"""
PIECES = st.sampled_from([*WORDS.split(), " ", "\n", "\u200d", "\u00a0", "\u2028"])


@given(st.one_of(st.sampled_from(URLS), st.lists(PIECES, max_size=12).map("".join)))
def test_telegram_keeps_every_address_that_we_take(telegram_accepts: Judge, url: str) -> None:
    for one in (url, f"https://{url}", f"https://example.com/{url}"):
        target = acceptable(one)
        if target:
            telegram_accepts(Message(html(wrapped(Rich("words"), Kind.LINK, target))))


@pytest.mark.parametrize(
    ("url", "kept"),
    [
        (" https://Example.com ", "https://example.com/"),
        ("HTTPS://example.com?a=1", "https://example.com/?a=1"),
        ("https://example.com:8080/a", "https://example.com:8080/a"),
        ("https://example.com/a b", "https://example.com/a%20b"),
        ("https://例子.中国/路径", "https://例子.中国/路径"),
        ("tg://resolve?domain=example", "tg://resolve?domain=example"),
    ],
)
def test_addresses_are_given_as_telegram_keeps_them(url: str, kept: str) -> None:
    assert acceptable(url) == kept


@pytest.mark.parametrize(
    "url",
    [
        "",
        "#",
        "/relative",
        "example.com",
        "javascript:alert(1)",
        "ftp://example.com/",
        "https://",
        "https://nohost/",
        "https://example.com:0/",
        "https://example.com:65536/",
        "https://someone@example.com/",
        "tg://user?id=1",
        "mailto:a@example.com",
        "https://example.com/" + "x" * 2048,
    ],
)
def test_other_addresses_are_none(url: str) -> None:
    assert acceptable(url) is None


def test_sites_are_named_for_people() -> None:
    assert host("https://www.Example.com:80/path") == "example.com"
    assert host("tg://resolve?domain=a%20b") == "tg://resolve?domain=a b"


def test_addresses_for_mail_are_found() -> None:
    assert mail_address("mailto:a.b+c@example.com?subject=x") == "a.b+c@example.com"
    assert mail_address("mailto:nobody") is None
