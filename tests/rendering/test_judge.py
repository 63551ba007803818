"""The judge: it fails what Telegram would refuse, cut or change."""

from __future__ import annotations

import pytest

from bot.model import Button, Message
from tests.rendering.conftest import Judge

FAULTS = {
    "an open tag": "<b>text",
    "an unknown tag": "<p>text</p>",
    "nothing": "",
    "blanks at the end": "text\n",
    "too long": "x" * 4097,
    "too long in UTF-16 units": "😀" * 2049,
    "too many entities": "<b>x</b> " * 101 + "end",
    "code in bold": "<b><code>x</code></b>",
    "a link that is dropped": '<a href="javascript:x">text</a>',
    "a link that is changed": '<a href="mailto:a@example.com">text</a>',
    "a character that is removed": "te\u202ext",
    "a quote in a quote": "<blockquote>a<blockquote>b</blockquote></blockquote>",
}


@pytest.mark.parametrize("text", FAULTS.values(), ids=FAULTS.keys())
def test_a_fault_of_the_text_is_found(telegram_accepts: Judge, text: str) -> None:
    with pytest.raises(AssertionError):
        telegram_accepts(Message(text))


@pytest.mark.parametrize(
    "rows",
    [
        ((Button("", data="x"),),),
        ((Button("x"),),),
        ((Button("x", data="x", url="https://example.com"),),),
        ((Button("x", data="x" * 65),),),
        ((),),
        ((Button("x", data="x"),) * 9,),
        ((Button("x", data="x"),) * 8,) * 13,
    ],
)
def test_a_fault_of_the_buttons_is_found(
    telegram_accepts: Judge, rows: tuple[tuple[Button, ...], ...]
) -> None:
    with pytest.raises(AssertionError):
        telegram_accepts(Message("text", rows))


def test_what_is_right_is_accepted(telegram_accepts: Judge) -> None:
    assert telegram_accepts(Message("<b>a &lt; b</b>", ((Button("x", data="x"),),))) == "a < b"
