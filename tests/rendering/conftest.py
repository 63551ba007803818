"""Telegram's own parser as the judge of what is rendered."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable
from typing import Any, TypeAlias

import pytest
import tdjson

from bot.locale import Words, words
from bot.model import Message
from bot.rendering.links import Links

Entity: TypeAlias = dict[str, Any]
Judge: TypeAlias = Callable[[Message], str]

MARKDOWN_MARKS = str.maketrans(dict.fromkeys("*_~|`[]()", "x"))
TAG = re.compile(r"<(/?)([a-z]+)([^>]*)>")
QUOTES = ("BlockQuote", "ExpandableBlockQuote")


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


def utf16(text: str) -> bytes:
    return text.encode("utf-16-le")


def shown(entities: list[Entity], text: str) -> list[set[tuple[str, str]]]:
    """Give what is on each UTF-16 unit."""
    marks: list[set[tuple[str, str]]] = [set() for _ in range(len(utf16(text)) // 2)]
    for entity in entities:
        kind = entity["type"]["@type"].removeprefix("textEntityType")
        value = entity["type"].get("url") or entity["type"].get("language") or ""
        for at in range(entity["offset"], entity["offset"] + entity["length"]):
            marks[at].add((kind, value))
    return marks


def meant(source: str) -> list[set[tuple[str, str]]]:
    """Read the HTML independently: what each UTF-16 unit is meant to have."""
    marks: list[set[tuple[str, str]]] = []
    stack: list[tuple[str, str]] = []
    position = 0
    for tag in (*TAG.finditer(source), None):
        text = html.unescape(source[position : tag.start() if tag else None])
        marks.extend(_flat(stack) for _ in range(len(utf16(text)) // 2))
        if tag is None:
            break
        if tag[1]:
            stack.pop()
        else:
            stack.append(_mark(tag[2], tag[3], stack))
        position = tag.end()
    return marks


NAMES = {"b": "Bold", "i": "Italic", "s": "Strikethrough", "code": "Code", "pre": "Pre"}


def _mark(name: str, attributes: str, stack: list[tuple[str, str]]) -> tuple[str, str]:
    value = html.unescape(attributes.partition('="')[2].removesuffix('"'))
    if name == "a":
        return ("TextUrl", value)
    if name == "blockquote":
        return ("ExpandableBlockQuote" if "expandable" in attributes else "BlockQuote", "")
    if name == "code" and value:
        return ("PreCode", value.removeprefix("language-"))
    return (NAMES[name], "")


def _flat(stack: list[tuple[str, str]]) -> set[tuple[str, str]]:
    marks = set(stack)
    return marks - {("Pre", "")} if any(kind == "PreCode" for kind, _ in marks) else marks


@pytest.fixture(scope="session")
def telegram_accepts() -> Judge:
    """Give the judge: it returns the text as shown, or fails."""
    ask({"@type": "setLogVerbosityLevel", "new_verbosity_level": 0})
    return judged


def judged(message: Message) -> str:
    """Hold a message against Telegram's parser and limits."""
    parsed = parse(message.text)
    assert parsed["@type"] == "formattedText", parsed
    text: str = parsed["text"]
    assert text
    assert text == text.strip(), "blanks at the ends are cut off"
    assert len(utf16(text)) // 2 <= 4096
    kept = cleaned(parsed)
    assert kept["text"] == text.translate(MARKDOWN_MARKS), "characters are removed"
    assert len(kept["entities"]) <= 100
    assert len(parsed["entities"]) <= 100
    assert _without_urls(shown(kept["entities"], text)) == _without_urls(meant(message.text))
    _urls_are_kept(message.text, kept["entities"])
    _buttons_are_legal(message)
    return text


def _without_urls(marks: list[set[tuple[str, str]]]) -> list[set[tuple[str, str]]]:
    return [{(k, v if k == "PreCode" else "") for k, v in unit} for unit in marks]


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
