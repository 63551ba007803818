"""Parse the MarkdownV2 of `parse_mode`, as TDLib does."""

import re
from typing import NamedTuple, NoReturn

from bot.sandbox.entities.dates import date_format
from bot.sandbox.entities.fences import fence_language
from bot.sandbox.entities.links import checked_link, linked_emoji, linked_time, linked_user
from bot.sandbox.entities.model import NO_EXTRA, PRE_CODE, Entity, byte_offset, cannot_parse
from bot.sandbox.entities.ordering import in_order

_MARK = re.compile(r"[\\_*\[\]()~`>#+\-=|{}.!\n]")
_MARK_IN_CODE = re.compile(r"[\\`]")
_ADDRESS = re.compile(r"(?>(?:\\[\x01-\x7e]|[^)])*)")
_ESCAPED = re.compile(r"\\([\x01-\x7e])")
_CODE = ("code", "pre", PRE_CODE)
_OPENERS = {"*": "bold", "~": "strikethrough", "[": "text_link"}
_CLOSERS = {
    "bold": "*",
    "code": "`",
    "pre": "```",
    PRE_CODE: "```",
    "text_link": "]",
    "underline": "__",
    "strikethrough": "~",
    "spoiler": "||",
    "custom_emoji": "]",
}
_NAMES = {
    "bold": "Bold",
    "italic": "Italic",
    "code": "Code",
    "pre": "Pre",
    PRE_CODE: "PreCode",
    "text_link": "TextUrl",
    "underline": "Underline",
    "strikethrough": "Strikethrough",
    "spoiler": "Spoiler",
    "custom_emoji": "CustomEmoji",
    "blockquote": "BlockQuote",
}


class _Open(NamedTuple):
    kind: str
    offset: int
    position: int
    first_part: int
    extra: dict[str, object] = NO_EXTRA


def parse_markdown_v2(text: str) -> tuple[str, list[Entity]]:
    """Take the marks out of a text and tell what they marked."""
    return _Parser(text).parse()


class _Parser:
    """Walk from mark to mark, keeping what is open."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._parts: list[str] = []
        self._length = 0
        self._open: list[_Open] = []
        self._entities: list[Entity] = []
        self._in_quote = False
        self._may_quote = True

    def parse(self) -> tuple[str, list[Entity]]:
        """Read all of it; give the text and its entities."""
        self._walk()
        if self._in_quote:
            self._end_quote_with_text()
        if self._open:
            self._refuse_open()
        return "".join(self._parts), in_order(self._entities)

    def _walk(self) -> None:
        text, position = self._text, 0
        while position < len(text):
            in_code = self._open and self._open[-1].kind in _CODE
            mark = (_MARK_IN_CODE if in_code else _MARK).search(text, position)
            until = mark.start() if mark else len(text)
            if until > position:
                self._write(text[position:until])
            position = self._mark(until) if mark else until

    def _write(self, text: str) -> None:
        self._parts.append(text)
        self._length += len(text)
        if text != "\r" and text.strip("\r"):
            self._may_quote = False

    def _mark(self, position: int) -> int:
        mark = self._text[position]
        if mark == "\\":
            return self._escape(position)
        if self._is_end(mark, position):
            return self._end(mark, position)
        return self._begin(mark, position)

    def _escape(self, position: int) -> int:
        escaped = self._text[position + 1 : position + 2]
        if not "\x01" <= escaped <= "\x7e":
            self._write("\\")
            return position + 1
        self._write(escaped)
        if escaped == "\n":
            self._may_quote = True
        return position + 2

    def _is_end(self, mark: str, position: int) -> bool:
        if not self._open:
            return False
        if mark == "\n":
            return self._in_quote and self._text[position + 1 : position + 2] != ">"
        kind = self._open[-1].kind
        if kind == "italic":
            return mark == "_" and not self._text.startswith("__", position)
        closer = _CLOSERS.get(kind)
        return closer is not None and self._text.startswith(closer, position)

    def _begin(self, mark: str, position: int) -> int:
        if mark == "\n":
            self._write(mark)
            self._may_quote = True
            return position + 1
        if mark == ">" and self._may_quote:
            if not self._in_quote:
                self._in_quote = True
                self._push("blockquote", position)
            return position + 1
        if mark == "`":
            return self._begin_code(position)
        kind, width = self._opener(mark, position)
        self._push(kind, position)
        return position + width

    def _opener(self, mark: str, position: int) -> tuple[str, int]:
        if mark in _OPENERS:
            return _OPENERS[mark], 1
        pair = self._text[position : position + 2]
        if mark == "_":
            return ("underline", 2) if pair == "__" else ("italic", 1)
        if pair == "||":
            return "spoiler", 2
        if pair == "![":
            return "custom_emoji", 2
        return _refuse(
            f"Character '{mark}' is reserved and must be escaped with the preceding '\\'"
        )

    def _begin_code(self, position: int) -> int:
        if not self._text.startswith("```", position):
            self._push("code", position)
            return position + 1
        language, after = fence_language(self._text, position + 3)
        if language:
            self._push(PRE_CODE, position, {"language": language})
        else:
            self._push("pre", position)
        return after

    def _push(self, kind: str, position: int, extra: dict[str, object] = NO_EXTRA) -> None:
        self._open.append(_Open(kind, self._length, position, len(self._parts), extra))

    def _end(self, mark: str, position: int) -> int:
        if mark == "\n":
            return self._end_quote(position)
        opened = self._open[-1]
        if opened.kind in ("text_link", "custom_emoji"):
            return self._end_link(opened, position)
        self._close(opened, opened.kind, opened.extra)
        return position + len(_CLOSERS.get(opened.kind, "_"))

    def _close(self, opened: _Open, kind: str, extra: dict[str, object]) -> None:
        self._open.pop()
        if self._length > opened.offset:
            self._entities.append(Entity(kind, opened.offset, self._length - opened.offset, extra))

    def _end_quote(self, position: int) -> int:
        kind = "blockquote"
        if self._open[-1].kind != "blockquote":
            self._drop_expanding_mark(position)
            kind = "expandable_blockquote"
        self._write("\n")
        self._may_quote = True
        self._in_quote = False
        self._close(self._open[-1], kind, NO_EXTRA)
        return position + 1

    def _drop_expanding_mark(self, position: int) -> None:
        """Take a spoiler that was opened right before the end of a quote for what it means."""
        opened = self._open[-1]
        distance = position - opened.position
        after_return = distance == 3 and self._parts and self._parts[-1].endswith("\r")
        if opened.kind != "spoiler" or not (distance == 2 or after_return):
            self._refuse_open()
        self._open.pop()
        if self._open[-1].kind != "blockquote":
            self._refuse_open()

    def _end_quote_with_text(self) -> None:
        kind = "blockquote"
        last = self._open[-1]
        if last.kind == "spoiler" and last.position == len(self._text) - 2:
            self._open.pop()
            kind = "expandable_blockquote"
        if self._open[-1].kind == "blockquote":
            self._close(self._open[-1], kind, NO_EXTRA)

    def _end_link(self, opened: _Open, position: int) -> int:
        has_address = self._text.startswith("(", position + 1)
        if opened.kind == "custom_emoji":
            if not has_address:
                _refuse("The entity must contain a tg://emoji or tg://time URL")
            address, position = self._address(position + 2)
            self._close(opened, *_own_link(address))
            return position
        if has_address:
            address, position = self._address(position + 2)
        else:
            address, position = "".join(self._parts[opened.first_part :]), position + 1
        self._close_link(opened, address)
        return position

    def _address(self, begin: int) -> tuple[str, int]:
        match = _ADDRESS.match(self._text, begin)
        end = match.end() if match else begin
        if not self._text.startswith(")", end):
            _refuse(f"Can't find end of a URL at byte offset {byte_offset(self._text, begin)}")
        return _ESCAPED.sub(r"\1", self._text[begin:end]), end + 1

    def _close_link(self, opened: _Open, address: str) -> None:
        user = linked_user(address)
        link = "" if user else checked_link(address)
        if user:
            self._close(opened, "text_mention", {"user": {"id": user}})
        elif link:
            self._close(opened, "text_link", {"url": link})
        else:
            self._open.pop()

    def _refuse_open(self) -> NoReturn:
        opened = self._open[-1]
        at = byte_offset(self._text, opened.position)
        _refuse(f"Can't find end of {_NAMES[opened.kind]} entity at byte offset {at}")


def _own_link(address: str) -> tuple[str, dict[str, object]]:
    emoji = linked_emoji(address)
    if emoji:
        return "custom_emoji", {"custom_emoji_id": str(emoji)}
    unix_time, written = linked_time(address) or (0, "")
    shape = date_format(written)
    if not unix_time or shape is None:
        _refuse("Invalid tg://emoji or tg://time URL specified")
    return "date_time", {"unix_time": unix_time, "date_time_format": shape}


def _refuse(reason: str) -> NoReturn:
    raise cannot_parse(reason)
