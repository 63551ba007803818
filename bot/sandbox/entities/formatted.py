"""Turn what a bot sends into what its readers get."""

from bot.sandbox.entities.automatic import found
from bot.sandbox.entities.cleanup import cleaned, is_invisible, trimmed
from bot.sandbox.entities.given import given_entities, rechecked
from bot.sandbox.entities.html import parse_html
from bot.sandbox.entities.markdown_legacy import parse_markdown_legacy
from bot.sandbox.entities.markdown_v2 import parse_markdown_v2
from bot.sandbox.entities.model import PRE_CODE, Entity, EntityError
from bot.sandbox.entities.nesting import merged

_PARSERS = {
    "html": parse_html,
    "markdownv2": parse_markdown_v2,
    "markdown": parse_markdown_legacy,
}


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
    plain, marked = trimmed(*cleaned(*_parsed(text, parse_mode, entities)))
    if is_invisible(plain):
        if allow_empty:
            return plain, shown(plain, marked)
        raise EntityError("text must be non-empty")
    return plain, shown(plain, merged(marked, found(plain)))


def _parsed(
    text: str, parse_mode: str | None, entities: list[dict[str, object]] | None
) -> tuple[str, list[Entity]]:
    mode = (parse_mode or "none").lower()
    if mode == "none":
        return text, given_entities(text, entities or [])
    parser = _PARSERS.get(mode)
    if not parser:
        raise EntityError("unsupported parse_mode")
    plain, marked = parser(text)
    return plain, rechecked(marked)


def shown(text: str, entities: list[Entity]) -> list[dict[str, object]]:
    """Write entities in the Bot API's form, counted in UTF-16 units."""
    at = _utf16_offsets(text)
    result = []
    for kind, offset, length, extra in entities:
        end = offset + length
        begin, end = (at[offset], at[end]) if at else (offset, end)
        name = "pre" if kind == PRE_CODE else kind
        result.append({"offset": begin, "length": end - begin, "type": name, **extra})
    return result


def _utf16_offsets(text: str) -> list[int] | None:
    """Count where each character begins; None where a character is always one unit."""
    if text.isascii() or max(text) <= "\uffff":
        return None
    offsets = [0]
    for character in text:
        offsets.append(offsets[-1] + 1 + (character > "\uffff"))
    return offsets
