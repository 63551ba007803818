"""Read the start tags of HTML, with TDLib's words for what is wrong."""

import re
from typing import NamedTuple

from bot.sandbox.entities.model import byte_offset, cannot_parse
from bot.sandbox.entities.numbers import ascii_lower, lenient_int32

KINDS = (
    dict.fromkeys(("b", "strong"), "bold")
    | dict.fromkeys(("i", "em"), "italic")
    | dict.fromkeys(("u", "ins"), "underline")
    | dict.fromkeys(("s", "strike", "del"), "strikethrough")
    | dict.fromkeys(("tg-spoiler", "span"), "spoiler")
)
# A zero byte ends a tag like the end of the text does; the parser appends one as a sentinel.
NAME = re.compile(r"[^ \t\r\n\0\v>]*")

_TAGS = KINDS.keys() | {"a", "tg-emoji", "tg-time", "pre", "code", "blockquote"}
_BLANKS = re.compile(r"[ \t\r\n\v]*")
_ATTRIBUTE = re.compile(r"[^ \t\r\n\0\v=>/\"']*")
_TOKEN = re.compile(r"[a-zA-Z0-9.\-]*")
_VALUES = {quote: re.compile(rf"[^{quote}\0]*") for quote in "'\""}
_REFERENCE = re.compile(r"&(?:#(?:x([0-9a-fA-F]*)|([0-9]*))|([a-zA-Z]*));?")
_NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
_LONGEST_REFERENCE = 9
_HIGHEST = 0x10FFFF


class StartTag(NamedTuple):
    """Hold what a start tag says, and where it ends."""

    name: str
    argument: str
    date: int
    end: int


def read_start_tag(text: str, begin: int) -> StartTag:
    """Read the start tag that begins at a position."""
    name_end = end_of(NAME, text, begin + 1)
    if text[name_end] == "\0":
        raise cannot_parse(f"Unclosed start tag {at(text, begin)}")
    name = ascii_lower(text[begin + 1 : name_end])
    if name not in _TAGS:
        raise cannot_parse(f'Unsupported start tag "{name}" {at(text, begin)}')
    tag = _Attributes(text, begin, name).read(name_end)
    if name == "span" and tag.argument != "spoiler":
        raise cannot_parse(f'Tag "span" must have class "tg-spoiler" {at(text, begin)}')
    return tag


def at(text: str, position: int) -> str:
    """Say where in a text something is wrong."""
    return f"at byte offset {byte_offset(text, position)}"


def end_of(pattern: re.Pattern[str], text: str, position: int) -> int:
    """Tell how far a pattern reaches from a position."""
    match = pattern.match(text, position)
    return match.end() if match else position


def skip_blanks(text: str, position: int) -> int:
    """Go over blanks inside of a tag."""
    return end_of(_BLANKS, text, position)


def decode_reference(text: str, position: int) -> tuple[str, int] | None:
    """Read the character reference at a position: what it stands for, and where it ends."""
    match = _REFERENCE.match(text, position)
    if not match or match[3] == "":
        return None
    hexadecimal, decimal, name = match.groups()
    if name:
        return (_NAMED[name], match.end()) if name in _NAMED else None
    digits = hexadecimal or decimal
    if not digits or len(match[0].rstrip(";")) > _LONGEST_REFERENCE:
        return None
    code = int(digits, 16 if hexadecimal else 10)
    return (chr(code), match.end()) if 0 < code < _HIGHEST else None


class _Attributes:
    """Go through the attributes of one tag."""

    def __init__(self, text: str, begin: int, tag: str) -> None:
        self._text = text
        self._begin = begin
        self._tag = tag

    def read(self, position: int) -> StartTag:
        """Read the attributes of a tag up to its end."""
        argument, date = "", 0
        while True:
            position = skip_blanks(self._text, position)
            if self._text[position] == ">":
                return StartTag(self._tag, argument, date, position + 1)
            name, value, position = self._attribute(position)
            if (self._tag, name) == ("tg-time", "unix"):
                date = lenient_int32(value or "")
            else:
                argument = _argument(self._tag, name, value, argument)

    def _attribute(self, position: int) -> tuple[str, str | None, int]:
        text = self._text
        name_end = end_of(_ATTRIBUTE, text, position)
        name = text[position:name_end]
        if not name:
            where = at(text, self._begin)
            raise cannot_parse(f'Empty attribute name in the tag "{self._tag}" {where}')
        position = skip_blanks(text, name_end)
        if text[position] not in "=\0":
            return name, None, position
        if text[position] == "=":
            position = skip_blanks(text, position + 1)
        if text[position] == "\0":
            raise cannot_parse(f'Unclosed start tag "{self._tag}" {at(text, self._begin)}')
        value, position = self._value(position)
        if text[position] == "\0":
            raise cannot_parse(f"Unclosed start tag {at(text, self._begin)}")
        return name, value, position

    def _value(self, position: int) -> tuple[str, int]:
        text = self._text
        if text[position] in "'\"":
            return self._quoted(text[position], position + 1)
        after = end_of(_TOKEN, text, position)
        if text[after] not in " \t\r\n\0\v>":
            raise cannot_parse(f"Unexpected end of name token {at(text, position)}")
        return ascii_lower(text[position:after]), after

    def _quoted(self, quote: str, position: int) -> tuple[str, int]:
        after = end_of(_VALUES[quote], self._text, position)
        value = self._text[position:after]
        if "&" in value:
            value = _REFERENCE.sub(_decoded, value)
        return value, after + (self._text[after] == quote)


def _decoded(match: re.Match[str]) -> str:
    reference = decode_reference(match[0], 0)
    return reference[0] if reference else match[0]


def _argument(tag: str, name: str, value: str | None, argument: str) -> str:
    if (tag, name) == ("blockquote", "expandable"):
        return "1"
    if value is None:
        return argument
    if (tag, name) in (("a", "href"), ("tg-emoji", "emoji-id"), ("tg-time", "format")):
        return value
    if (tag, name) == ("code", "class") and value.startswith("language-"):
        return value[9:]
    if (tag, name) == ("span", "class") and value.startswith("tg-"):
        return value[3:]
    return argument
