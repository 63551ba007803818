"""Find what Telegram links by itself: mentions, tags, commands, cards and addresses."""

import re
from collections.abc import Iterator
from itertools import takewhile

from bot.sandbox.entities.cards import find_cards
from bot.sandbox.entities.model import Entity
from bot.sandbox.entities.web import find_own_links, find_web_links

_MENTION = re.compile(r"@(?<!\w@)([A-Za-z0-9_]{2,32})(?!\w)")
_COMMAND = re.compile(r"/(?<![\w/<>]/)[A-Za-z0-9_]{1,64}+(?:@[A-Za-z0-9_]{3,32}+|(?!@))(?![\w/<>])")
_HASHTAG = re.compile("#([\\w\u200c\u00b7\u0d80-\u0dff]+)")
_CASHTAG = re.compile(
    r"\$(?:1INCH|[A-Z]{1,8}+)(?>(?:@[A-Za-z0-9_]{3,32}+(?![A-Za-z0-9_]))?)(?![A-Za-z0-9_$])"
)
_USERNAME = re.compile(r"@[A-Za-z0-9_]{3,32}")
_SHORT_USERNAMES = frozenset({"gif", "nft", "pic", "ufc", "vid"})
_LONGEST_TAG = 256
_ALSO_OF_TAGS = frozenset("_\u200c\u00b7") | set(map(chr, range(0x0D80, 0x0E00)))


def found(text: str) -> list[Entity]:
    """List what Telegram marks in a text without being told, none overlapping."""
    kept: list[Entity] = []
    end = 0
    for entity in sorted(_candidates(text), key=_order):
        if entity.offset >= end:
            end = entity.end
            kept.append(entity)
    return kept


def _order(entity: Entity) -> tuple[int, int]:
    return entity.offset, -entity.length


def _candidates(text: str) -> Iterator[Entity]:
    if "@" in text:
        yield from _mentions(text)
    if "/" in text:
        yield from _entities("bot_command", (match.span() for match in _COMMAND.finditer(text)))
    if "#" in text:
        yield from _entities("hashtag", _hashtags(text))
    if "$" in text:
        yield from _entities("cashtag", _cashtags(text))
    yield from _entities("bank_card_number", find_cards(text))
    if "://" in text:
        yield from _entities("url", find_own_links(text))
    if "." in text:
        yield from find_web_links(text)


def _entities(kind: str, spans: Iterator[tuple[int, int]]) -> Iterator[Entity]:
    return (Entity(kind, begin, end - begin) for begin, end in spans)


def _mentions(text: str) -> Iterator[Entity]:
    for match in _MENTION.finditer(text):
        if len(match[1]) >= 4 or match[1].lower() in _SHORT_USERNAMES:
            yield Entity("mention", match.start(), len(match[0]))


def _hashtags(text: str) -> Iterator[tuple[int, int]]:
    for match in _HASHTAG.finditer(text):
        begin = match.start()
        if _is_of_tag(text[begin - 1 : begin]):
            continue
        tag = "".join(takewhile(_is_of_tag, match[1]))
        end = begin + 1 + len(tag)
        kept_end = min(end, begin + 1 + _LONGEST_TAG)
        username = _USERNAME.match(text, end) if kept_end == end else None
        if username:
            kept_end = end = username.end()
        if any(map(str.isalpha, tag[:_LONGEST_TAG])) and not text.startswith("#", end):
            yield begin, kept_end


def _cashtags(text: str) -> Iterator[tuple[int, int]]:
    for match in _CASHTAG.finditer(text):
        begin, end = match.span()
        before = text[begin - 1 : begin]
        if before != "$" and not _is_of_tag(before) and not _is_of_tag(text[end : end + 1]):
            yield begin, end


def _is_of_tag(character: str) -> bool:
    if character.isalpha() or character.isdecimal():
        return True
    return character in _ALSO_OF_TAGS
