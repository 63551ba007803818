"""Topics that are nearly called as somebody typed: opnai, deepsek, keling, 智普, 通义."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from difflib import SequenceMatcher
from itertools import islice

from bot.search.expression import topic_token
from bot.search.pinyin import reads_as
from bot.search.query import Topics
from bot.text.normalise import name_key

_MOST = 6
_LONGEST = 40
_SHORTEST_PART = 2
_ALIKE = 0.75


def near_topics(connection: sqlite3.Connection, name: str, topics: Topics) -> tuple[str, ...]:
    """Give the topics of the archive that *name* may mean, the likeliest first."""
    wanted = name_key(name)
    if not wanted or len(wanted) > _LONGEST:
        return ()
    found = (topic for topic in _likely(wanted, topics) if _occurs(connection, topic))
    return tuple(islice(found, _MOST))


def _likely(wanted: str, topics: Topics) -> Iterator[str]:
    likeness = {topic: _best(wanted, topic, topics) for topic in topics.names}
    near = (topic for topic in topics.names if likeness[topic] >= _ALIKE)
    yield from sorted(near, key=lambda topic: -likeness[topic])


def _best(wanted: str, topic: str, topics: Topics) -> float:
    return max(_likeness(wanted, name_key(name)) for name in topics.aliases(topic))


def _likeness(wanted: str, name: str) -> float:
    """Tell how alike two names are, from 0 to 1; a beginning or a reading is nearly the same."""
    if len(wanted) >= _SHORTEST_PART and name.startswith(wanted):
        return 1.0
    if len(wanted) >= _SHORTEST_PART and reads_as(name, wanted):
        return 0.95
    if len(name) >= _SHORTEST_PART and wanted.startswith(name):
        return 0.9
    matcher = SequenceMatcher(None, wanted, name, autojunk=False)
    return matcher.ratio() if matcher.real_quick_ratio() >= _ALIKE else 0.0


def _occurs(connection: sqlite3.Connection, topic: str) -> bool:
    query = "SELECT 1 FROM vocabulary WHERE term = ?"
    return connection.execute(query, (topic_token(topic),)).fetchone() is not None
