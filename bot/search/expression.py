"""A query in the language of FTS5. Pure.

Nothing that a person typed reaches FTS5 as syntax: only quoted phrases of the index's words,
and those hold letters, digits, ``+`` and ``#`` alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from bot.search.common import COMMON, character
from bot.search.phrases import Part, Phrase, lone_character
from bot.search.query import Query, Term
from bot.text.normalise import normalise

Clause: TypeAlias = tuple[Term, ...]
_Character: TypeAlias = Callable[[Part], str]


class Expression(Struct, frozen=True):
    """What to ask the words and the common characters for; empty: for nothing.

    *telling* are those of the words that say how well a story matches: single characters say
    little, and FTS5 merges the lists of all the pairs that they begin, for each of them anew.
    *neighbours* matches nothing else: a story counts for more where the words stand together.
    *either_words* or *either_characters* must be matched besides, where there are any.
    """

    words: str
    telling: str
    characters: str
    unwanted_words: str
    unwanted_characters: str
    neighbours: str
    either_words: str
    either_characters: str

    @property
    def found_words(self) -> str:
        """Say in one expression what the words must match, if anything."""
        return self._without(self.words)

    @property
    def scored_words(self) -> str:
        """Say what makes a story count for more; it may match more than is found."""
        told = self._without(self.telling)
        return f"({told}) OR {self.neighbours}" if self.neighbours else told

    @property
    def by_words(self) -> Expression:
        """Ask for the words alone that tell how well a story matches."""
        return replace(
            self,
            words=self.telling,
            characters="",
            unwanted_characters="",
            either_words="",
            either_characters="",
        )

    def _without(self, words: str) -> str:
        return f"{words} NOT {self.unwanted_words}" if words and self.unwanted_words else words


def topic_token(topic: str) -> str:
    """Name a topic in the index: no word of a text begins with a digit and goes on with letters."""
    return "0t" + topic.encode(errors="replace").hex()


def topic_of(token: str) -> str:
    """Read the name of a topic back."""
    return bytes.fromhex(token[2:]).decode()


def source_token(source: str) -> str:
    """Name a source in the index, so that its beginnings find it."""
    return "0s" + normalise(source).encode().hex()


def expression(query: Query) -> Expression:
    """Write a query for MATCH."""
    mixed = next(filter(_is_mixed, query.clauses), ())
    rest = replace(query, clauses=tuple(clause for clause in query.clauses if clause != mixed))
    return Expression(
        words=_all([*_words(rest, _common), *_narrowing(query)]),
        telling=_all([*_words(rest, lone_character), *_narrowing(query)]),
        characters=_all(_characters(rest)),
        unwanted_words=_any(
            [*(_term(term) for term in query.excluded if not _is_common(term)), *_unwanted(query)]
        ),
        unwanted_characters=_any(
            _quoted(_common(term.parts[0])) for term in query.excluded if _is_common(term)
        ),
        neighbours=_neighbours(query),
        either_words=_either_words(mixed, query),
        either_characters=_any(
            _character(term.parts[0], query) for term in mixed if _is_common(term)
        ),
    )


def in_title(found: str) -> str:
    """Let an expression match titles alone."""
    return f"{{title title_camel}} : ({found})"


def _words(query: Query, left_out: _Character) -> list[str]:
    clauses = [*filter(None, (_clause(clause, query, left_out) for clause in query.clauses))]
    if not clauses:
        return []
    return [_where(_any([_all(clauses), *map(_part, query.aliases)]), query)]


def _where(found: str, query: Query) -> str:
    return in_title(found) if query.in_title else found


def _clause(clause: Clause, query: Query, left_out: _Character) -> str:
    if query.aliases:
        return _any(map(_term, clause))
    if all(_is_one(term, left_out) for term in clause):
        return ""
    if _is_all_of(clause):
        return _all(_part(part) for part in clause[0].parts if not left_out(part))
    return _any(map(_term, clause))


def _characters(query: Query) -> Iterator[str]:
    """Write which common characters must occur besides the words."""
    for clause in () if query.aliases else query.clauses:
        if all(map(_is_common, clause)):
            yield _any(_character(term.parts[0], query) for term in clause)
        elif _is_all_of(clause):
            yield from (_character(part, query) for part in clause[0].parts if _common(part))


def _character(part: Part, query: Query) -> str:
    return _quoted(character(_common(part), in_title=query.in_title))


def _either_words(mixed: Clause, query: Query) -> str:
    found = _any(_term(term) for term in mixed if not _is_common(term))
    return _where(found, query) if found else ""


def _is_mixed(clause: Clause) -> bool:
    """Tell whether a common character or words are enough: both are cheap, but only apart."""
    return any(map(_is_common, clause)) and not all(map(_is_common, clause))


def _is_all_of(clause: Clause) -> bool:
    """Tell whether all parts of a clause must occur, so that they can be looked up apart."""
    return len(clause) == 1 and not clause[0].aliases


def _is_common(term: Term) -> bool:
    return _is_one(term, _common)


def _is_one(term: Term, character_of: _Character) -> bool:
    return len(term.parts) == 1 and not term.aliases and bool(character_of(term.parts[0]))


def _common(part: Part) -> str:
    """Give the common character that is all of a part, if it is one."""
    text = lone_character(part)
    return text if text in COMMON else ""


def _neighbours(query: Query) -> str:
    """Match the words next to each other."""
    parts = [part for clause in query.clauses for part in clause[0].parts]
    phrases = [part[0] for part in parts]
    if (
        len(phrases) < 2
        or lone_character(parts[-1])
        or any(len(clause) > 1 or clause[0].aliases for clause in query.clauses)
    ):
        return ""
    atoms = tuple(atom for phrase in phrases for atom in phrase.atoms)
    return _where(_phrase(Phrase(atoms, prefix=phrases[-1].prefix)), query)


def _term(term: Term) -> str:
    return _any([_all(map(_part, term.parts)), *map(_part, term.aliases)])


def _part(part: Part) -> str:
    return _any(map(_phrase, part))


def _phrase(phrase: Phrase) -> str:
    return _quoted(" ".join(phrase.words)) + (" *" if phrase.is_open else "")


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
    return _quoted(token) + (" *" if begins else "")


def _quoted(words: str) -> str:
    return f'"{words}"'


def _all(expressions: Iterable[str]) -> str:
    return _joined(" AND ", expressions)


def _any(expressions: Iterable[str]) -> str:
    return _joined(" OR ", expressions)


def _joined(by: str, expressions: Iterable[str]) -> str:
    joined = by.join(expressions)
    return f"({joined})" if joined else ""
