"""What a person typed, understood: any text gives a query. Pure.

Words are AND; ``"quoted"`` words stand together; ``-word`` and ``NOT word`` must not occur; ``OR``,
``|`` or ``或`` stands between two words or topics of which one is enough; ``tag:``, ``#``,
``source:``, ``since:``, ``until:`` and ``in:title`` narrow down. What is none of these is a word.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType

from msgspec.structs import replace

from bot.search.common import COMMON
from bot.search.dates import first_day, last_day
from bot.search.phrases import Part, lone_character, quoted_part, with_prefix, word_parts
from bot.search.query import Query, SourceName, Term, Topics
from bot.search.tokens import begins_within
from bot.text.normalise import name_key, normalise
from bot.text.pieces import Piece, pieces

_MOST_PARTS = 12
# Each begins many pairs, whose lists the index has to merge.
_MOST_RARE_CHARACTERS = 4


def parse(
    text: str,
    topics: Topics,
    today: date | None = None,
    titles: Mapping[str, str] = MappingProxyType({}),
) -> Query:
    """Understand whatever was typed; days such as yesterday need to know which is *today*.

    *titles* are those of the sources, by their names.
    """
    reading = _Reading(topics, today, titles)
    for piece in pieces(text):
        reading.take(piece)
    return reading.query()


@dataclass
class _Reading:
    """What has been understood so far."""

    topics: Topics
    today: date | None
    titles: Mapping[str, str]
    clauses: list[list[Term]] = field(default_factory=list)
    excluded: list[Term] = field(default_factory=list)
    families: list[Term] = field(default_factory=list)
    excluded_families: list[tuple[str, ...]] = field(default_factory=list)
    sources: list[SourceName] = field(default_factory=list)
    excluded_sources: list[SourceName] = field(default_factory=list)
    since: date | None = None
    until: date | None = None
    in_title: bool = False
    joining: bool = False
    after_topic: bool = False
    negating: bool = False
    parts: int = 0
    rare_characters: int = 0

    def take(self, piece: Piece) -> None:
        """Take one word, quoted phrase or filter."""
        if piece.is_either:
            self.joining = True
        elif piece.is_not:
            self.negating = True
        elif not piece.is_both:
            self._take(piece, minus=piece.minus or self.negating)
            self.negating = False

    def _take(self, piece: Piece, *, minus: bool) -> None:
        if not self._narrows(piece, minus=minus):
            text = piece.value if piece.key in {"", "tag"} else f"{piece.key} {piece.value}"
            self._add(self._term(text, quoted=piece.quoted), minus=minus)
        self.joining = False

    def _term(self, text: str, *, quoted: bool) -> Term:
        if quoted:
            part = quoted_part(text)
            return Term(f'"{text}"', (part,) if part else ())
        return Term(text, word_parts(text), _translation(text, self.topics))

    def _add(self, term: Term, *, minus: bool) -> None:
        term = replace(term, parts=tuple(filter(self._affords, term.parts)))
        if not term.parts:
            return
        if minus:
            self.excluded.append(term)
        elif self.joining and self.after_topic:
            self.clauses.append([self.families.pop(), term])
        elif self.joining and self.clauses:
            self.clauses[-1].append(term)
        else:
            self.clauses.append([term])
        self.after_topic = False

    def _affords(self, part: Part) -> bool:
        """Count a part, and tell whether it may be looked up or must be passed over."""
        character = lone_character(part)
        is_rare = bool(character) and character not in COMMON
        if is_rare and self.rare_characters == _MOST_RARE_CHARACTERS:
            return False
        self.rare_characters += is_rare
        self.parts += 1
        return self.parts <= _MOST_PARTS

    def _narrows(self, piece: Piece, *, minus: bool) -> bool:
        """Take a filter; tell whether it was one."""
        match piece.key:
            case "source":
                sources = self.excluded_sources if minus else self.sources
                sources += [SourceName(piece.value), *self._entitled(piece.value)]
                return True
            case "in":
                self.in_title |= piece.value.lower() == "title"
                return piece.value.lower() == "title"
            case "since" | "until":
                return self._by_day(piece.key, piece.value)
        return self._by_topic(piece, minus=minus)

    def _entitled(self, said: str) -> Iterator[SourceName]:
        """Name the sources in whose titles something stands, with whatever blanks."""
        wanted = name_key(said)
        for name, title in self.titles.items() if wanted else ():
            if _stands_in(wanted, normalise(title)):
                yield SourceName(name, is_whole=True)

    def _by_topic(self, piece: Piece, *, minus: bool) -> bool:
        family = self.topics.family(piece.topic)
        term = Term(piece.text, topics=family)
        if family and minus:
            self.excluded_families.append(family)
        elif family and self.joining and self.after_topic:
            self.families[-1] = _either(self.families[-1], term)
        elif family and self.joining and self.clauses:
            self.clauses[-1].append(term)
        elif family:
            self.families.append(term)
            self.after_topic = True
        return bool(family)

    def _by_day(self, key: str, value: str) -> bool:
        day = (first_day if key == "since" else last_day)(value, self.today)
        if key == "since":
            self.since = day or self.since
        else:
            self.until = day or self.until
        return day is not None

    def query(self) -> Query:
        """Give what was read as a query."""
        return Query(
            # Said twice is not asked for twice: some words are dear to look up.
            clauses=tuple(dict.fromkeys(map(tuple, _with_last_prefix(self.clauses)))),
            aliases=self._aliases(),
            excluded=tuple(dict.fromkeys(self.excluded)),
            topics=tuple(term.topics for term in self.families),
            excluded_topics=tuple(self.excluded_families),
            sources=tuple(dict.fromkeys(self.sources)),
            excluded_sources=tuple(dict.fromkeys(self.excluded_sources)),
            since=self.since,
            until=self.until,
            in_title=self.in_title,
        )

    def _aliases(self) -> tuple[Part, ...]:
        words = [clause[0].text for clause in self.clauses if len(clause) == 1]
        if len(words) < 2 or len(words) < len(self.clauses):
            return ()
        return _translation(" ".join(words), self.topics)


def _either(one: Term, other: Term) -> Term:
    """Let one topic be enough instead of another."""
    return Term(f"{one.text} OR {other.text}", topics=one.topics + other.topics)


def _stands_in(wanted: str, title: str) -> bool:
    """Tell whether something stands in a title, but not from the midst of a word on."""
    places = (at for at in range(len(title)) if not begins_within(title, at))
    return any(name_key(title[at:]).startswith(wanted) for at in places)


def _translation(text: str, topics: Topics) -> tuple[Part, ...]:
    """Give the same name in the other script: 英伟达 for nvidia.

    A topic's further names are no other words for it: who looks for ChatGPT does not want all of
    OpenAI. Only its first alias is, where that is in the other script.
    """
    names = topics.aliases(topics.resolve(text) or "")[:2]
    both = {normalise(name): name for name in names}
    if len(both) < 2 or names[0].isascii() == names[1].isascii():
        return ()
    known = both.pop(normalise(text), None)
    return tuple(map(quoted_part, both.values())) if known else ()


def _with_last_prefix(clauses: list[list[Term]]) -> Iterator[list[Term]]:
    """Let the last Latin word, which may still be being typed, stand for its beginnings."""
    last = _last_word(clauses)
    for at, clause in enumerate(clauses):
        yield [
            replace(term, parts=with_prefix(term.parts)) if (at, place) == last else term
            for place, term in enumerate(clause)
        ]


def _last_word(clauses: list[list[Term]]) -> tuple[int, int] | None:
    places = [
        (at, place)
        for at, clause in enumerate(clauses)
        for place, term in enumerate(clause)
        if not term.text.startswith('"')
        and any(phrase.has_word for p in term.parts for phrase in p)
    ]
    return places[-1] if places else None
