"""Parse the HTML of `parse_mode`, as TDLib does."""

import re
from typing import NamedTuple

from bot.sandbox.entities.dates import date_format
from bot.sandbox.entities.links import checked_link, linked_user
from bot.sandbox.entities.model import NO_EXTRA, PRE_CODE, Entity, EntityError, byte_offset
from bot.sandbox.entities.numbers import ascii_lower, lenient_int32, strict_int64
from bot.sandbox.entities.ordering import in_order

_KINDS = (
    dict.fromkeys(("b", "strong"), "bold")
    | dict.fromkeys(("i", "em"), "italic")
    | dict.fromkeys(("u", "ins"), "underline")
    | dict.fromkeys(("s", "strike", "del"), "strikethrough")
    | dict.fromkeys(("tg-spoiler", "span"), "spoiler")
)
_TAGS = _KINDS.keys() | {"a", "tg-emoji", "tg-time", "pre", "code", "blockquote"}

# A zero byte ends a tag like the end of the text does; the parser appends one as a sentinel.
_SPACE = r"[ \t\r\n\0\v]"
# Nearly all that a text is made of; the rest needs a closer look.
_PLAIN_TAGS = "b|i|u|s|a|code|pre|blockquote|strong|em"
_PIECE = re.compile(rf"([^<&\0]+)|</({_PLAIN_TAGS})>|<({_PLAIN_TAGS})>|<a href=\"([^\"&\0]*)\">")
_REFERENCE = re.compile(r"&(?:#(?:x([0-9a-fA-F]*)|([0-9]*))|([a-zA-Z]*));?")
_NAME = re.compile(r"[^ \t\r\n\0\v>]*")
_BLANKS = re.compile(r"[ \t\r\n\v]*")
_ATTRIBUTE = re.compile(r"[^ \t\r\n\0\v=>/\"']*")
_TOKEN = re.compile(r"[a-zA-Z0-9.\-]*")
_VALUES = {quote: re.compile(rf"[^{quote}\0]*") for quote in "'\""}
_NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
_SURROGATE = re.compile(r"[\ud800-\udfff]")


class _Open(NamedTuple):
    tag: str
    argument: str
    date: int
    offset: int


def parse_html(text: str) -> tuple[str, list[Entity]]:
    """Take the tags out of a text and tell what they marked."""
    return _Parser(text).parse()


def decode_reference(text: str, position: int) -> tuple[str, int] | None:
    """Read the character reference at a position: what it stands for, and where it ends."""
    match = _REFERENCE.match(text, position)
    if not match or match[3] == "":
        return None
    hexadecimal, decimal, name = match.groups()
    if name:
        character = _NAMED.get(name)
        return (character, match.end()) if character else None
    digits = hexadecimal or decimal
    if not digits or match.end(match.lastindex or 0) - position >= 10:
        return None
    code = int(digits, 16 if hexadecimal else 10)
    return (chr(code), match.end()) if 0 < code < 0x10FFFF else None


class _Parser:
    """Walk from mark to mark, keeping what is open."""

    def __init__(self, text: str) -> None:
        self._text = text + "\0"
        self._parts: list[str] = []
        self._length = 0
        self._open: list[_Open] = []
        self._entities: list[Entity] = []

    def parse(self) -> tuple[str, list[Entity]]:
        self._walk()
        if self._open:
            tag = self._open[-1].tag
            raise _refusal(f'Can\'t find end tag corresponding to start tag "{tag}"')
        result = "".join(self._parts)
        if _SURROGATE.search(result):
            raise _refusal(
                "Text contains invalid Unicode characters after decoding HTML entities, "
                "check for unmatched surrogate code units"
            )
        entities = [_without_language(entity) for entity in self._entities]
        return result, in_order(entities)

    def _walk(self) -> None:
        text, position, end = self._text, 0, len(self._text) - 1
        while position < end:
            piece = _PIECE.match(text, position)
            if not piece:
                position = self._mark(position)
                continue
            plain, closed, opened, link = piece.groups()
            position = piece.end()
            if plain:
                self._write(plain)
            elif closed:
                self._end(closed, piece.start())
            else:
                self._open.append(_Open(opened or "a", link or "", 0, self._length))

    def _mark(self, position: int) -> int:
        if self._text[position] == "&":
            reference = decode_reference(self._text, position)
            character, after = reference or ("&", position + 1)
            self._write(character)
            return after
        if self._text[position] == "\0":
            self._write("\0")
            return position + 1
        if self._text[position + 1] == "/":
            return self._end_tag(position)
        return self._start_tag(position)

    def _write(self, text: str) -> None:
        self._parts.append(text)
        self._length += len(text)

    def _at(self, position: int) -> str:
        return f"at byte offset {byte_offset(self._text, position)}"

    def _start_tag(self, begin: int) -> int:
        text = self._text
        name = _NAME.match(text, begin + 1)
        position = name.end() if name else begin + 1
        if text[position] == "\0":
            raise _refusal(f"Unclosed start tag {self._at(begin)}")
        tag = ascii_lower(text[begin + 1 : position])
        if tag not in _TAGS:
            raise _refusal(f'Unsupported start tag "{tag}" {self._at(begin)}')
        argument, date = "", 0
        if text[position] != ">":
            argument, date, position = self._attributes(tag, begin, position)
        if tag == "span" and argument != "spoiler":
            raise _refusal(f'Tag "span" must have class "tg-spoiler" {self._at(begin)}')
        self._open.append(_Open(tag, argument, date, self._length))
        return position + 1

    def _attributes(self, tag: str, begin: int, position: int) -> tuple[str, int, int]:
        argument, date = "", 0
        while True:
            position = self._skip_blanks(position)
            if self._text[position] == ">":
                return argument, date, position
            name, value, position = self._attribute(tag, begin, position)
            if tag == "tg-time" and name == "unix":
                date = lenient_int32(value or "")
            else:
                argument = _argument(tag, name, value, argument)

    def _skip_blanks(self, position: int) -> int:
        blanks = _BLANKS.match(self._text, position)
        return blanks.end() if blanks else position

    def _attribute(self, tag: str, begin: int, position: int) -> tuple[str, str | None, int]:
        match = _ATTRIBUTE.match(self._text, position)
        name = match[0] if match else ""
        if not name:
            raise _refusal(f'Empty attribute name in the tag "{tag}" {self._at(begin)}')
        position = self._skip_blanks(position + len(name))
        if self._text[position] not in "=\0":
            return name, None, position
        if self._text[position] == "=":
            position = self._skip_blanks(position + 1)
        if self._text[position] == "\0":
            raise _refusal(f'Unclosed start tag "{tag}" {self._at(begin)}')
        value, position = self._value(position)
        if self._text[position] == "\0":
            raise _refusal(f"Unclosed start tag {self._at(begin)}")
        return name, value, position

    def _value(self, position: int) -> tuple[str, int]:
        quote = self._text[position]
        if quote in "'\"":
            return self._quoted(quote, position + 1)
        match = _TOKEN.match(self._text, position)
        token = match[0] if match else ""
        after = position + len(token)
        if self._text[after] not in " \t\r\n\0\v>":
            raise _refusal(f"Unexpected end of name token {self._at(position)}")
        return ascii_lower(token), after

    def _quoted(self, quote: str, position: int) -> tuple[str, int]:
        match = _VALUES[quote].match(self._text, position)
        value = match[0] if match else ""
        after = position + len(value)
        if "&" in value:
            value = _decoded(value)
        return value, after + (self._text[after] == quote)

    def _end_tag(self, begin: int) -> int:
        if not self._open:
            raise _refusal(f"Unexpected end tag {self._at(begin)}")
        match = _NAME.match(self._text, begin + 2)
        found = ascii_lower(match[0]) if match else ""
        position = self._skip_blanks(begin + 2 + len(found))
        if self._text[position] != ">":
            raise _refusal(f"Unclosed end tag {self._at(begin)}")
        self._end(found or self._open[-1].tag, begin)
        return position + 1

    def _end(self, tag: str, begin: int) -> None:
        if not self._open:
            raise _refusal(f"Unexpected end tag {self._at(begin)}")
        opened = self._open.pop()
        if tag != opened.tag:
            raise _refusal(
                f'Unmatched end tag {self._at(begin)}, expected "</{opened.tag}>", found "</{tag}>"'
            )
        if self._length > opened.offset:
            self._close(opened)

    def _close(self, opened: _Open) -> None:
        kind = _KINDS.get(opened.tag)
        if kind:
            self._add(opened, kind)
        elif opened.tag == "a":
            self._close_link(opened)
        elif opened.tag == "pre":
            self._close_pre(opened)
        elif opened.tag == "code":
            self._close_code(opened)
        elif opened.tag == "blockquote":
            self._add(opened, "expandable_blockquote" if opened.argument else "blockquote")
        else:
            self._close_own(opened)

    def _add(self, opened: _Open, kind: str, extra: dict[str, object] = NO_EXTRA) -> None:
        entity = Entity(kind, opened.offset, self._length - opened.offset, extra)
        self._entities.append(entity)

    def _close_link(self, opened: _Open) -> None:
        link = opened.argument or "".join(self._parts)[opened.offset :]
        user = linked_user(link)
        if user:
            self._add(opened, "text_mention", {"user": {"id": user}})
            return
        link = checked_link(link)
        if link:
            self._add(opened, "text_link", {"url": link})

    def _close_own(self, opened: _Open) -> None:
        if opened.tag == "tg-emoji":
            emoji = strict_int64(opened.argument)
            if not emoji:
                raise _refusal("Invalid custom emoji identifier specified")
            self._add(opened, "custom_emoji", {"custom_emoji_id": str(emoji)})
            return
        written = date_format(opened.argument)
        if written is None:
            raise _refusal("Invalid date format used")
        if opened.date > 0:
            extra: dict[str, object] = {"unix_time": opened.date, "date_time_format": written}
            self._add(opened, "date_time", extra)

    def _close_pre(self, opened: _Open) -> None:
        inner = self._just_filled(opened, "code")
        if inner and inner.extra:
            self._entities[-1] = inner._replace(kind=PRE_CODE)
        else:
            self._add(opened, "pre")

    def _close_code(self, opened: _Open) -> None:
        language: dict[str, object] = {"language": opened.argument} if opened.argument else NO_EXTRA
        inner = self._just_filled(opened, "pre")
        if inner and language:
            self._entities[-1] = inner._replace(kind=PRE_CODE, extra=language)
        else:
            self._add(opened, "code", language)

    def _just_filled(self, opened: _Open, kind: str) -> Entity | None:
        if not self._entities:
            return None
        last = self._entities[-1]
        span = (opened.offset, self._length - opened.offset)
        return last if last.kind == kind and (last.offset, last.length) == span else None


def _refusal(reason: str) -> EntityError:
    return EntityError(f"can't parse entities: {reason}")


def _decoded(value: str) -> str:
    def character(match: re.Match[str]) -> str:
        reference = decode_reference(value, match.start())
        return reference[0] if reference else match[0]

    return _REFERENCE.sub(character, value)


def _argument(tag: str, name: str, value: str | None, argument: str) -> str:
    if tag == "blockquote" and name == "expandable":
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


def _without_language(entity: Entity) -> Entity:
    return entity._replace(extra=NO_EXTRA) if entity.kind == "code" else entity
