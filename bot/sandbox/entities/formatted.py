"""Turn what a bot sends into what its readers get."""

import re
from bisect import bisect_left
from copy import deepcopy
from functools import lru_cache

from bot.sandbox.entities.automatic import found
from bot.sandbox.entities.cleanup import cleaned, is_invisible, trimmed
from bot.sandbox.entities.given import given_entities, rechecked
from bot.sandbox.entities.html import parse_html
from bot.sandbox.entities.markdown_legacy import parse_markdown_legacy
from bot.sandbox.entities.markdown_v2 import parse_markdown_v2
from bot.sandbox.entities.model import PRE_CODE, Entity, EntityError, is_unicode
from bot.sandbox.entities.nesting import limited, merged

_PARSERS = {
    "html": parse_html,
    "markdownv2": parse_markdown_v2,
    "markdown": parse_markdown_legacy,
}
_WIDE = re.compile("[\U00010000-\U0010ffff]")


def formatted(
    text: str,
    parse_mode: str | None,
    entities: list[dict[str, object]] | None,
    *,
    allow_empty: bool = False,
) -> tuple[str, list[dict[str, object]]]:
    """Give the text as sent and its entities as the Bot API shows them.

    A caption may be empty, a message may not.
    """
    if not text:
        if allow_empty:
            return "", []
        raise EntityError("message text is empty")
    if not is_unicode(text):
        raise EntityError("strings must be encoded in UTF-8")
    if entities and (parse_mode or "none").lower() == "none":
        plain, marked = _finished(text, given_entities(text, entities))
    else:
        plain, marked = _parsed_again(text, (parse_mode or "none").lower())
    if not allow_empty and is_invisible(plain):
        raise EntityError("text must be non-empty")
    return plain, shown(plain, marked)


def parsed(text: str, mode: str) -> tuple[str, list[Entity]]:
    """Parse, clean and complete a text in the parse mode named in small letters."""
    if mode == "none":
        return _finished(text, [])
    parser = _PARSERS.get(mode)
    if not parser:
        raise EntityError("unsupported parse_mode")
    plain, marked = parser(text)
    return _finished(plain, rechecked(marked))


# A broadcast is one text for many chats.
_parsed_again = lru_cache(maxsize=256)(parsed)


def _finished(text: str, entities: list[Entity]) -> tuple[str, list[Entity]]:
    plain, marked = trimmed(*cleaned(text, entities))
    return plain, merged(limited(marked), found(plain))


def shown(text: str, entities: list[Entity]) -> list[dict[str, object]]:
    """Write entities in the Bot API's form, counted in UTF-16 units."""
    wide = [] if text.isascii() else [match.start() for match in _WIDE.finditer(text)]
    result = []
    for kind, begin, length, extra in entities:
        end = begin + length
        if wide:
            begin, end = begin + bisect_left(wide, begin), end + bisect_left(wide, end)
        name = "pre" if kind == PRE_CODE else kind
        fields = deepcopy(extra) if "user" in extra else extra
        result.append({"offset": begin, "length": end - begin, "type": name, **fields})
    return result
