"""How a query says what it narrows to. Pure."""

from __future__ import annotations


def about(topic: str) -> str:
    """Narrow to a topic: by its hashtag, or in quotes where its name has blanks."""
    return f'tag:"{topic}"' if " " in topic else f"#{topic}"
