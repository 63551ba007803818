"""Telegram's own parser as the judge of what is rendered."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable
from itertools import pairwise
from typing import Any, TypeAlias

import pytest
import tdjson

from bot.locale import Words, words
from bot.model import Message
from bot.rendering.links import Links

Mark: TypeAlias = tuple[str, str]
Stretch: TypeAlias = tuple[int, int, set[Mark]]
Entity: TypeAlias = dict[str, Any]
Judge: TypeAlias = Callable[[Message], str]

MARKDOWN_MARKS = str.maketrans(dict.fromkeys("*_~|`[]()", "x"))
TAG = re.compile(r"<(/?)([a-z]+)([^>]*)>")


def ask(request: dict[str, Any]) -> dict[str, Any]:
    """Ask TDLib, offline."""
    answer: dict[str, Any] = json.loads(tdjson.td_execute(json.dumps(request).encode()) or b"")
    return answer


def parse(text: str) -> dict[str, Any]:
    """Parse as the server does on sendMessage."""
    mode = {"@type": "textParseModeHTML"}
    return ask({"@type": "parseTextEntities", "text": text, "parse_mode": mode})


def cleaned(parsed: dict[str, Any]) -> dict[str, Any]:
    """Apply the clean-up that the server applies next; its Markdown is masked, one for one."""
    masked = {**parsed, "text": parsed["text"].translate(MARKDOWN_MARKS)}
    return ask({"@type": "parseMarkdown", "text": masked})


def units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def shown(entities: list[Entity], text: str) -> list[Stretch]:
    """Give what is on each stretch of the text, in UTF-16 units."""
    spans = []
    for entity in entities:
        kind = entity["type"]["@type"].removeprefix("textEntityType")
        mark = (kind, entity["type"].get("language", ""))
        spans.append((entity["offset"], entity["offset"] + entity["length"], mark))
    return flattened(spans, units(text))


def meant(source: str) -> list[Stretch]:
    """Read the HTML independently: what each stretch of the text is meant to have."""
    spans: list[tuple[int, int, Mark]] = []
    opened: list[tuple[int, Mark]] = []
    position = offset = 0
    for tag in TAG.finditer(source):
        offset += units(html.unescape(source[position : tag.start()]))
        position = tag.end()
        if tag[1]:
            start, mark = opened.pop()
            spans.append((start, offset, mark))
        else:
            opened.append((offset, _mark(tag[2], tag[3])))
    assert not opened
    offset += units(html.unescape(source[position:]))
    return flattened(spans, offset)


def flattened(spans: list[tuple[int, int, Mark]], length: int) -> list[Stretch]:
    """Cut at all borders, and join neighbours with the same marks."""
    borders = sorted({0, length, *(at for start, end, _ in spans for at in (start, end))})
    stretches: list[Stretch] = []
    for start, end in pairwise(borders):
        marks = {mark for first, last, mark in spans if first <= start and end <= last}
        if any(kind == "PreCode" for kind, _ in marks):
            marks.discard(("Pre", ""))
        if stretches and stretches[-1][2] == marks:
            stretches[-1] = (stretches[-1][0], end, marks)
        else:
            stretches.append((start, end, marks))
    return stretches


NAMES = {"b": "Bold", "i": "Italic", "s": "Strikethrough", "code": "Code", "pre": "Pre"}


def _mark(name: str, attributes: str) -> Mark:
    value = html.unescape(attributes.partition('="')[2].removesuffix('"'))
    if name == "a":
        return ("TextUrl", "")
    if name == "blockquote":
        return ("ExpandableBlockQuote" if "expandable" in attributes else "BlockQuote", "")
    if name == "code" and value:
        return ("PreCode", value.removeprefix("language-"))
    return (NAMES[name], "")


@pytest.fixture(scope="session")
def telegram_accepts() -> Judge:
    """Give the judge: it returns the text as shown, or fails."""
    quiet()
    return judged


def quiet() -> None:
    """Keep TDLib from logging each request."""
    ask({"@type": "setLogVerbosityLevel", "new_verbosity_level": 0})


def judged(message: Message) -> str:
    """Hold a message against Telegram's parser and limits."""
    parsed = parse(message.text)
    assert parsed["@type"] == "formattedText", parsed
    text: str = parsed["text"]
    assert text
    assert text == text.strip(), "blanks at the ends are cut off"
    assert units(text) <= 4096
    kept = cleaned(parsed)
    assert kept["text"] == text.translate(MARKDOWN_MARKS), "characters are removed"
    assert len(kept["entities"]) <= 100
    assert len(parsed["entities"]) <= 100
    assert shown(kept["entities"], text) == meant(message.text)
    _urls_are_kept(message.text, kept["entities"])
    kinds = [entity["type"]["@type"] for entity in kept["entities"]]
    assert message.text.count("<blockquote") == sum(kind.endswith("BlockQuote") for kind in kinds)
    _buttons_are_legal(message)
    return text


def _urls_are_kept(source: str, entities: list[Entity]) -> None:
    urls = [html.unescape(match) for match in re.findall(r'<a href="([^"]*)">', source)]
    kept = [e["type"]["url"] for e in entities if e["type"]["@type"] == "textEntityTypeTextUrl"]
    assert urls == kept


def _buttons_are_legal(message: Message) -> None:
    buttons = [button for row in message.buttons for button in row]
    assert len(buttons) <= 100
    assert all(0 < len(row) <= 8 for row in message.buttons)
    for button in buttons:
        assert button.text.strip()
        assert [button.url, button.data, button.query].count(None) == 2
        assert 0 < len((button.data or "x").encode()) <= 64
        assert len((button.query or "").encode("utf-8")) <= 256


@pytest.fixture(scope="session", params=["zh-CN", "en"])
def w(request: pytest.FixtureRequest) -> Words:
    """Give the words of each language in turn."""
    return words(request.param)


@pytest.fixture(scope="session")
def links() -> Links:
    """Give the links of a bot."""
    return Links("digest_sandbox_bot")


@pytest.fixture(scope="session")
def chinese() -> Words:
    """Give the words that most people will see."""
    return words("zh-CN")
