"""Words of the archive that are one typing error away from a word that it does not have."""

from __future__ import annotations

from collections.abc import Iterator
from string import ascii_lowercase

from bot.search.tokens import Kind, atoms
from bot.search.vocabulary import Vocabulary, most_frequent
from bot.text.normalise import normalise

_SHORTEST = 3
_LONGEST = 24


def spellings(vocabulary: Vocabulary, word: str) -> list[str]:
    """Give the likeliest corrections of a word, the most frequent first."""
    parts = list(atoms(normalise(word)))
    if len(parts) != 1 or not _SHORTEST <= len(parts[0].text) <= _LONGEST:
        return []
    if parts[0].kind is not Kind.WORD:
        return []
    others = sorted(set(_edits(parts[0].text)) - {parts[0].text})
    return most_frequent(vocabulary.counts(others))


def _edits(word: str) -> Iterator[str]:
    """Give all that one error makes: a letter left out, doubled, exchanged or mistaken."""
    splits = [(word[:at], word[at:]) for at in range(len(word) + 1)]
    for left, right in splits:
        if right:
            yield left + right[1:]
            yield from (left + letter + right[1:] for letter in ascii_lowercase)
        if right[1:]:
            yield left + right[1] + right[0] + right[2:]
        yield from (left + letter + right for letter in ascii_lowercase)
