"""Parse the HTML of `parse_mode`, as TDLib does."""

import re
from typing import NamedTuple

from bot.sandbox.entities.dates import date_format
from bot.sandbox.entities.html_tags import (
    KINDS,
    NAME,
    at,
    decode_reference,
    end_of,
    read_start_tag,
    skip_blanks,
)
from bot.sandbox.entities.links import checked_link, linked_user
from bot.sandbox.entities.model import NO_EXTRA, PRE_CODE, Entity, cannot_parse, is_unicode
from bot.sandbox.entities.numbers import ascii_lower, strict_int64
from bot.sandbox.entities.ordering import in_order

# Nearly all that a text is made of; the rest needs a closer look.
_PLAIN_TAGS = "b|i|u|s|a|code|pre|blockquote|strong|em"
_PIECE = re.compile(rf"([^<&\0]+)|</({_PLAIN_TAGS})>|<({_PLAIN_TAGS})>|<a href=\"([^\"&\0]*)\">")


class _Open(NamedTuple):
    tag: str
    argument: str
    date: int
    offset: int
    first_part: int


def parse_html(text: str) -> tuple[str, list[Entity]]:
    """Take the tags out of a text and tell what they marked."""
    return _Parser(text).parse()


class _Parser:
    """Walk from mark to mark, keeping what is open."""

    def __init__(self, text: str) -> None:
        self._text = text + "\0"
        self._parts: list[str] = []
        self._length = 0
        self._open: list[_Open] = []
        self._entities: list[Entity] = []

    def parse(self) -> tuple[str, list[Entity]]:
        """Read all of it; give the text and its entities."""
        self._walk()
        if self._open:
            tag = self._open[-1].tag
            raise cannot_parse(f'Can\'t find end tag corresponding to start tag "{tag}"')
        result = "".join(self._parts)
        if not is_unicode(result):
            raise cannot_parse(
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
                self._push(opened or "a", link or "", 0)

    def _mark(self, position: int) -> int:
        mark = self._text[position]
        if mark == "<":
            is_end = self._text[position + 1] == "/"
            return self._end_tag(position) if is_end else self._start_tag(position)
        reference = decode_reference(self._text, position)
        character, after = reference or (mark, position + 1)
        self._write(character)
        return after

    def _write(self, text: str) -> None:
        self._parts.append(text)
        self._length += len(text)

    def _start_tag(self, begin: int) -> int:
        name, argument, date, end = read_start_tag(self._text, begin)
        self._push(name, argument, date)
        return end

    def _push(self, tag: str, argument: str, date: int) -> None:
        self._open.append(_Open(tag, argument, date, self._length, len(self._parts)))

    def _end_tag(self, begin: int) -> int:
        if not self._open:
            raise cannot_parse(f"Unexpected end tag {at(self._text, begin)}")
        name_end = end_of(NAME, self._text, begin + 2)
        position = skip_blanks(self._text, name_end)
        if self._text[position] != ">":
            raise cannot_parse(f"Unclosed end tag {at(self._text, begin)}")
        found = ascii_lower(self._text[begin + 2 : name_end])
        self._end(found or self._open[-1].tag, begin)
        return position + 1

    def _end(self, tag: str, begin: int) -> None:
        if not self._open:
            raise cannot_parse(f"Unexpected end tag {at(self._text, begin)}")
        opened = self._open.pop()
        if tag != opened.tag:
            raise cannot_parse(
                f'Unmatched end tag {at(self._text, begin)}, expected "</{opened.tag}>", '
                f'found "</{tag}>"'
            )
        if self._length > opened.offset:
            self._close(opened)

    def _close(self, opened: _Open) -> None:
        match opened.tag:
            case "a":
                self._close_link(opened)
            case "pre":
                self._close_pre(opened)
            case "code":
                self._close_code(opened)
            case "blockquote":
                self._add(opened, "expandable_blockquote" if opened.argument else "blockquote")
            case "tg-emoji":
                self._close_emoji(opened)
            case "tg-time":
                self._close_time(opened)
            case tag:
                self._add(opened, KINDS[tag])

    def _add(self, opened: _Open, kind: str, extra: dict[str, object] = NO_EXTRA) -> None:
        entity = Entity(kind, opened.offset, self._length - opened.offset, extra)
        self._entities.append(entity)

    def _close_link(self, opened: _Open) -> None:
        link = opened.argument or "".join(self._parts[opened.first_part :])
        user = linked_user(link)
        if user:
            self._add(opened, "text_mention", {"user": {"id": user}})
            return
        link = checked_link(link)
        if link:
            self._add(opened, "text_link", {"url": link})

    def _close_emoji(self, opened: _Open) -> None:
        emoji = strict_int64(opened.argument)
        if not emoji:
            raise cannot_parse("Invalid custom emoji identifier specified")
        self._add(opened, "custom_emoji", {"custom_emoji_id": str(emoji)})

    def _close_time(self, opened: _Open) -> None:
        written = date_format(opened.argument)
        if written is None:
            raise cannot_parse("Invalid date format used")
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


def _without_language(entity: Entity) -> Entity:
    return entity._replace(extra=NO_EXTRA) if entity.kind == "code" else entity
