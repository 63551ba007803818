"""How a query says what it narrows to. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from bot.text.pieces import pieces

_DAYS = {"since", "until"}


def about(topic: str) -> str:
    """Narrow to a topic: by its hashtag, or in quotes where its name has blanks."""
    return f'tag:"{topic}"' if " " in topic else f"#{topic}"


def narrowed(query: str, topic: str) -> str:
    """Ask for the same, about a topic; an OR at the end has nothing to join it to."""
    said = list(pieces(query))
    while said and said[-1].is_either:
        said.pop()
    return " ".join([*(piece.text for piece in said), about(topic)])


def widened(query: str) -> Iterator[tuple[str, str]]:
    """Give each topic that a query narrows to, and what it is without that."""
    said = list(pieces(query))
    for at, piece in enumerate(said):
        rest = " ".join(other.text for other in said[:at] + said[at + 1 :])
        if piece.topic and not piece.minus and rest:
            yield piece.topic, rest


def at_any_time(query: str) -> str:
    """Ask for the same, whenever it was told."""
    return " ".join(piece.text for piece in pieces(query) if piece.key not in _DAYS)


def names_days(query: str) -> bool:
    """Tell whether a query narrows to some days."""
    return any(piece.key in _DAYS for piece in pieces(query))
