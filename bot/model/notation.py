"""How a chat and an hour are written, in the settings and in a source's own file."""

from __future__ import annotations

import re
from datetime import time
from typing import NamedTuple

_TARGET = re.compile(r"(@[A-Za-z][A-Za-z0-9_]{3,31}|-?[0-9]{1,19})(?:/([0-9]{1,10}))?")
_TIME = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)")
# Telegram refuses the number of the topic "General": it is the chat itself.
_GENERAL = 1


class TargetName(NamedTuple):
    """A chat to push to, ``@name`` or an id, and a forum topic of it; 0 is the chat itself."""

    chat: str
    thread_id: int


def parse_target(text: str) -> TargetName:
    """Read ``@name``, ``-100123`` or either with ``/thread``.

    Raises:
        ValueError: saying what a chat looks like.
    """
    match = _TARGET.fullmatch(text.strip())
    if not match:
        raise ValueError(f"{text!r} is no chat: write @name or a numeric id, /thread for a topic")
    thread_id = int(match[2] or 0)
    return TargetName(match[1], 0 if thread_id == _GENERAL else thread_id)


def parse_push_at(text: str) -> time | None:
    """Read ``HH:MM``, or ``now`` as None.

    Raises:
        ValueError: saying what a time looks like.
    """
    if text.strip().lower() == "now":
        return None
    match = _TIME.fullmatch(text.strip())
    if not match:
        raise ValueError(f"{text!r} is no time: write HH:MM such as 08:00, or now")
    return time(int(match[1]), int(match[2]))
