"""A query in the language of FTS5. Pure.

Nothing that a person typed reaches FTS5 as syntax: only quoted phrases of the index's words,
and those hold letters, digits, ``+`` and ``#`` alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import chain
from typing import TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from bot.search.common import COMMON, character
from bot.search.phrases import Part, Phrase, lone_character
from bot.search.query import Query, SourceName, Term
from bot.text.normalise import normalise

Clause: TypeAlias = tuple[Term, ...]
_Character: TypeAlias = Callable[[Part], str]

_TITLE = "title title_camel"
_USUAL_TOPICS = 512


class Expression(Struct, frozen=True):
    """What to ask the words and the common characters for; empty: for nothing.

    *either_words* or *either_characters* must be matched besides, where there are any.
    """

    words: str
    characters: str = ""
    unwanted_words: str = ""
    unwanted_characters: str = ""
    either_words: str = ""
    either_characters: str = ""

    @property
    def found_words(self) -> str:
        """Say in one expression what the words must match, if anything."""
        if self.words and self.unwanted_words:
            return f"{self.words} NOT {self.unwanted_words}"
        return self.words


@lru_cache(_USUAL_TOPICS)
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
    mixed = _mixed(query)
    columns = _TITLE if query.in_title else ""
    return Expression(
        words=_all([_words(query, _common, columns), *_narrowing(query)]),
        characters=_all(_characters(query)),
        unwanted_words=_any(
            [*(_term(term) for term in query.excluded if not _is_common(term)), *_unwanted(query)]
        ),
        unwanted_characters=_any(
            _quoted(_common(term.parts[0])) for term in query.excluded if _is_common(term)
        ),
        either_words=_one_of([term for term in mixed if not _is_common(term)], columns),
        either_characters=_any(
            _character(term.parts[0], query) for term in mixed if _is_common(term)
        ),
    )


def titles(query: Query) -> Expression:
    """Ask for the same in titles alone."""
    return expression(replace(query, in_title=True))


def places(query: Query) -> list[tuple[Expression, ...]]:
    """Say what makes a story come first, the best first; it may match more than is found.

    Of several that stand together, the first matches all that the others do.

    A title counts for more than a headline, and that for more than the name of a section. Words
    next to each other count for more, and a name as it was typed for more than its translation.
    Single characters say little, and FTS5 merges the lists of all the pairs that they begin, for
    each of them anew; where there is nothing else, the first of them must stand in the title.
    """
    whole = _words(query, lone_character)
    if not whole:
        return [(titles(replace(query, clauses=query.clauses[:1])),)]
    nearer = [each for each in _nearer(query) if each not in {"", whole}]
    found = [
        *((_placed(each, _TITLE),) for each in (*nearer, whole)),
        *((f"{whole} AND {_placed(one, _TITLE)}",) for one in _one(query)),
        (_placed(whole, "headline section"), _placed(whole, "headline")),
        *((each,) for each in nearer),
    ]
    narrowing = _narrowing(query)
    return [tuple(Expression(_all([each, *narrowing])) for each in one) for one in found]


def _nearer(query: Query) -> Iterator[str]:
    """Write what says more than the words alone: of one how, of several where it stands."""
    yield _neighbours(query)
    if len(query.clauses) == 1:
        yield _words(query.as_typed, lone_character)


def _words(query: Query, left_out: _Character, columns: str = "") -> str:
    required = _all(_required(query, left_out, columns))
    aliases = _placed(_any(map(_part, query.aliases)), columns)
    return _any([required, aliases]) if required else ""


def _one(query: Query) -> Iterator[str]:
    """Write that one of several words is enough."""
    words = [*_required(query, lone_character), *map(_part, query.aliases)]
    if len(words) > 1:
        yield _any(words)


def _required(query: Query, left_out: _Character, columns: str = "") -> Iterator[str]:
    """Write each of the words that must occur, but for those that have lists of their own."""
    mixed = _mixed(query)
    for clause in query.clauses:
        if query.aliases:
            yield _one_of(clause, columns)
        elif _is_all_of(clause):
            kept = (part for part in clause[0].parts if not left_out(part))
            yield from (_placed(_part(part), columns) for part in kept)
        elif clause != mixed and not all(_is_one(term, left_out) for term in clause):
            yield _one_of(clause, columns)


def _one_of(terms: Sequence[Term], columns: str) -> str:
    """Write that one of several is enough: a word in some columns, or else a topic."""
    topics = chain.from_iterable(term.topics for term in terms)
    return _any([_placed(_any(map(_term, terms)), columns), _family(topics)])


def _characters(query: Query) -> Iterator[str]:
    """Write which common characters must occur besides the words."""
    for clause in () if query.aliases else query.clauses:
        if all(map(_is_common, clause)):
            yield _any(_character(term.parts[0], query) for term in clause)
        elif _is_all_of(clause):
            yield from (_character(part, query) for part in clause[0].parts if _common(part))


def _character(part: Part, query: Query) -> str:
    return _quoted(character(_common(part), in_title=query.in_title))


def _mixed(query: Query) -> Clause:
    """Give the clause of which a common character or words are enough: cheap, but only apart."""
    return next(filter(_is_mixed, query.clauses), ())


def _is_mixed(clause: Clause) -> bool:
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
    return _phrase(Phrase(atoms, prefix=phrases[-1].prefix))


def _placed(found: str, columns: str) -> str:
    """Let what is found stand in some columns alone."""
    return f"{{{columns}}} : ({found})" if found and columns else found


def _term(term: Term) -> str:
    return _any([_all(map(_part, term.parts)), *map(_part, term.aliases)])


def _part(part: Part) -> str:
    return _any(map(_phrase, part))


def _phrase(phrase: Phrase) -> str:
    return _quoted(" ".join(phrase.words)) + (" *" if phrase.is_open else "")


def _narrowing(query: Query) -> list[str]:
    return [
        *map(_family, query.topics),
        _any(map(_source, query.sources)),
    ]


def _unwanted(query: Query) -> list[str]:
    return [
        *map(_family, query.excluded_topics),
        *map(_source, query.excluded_sources),
    ]


def _source(source: SourceName) -> str:
    return _facet(source_token(source.text), begins=not source.is_whole)


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
    joined = by.join(filter(None, expressions))
    return f"({joined})" if joined else ""
