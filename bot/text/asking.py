"""How a query says what it narrows to. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from bot.text.pieces import Piece, pieces

_DAYS = {"since", "until"}


def about(topic: str) -> str:
    """Narrow to a topic: by its hashtag, or in quotes where its name has blanks."""
    return f'tag:"{topic}"' if " " in topic else f"#{topic}"


def within(days: str) -> str:
    """Narrow to a day, or to those of a week, a month or a year."""
    named = f'"{days}"' if " " in days else days
    return f"since:{named} until:{named}"


def narrowed(query: str, topic: str) -> str:
    """Ask for the same, about a topic, to which an OR or a NOT at the end does not belong."""
    said = list(pieces(query))
    while said and _concerns_the_next(said[-1]):
        said.pop()
    return " ".join([*(piece.text for piece in said), about(topic)])


def widened(query: str) -> Iterator[tuple[str, str]]:
    """Give each topic that a query narrows to, and what it is without that."""
    said = list(pieces(query))
    for at, piece in enumerate(said):
        before, after = said[:at], said[at + 1 :]
        rest = " ".join(other.text for other in before + after)
        narrows = not (piece.minus or any(map(_concerns_the_next, before[-1:] + after[:1])))
        if piece.topic and narrows and rest:
            yield piece.topic, rest


def _concerns_the_next(piece: Piece) -> bool:
    return piece.is_either or piece.is_not


def at_any_time(query: str) -> str:
    """Ask for the same, whenever it was told."""
    return " ".join(piece.text for piece in pieces(query) if piece.key not in _DAYS)


def names_days(query: str) -> bool:
    """Tell whether a query narrows to some days."""
    return any(piece.key in _DAYS for piece in pieces(query))
