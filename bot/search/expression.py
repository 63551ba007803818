"""A query in the language of FTS5. Pure.

Nothing that a person typed reaches FTS5 as syntax: only quoted phrases of the index's words,
and those hold letters, digits, ``+`` and ``#`` alone.
"""

from __future__ import annotations

from collections.abc import Iterable

from bot.search.phrases import Part, Phrase
from bot.search.query import Query, Term
from bot.text.normalise import normalise

# Begins with a digit and goes on with letters, as no word of a text does.
EVERYTHING = "0all"


def topic_token(topic: str) -> str:
    """Name a topic in the index."""
    return "0t" + topic.encode(errors="replace").hex()


def topic_of(token: str) -> str:
    """Read the name of a topic back."""
    return bytes.fromhex(token[2:]).decode()


def source_token(source: str) -> str:
    """Name a source in the index, so that its beginnings find it."""
    return "0s" + normalise(source).encode().hex()


def expression(query: Query) -> str:
    """Write a query for MATCH; one without words matches everything."""
    found = _all([_words(query), *_narrowing(query)])
    unwanted = [*map(_term, query.excluded), *_unwanted(query)]
    return f"({found}) NOT {_any(unwanted)}" if unwanted else found


def in_title(found: str) -> str:
    """Let an expression match titles alone."""
    return f"{{title title_camel}} : ({found})"


def _words(query: Query) -> str:
    if not query.clauses:
        return _facet(EVERYTHING)
    clauses = [_any(map(_term, clause)) for clause in query.clauses]
    found = _any([_all([*clauses, *_neighbours(query)]), *map(_part, query.aliases)])
    return in_title(found) if query.in_title else found


def _neighbours(query: Query) -> list[str]:
    """Match nothing else, but let the words next to each other count for more."""
    phrases = [part[0] for clause in query.clauses for part in clause[0].parts]
    if len(phrases) < 2 or any(len(clause) > 1 or clause[0].aliases for clause in query.clauses):
        return []
    together = Phrase(
        tuple(atom for phrase in phrases for atom in phrase.atoms), prefix=phrases[-1].prefix
    )
    return [_any([_phrase(together), _part(query.clauses[0][0].parts[0])])]


def _term(term: Term) -> str:
    return _any([_all(map(_part, term.parts)), *map(_part, term.aliases)])


def _part(part: Part) -> str:
    return _any(map(_phrase, part))


def _phrase(phrase: Phrase) -> str:
    return f'"{" ".join(phrase.words)}"' + (" *" if phrase.is_open else "")


def _narrowing(query: Query) -> list[str]:
    return [
        *map(_family, query.topics),
        *(_facet(source_token(source), begins=True) for source in query.sources),
    ]


def _unwanted(query: Query) -> list[str]:
    return [
        *map(_family, query.excluded_topics),
        *(_facet(source_token(source), begins=True) for source in query.excluded_sources),
    ]


def _family(topics: Iterable[str]) -> str:
    return _any(_facet(topic_token(topic)) for topic in topics)


def _facet(token: str, *, begins: bool = False) -> str:
    return f'facets : "{token}"' + (" *" if begins else "")


def _all(expressions: Iterable[str]) -> str:
    return "(" + " AND ".join(expressions) + ")"


def _any(expressions: Iterable[str]) -> str:
    return "(" + " OR ".join(expressions) + ")"
