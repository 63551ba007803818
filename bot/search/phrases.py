"""What words of a query ask of the index: phrases of the index's own words. Pure.

A phrase is atoms that stand next to each other; a part is phrases of which one is enough.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import groupby
from operator import itemgetter
from typing import TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from bot.search.tokens import Atom, Kind, atoms, pairs, split_camel, two_numbers
from bot.text.normalise import normalise, normalise_with_offsets

_SHORTEST_PREFIX = 3
# What stands inside one name; anything else ends it.
_WITHIN_NAME = re.compile(r"[-._/'’:+&@·#]*")


class Phrase(Struct, frozen=True):
    """Atoms that stand next to each other; with *prefix* the last one is only a beginning."""

    atoms: tuple[tuple[Kind, str], ...]
    prefix: bool = False

    @property
    def has_word(self) -> bool:
        """Tell whether it holds a word of letters."""
        return any(kind is Kind.WORD for kind, _ in self.atoms)

    @property
    def words(self) -> list[str]:
        """Give it in the index's words."""
        if [kind for kind, _ in self.atoms] == [Kind.DIGITS, Kind.DIGITS]:
            return [two_numbers(*(text for _, text in self.atoms))]
        words: list[str] = []
        for kind, text in self.atoms[:-1]:
            words += [*pairs(text), text[-1]] if kind is Kind.CJK else [text]
        kind, text = self.atoms[-1]
        return words + (pairs(text) if kind is Kind.CJK and len(text) > 1 else [text])

    @property
    def is_open(self) -> bool:
        """Tell whether the last of the words may go on: a single character begins many pairs."""
        kind, text = self.atoms[-1]
        return self.prefix or (kind is Kind.CJK and len(text) == 1)


Part: TypeAlias = tuple[Phrase, ...]


def lone_character(part: Part) -> str:
    """Give the Chinese character that is all of a part, if it is one."""
    phrase = part[0]
    kind, text = phrase.atoms[0]
    is_alone = len(part) == len(phrase.atoms) == len(text) == 1
    return text if is_alone and kind is Kind.CJK else ""


def word_parts(text: str) -> tuple[Part, ...]:
    """Split a word as typed where CJK meets another script, and where punctuation parts it."""
    folded, offsets = normalise_with_offsets(text)
    return tuple(
        _part(run, text[offsets[run[0].start] : offsets[run[-1].end - 1] + 1])
        for run in runs(folded)
    )


def quoted_part(text: str) -> Part:
    """Take words that stand together as typed, CJK runs with or without what parts them."""
    apart = _plain(atoms(normalise(text)))
    return tuple(Phrase(variant) for variant in dict.fromkeys((apart, _joined(apart))) if variant)


def with_prefix(parts: tuple[Part, ...]) -> tuple[Part, ...]:
    """Let the last word of letters stand for its beginnings, if it is long enough."""
    last = max(at for at, part in enumerate(parts) if part[0].has_word)
    return tuple(tuple(map(_begun, part)) if at == last else part for at, part in enumerate(parts))


def _begun(phrase: Phrase) -> Phrase:
    kind, text = phrase.atoms[-1]
    return replace(phrase, prefix=kind is Kind.WORD and len(text) >= _SHORTEST_PREFIX)


def runs(folded: str) -> Iterator[list[Atom]]:
    """Group the atoms that are one name, such as glm-4.7."""
    run: list[Atom] = []
    for atom in atoms(folded):
        if run and not _are_one_name(run[-1], atom, folded):
            yield run
            run = []
        run.append(atom)
    if run:
        yield run


def _are_one_name(left: Atom, right: Atom, folded: str) -> bool:
    if {left.kind, right.kind} & {Kind.CJK, Kind.SYMBOL}:
        return False
    return _WITHIN_NAME.fullmatch(folded, left.end, right.start) is not None


def _part(run: list[Atom], original: str) -> Part:
    variants = (_plain(run), _plain(atoms(normalise(split_camel(original)))))
    return tuple(map(Phrase, dict.fromkeys(variants)))


def _plain(run: Iterable[Atom]) -> tuple[tuple[Kind, str], ...]:
    return tuple((atom.kind, atom.text) for atom in run)


def _joined(apart: tuple[tuple[Kind, str], ...]) -> tuple[tuple[Kind, str], ...]:
    joined: list[tuple[Kind, str]] = []
    for kind, run in groupby(apart, key=itemgetter(0)):
        texts = [text for _, text in run]
        joined += [(kind, "".join(texts))] if kind is Kind.CJK else [(kind, text) for text in texts]
    return tuple(joined)
