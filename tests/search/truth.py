"""What a query should find, by reading every text: slow, plain, and apart from the index's code.

It shares nothing with the index but the folding of characters, which has tests of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from typing import TypeAlias

from msgspec import Struct

from bot.model import Digest
from bot.text.normalise import normalise

_CJK = "\u3005\u3007\u3040-\u30ff\u3100-\u312f\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff"
_EMOJI = "\u2600-\u27bf\u2b50\u2b55\U0001f000-\U0001faff"
_LETTER = rf"[^\W\d_{_CJK}]"
_BETWEEN = rf"(?:(?![{_EMOJI}])[\W_])*"
_PIECE = re.compile(
    rf"[{_CJK}]+|(?<![a-z])[a-z](?:\+\+|\#)|{_LETTER}+|\d+|[{_EMOJI}]", re.IGNORECASE
)
_NAME = re.compile(rf"(?:{_LETTER}|\d|[-._/'’:+&@·#])+")
_TYPED = re.compile(r'(-?)(?:(tag|source|since|until|in):)?(?:"([^"]*)"|([^\s"]+))')


@dataclass(frozen=True)
class Document:
    """One item as the truth sees it: its fields as plain text."""

    name: str
    title: str
    others: tuple[str, ...]
    day: date
    source: str
    topics: tuple[str, ...]


def documents(digest: Digest) -> list[Document]:
    """Give what can be found of a digest: its items, and the headlines that announce none."""
    keys = {item.key for item in digest.items}
    lone = [line.text for line in digest.headlines if line.item not in keys]
    return [*_items(digest), *(_document(digest, text, text, (), ()) for text in lone)]


def _items(digest: Digest) -> Iterator[Document]:
    for section in digest.sections:
        for item in section.items:
            announced = [line.text for line in digest.headlines if line.item == item.key]
            comments = [_plain(insight.body) for insight in item.insights]
            others = (section.title, _plain(item.body), *announced, *comments)
            yield _document(digest, item.key, item.title, others, item.topics)


def _document(
    digest: Digest, name: str, title: str, others: tuple[str, ...], topics: tuple[str, ...]
) -> Document:
    return Document(f"{digest.id}/{name}", title, others, digest.day, digest.source, topics)


_ENDING = {"Paragraph": "\n", "Heading": "\n", "CodeBlock": "\n", "Break": "\n"}
_SILENT = {"url", "language"}


def _plain(node: object) -> str:
    """Give all that is written below a node, whatever it is."""
    if isinstance(node, str):
        return node
    if isinstance(node, tuple):
        return "".join(map(_plain, node))
    if not isinstance(node, Struct):
        return ""
    kind = type(node).__name__
    inner = [getattr(node, name) for name in node.__struct_fields__ if name not in _SILENT]
    if kind == "Table":
        header, rows = inner
        return "".join(" ".join(map(_plain, row)) + "\n" for row in (header, *rows))
    return "".join(map(_plain, inner)) + _ENDING.get(kind, "")


@dataclass(frozen=True)
class Wanted:
    """One word as typed, and whether its last piece may go on; or instead of it a topic."""

    text: str
    quoted: bool = False
    begins: bool = False
    other_names: tuple[str, ...] = ()
    topic: str = ""


# What it is about, the values of which one is enough, and whether none is wanted instead.
Filter: TypeAlias = tuple[str, tuple[str, ...], bool]
Reading: TypeAlias = tuple[list[list[Wanted]], list[Wanted], list[Filter]]


def found(
    query: str,
    documents: Iterable[Document],
    topics: Mapping[str, tuple[str, ...]],
    parents: Mapping[str, str],
) -> set[str]:
    """Name the documents that a query should find."""
    read = _read(query, topics)
    return {document.name for document in documents if _matches(read, document, parents)}


def _matches(query: Reading, document: Document, parents: Mapping[str, str]) -> bool:
    words, unwanted, filters = query
    if not words and not unwanted and not filters:
        return False
    texts = (document.title,) if ("in", ("title",), False) in filters else _texts(document)
    everything = _texts(document)
    return (
        all(_passes(each, document, parents) for each in filters)
        and all(any(_fits(word, texts, document, parents) for word in clause) for clause in words)
        and not any(_has(word, everything) for word in unwanted)
    )


def _fits(
    word: Wanted, texts: tuple[str, ...], document: Document, parents: Mapping[str, str]
) -> bool:
    if word.topic:
        return _is_as("tag", word.topic, document, parents)
    return _has(word, texts)


def _texts(document: Document) -> tuple[str, ...]:
    return (document.title, *document.others)


def _read(  # noqa: C901 - one branch for each thing that can be typed
    query: str, topics: Mapping[str, tuple[str, ...]]
) -> Reading:
    words: list[list[Wanted]] = []
    unwanted: list[Wanted] = []
    filters: list[Filter] = []
    joining = after_topic = False
    for quote in "“”「」":
        query = query.replace(quote, '"')
    query = query.replace(" 或 ", " OR ")
    for minus, key, quoted, word in _TYPED.findall(query):
        value = quoted or word
        if value.startswith("#") and _topic(value[1:], topics):
            key, value = "tag", value[1:]
        if key:
            named = _topic(value, topics) if key == "tag" else value
            if key == "tag" and joining and words and not after_topic:
                words[-1].append(Wanted(value, topic=named))
            else:
                _narrow(filters, (key, (named,), bool(minus)), joining or key == "source")
                after_topic = key == "tag"
            joining = joining and key != "tag"
        elif value == "OR":
            joining = True
        elif not _PIECE.search(normalise(value)):
            continue
        elif minus:
            unwanted.append(_wanted(value, bool(quoted), topics))
        elif joining and after_topic:
            _, named_before, _ = filters.pop()
            either = [Wanted(topic, topic=topic) for topic in named_before]
            words.append([*either, _wanted(value, bool(quoted), topics)])
            joining = after_topic = False
        elif joining and words:
            words[-1].append(_wanted(value, bool(quoted), topics))
            joining = False
        else:
            words.append([_wanted(value, bool(quoted), topics)])
            joining = after_topic = False
    return _last_begins(words), unwanted, filters


def _narrow(filters: list[Filter], one: Filter, joins: bool) -> None:
    """Add a filter, or let it be enough instead of the last of its kind."""
    key, values, minus = one
    alike = [each for each in filters if each[::2] == (key, minus)] if joins else []
    for each in alike[-1:]:
        filters.remove(each)
        values = each[1] + values
    filters.append((key, values, minus))


def _wanted(text: str, quoted: bool, topics: Mapping[str, tuple[str, ...]]) -> Wanted:
    return Wanted(text, quoted, other_names=() if quoted else _other_name(text, topics))


def _topic(name: str, topics: Mapping[str, tuple[str, ...]]) -> str:
    for topic, aliases in topics.items():
        if normalise(name) in map(normalise, (topic, *aliases)):
            return topic
    return ""


def _last_begins(words: list[list[Wanted]]) -> list[list[Wanted]]:
    """Mark the word that holds the last run of letters."""
    places = [
        (at, place)
        for at, clause in enumerate(words)
        for place, word in enumerate(clause)
        if not (word.quoted or word.topic)
        and any(map(_is_word, _PIECE.findall(normalise(word.text))))
    ]
    if places:
        at, place = places[-1]
        words[at][place] = replace(words[at][place], begins=True)
    return words


def _is_word(piece: str) -> bool:
    return re.fullmatch(rf"{_LETTER}+", piece) is not None


def _passes(each: Filter, document: Document, parents: Mapping[str, str]) -> bool:
    key, values, minus = each
    return any(_is_as(key, value, document, parents) for value in values) is not minus


def _is_as(key: str, value: str, document: Document, parents: Mapping[str, str]) -> bool:
    if key == "tag":
        wider = {parents.get(topic) for topic in document.topics}
        return value in document.topics or value in wider
    if key == "source":
        return document.source.startswith(value)
    day = document.day.isoformat()
    return key == "in" or (day >= value if key == "since" else day[: len(value)] <= value)


def _has(word: Wanted, texts: tuple[str, ...]) -> bool:
    if word.quoted:
        return any(_stands(_quoted(word.text), text) for text in texts)
    return all(any(_stands(pattern, text) for text in texts) for pattern in _patterns(word)) or any(
        _stands(_quoted(name), text) for name in word.other_names for text in texts
    )


def _other_name(name: str, topics: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    for topic, aliases in topics.items():
        names = [topic, *aliases[:1]]
        if normalise(name) in map(normalise, names) and topic.isascii() != aliases[0].isascii():
            return tuple(other for other in names if normalise(other) != normalise(name))
    return ()


def _stands(pattern: re.Pattern[str], text: str) -> bool:
    """Tell whether a pattern stands in a text, or in one of its names split at capitals."""
    return any(pattern.search(reading) for reading in _readings(text))


@cache
def _readings(text: str) -> list[str]:
    names = [name for name in _NAME.findall(text) if _split(name) != name]
    return [normalise(text), *(normalise(_split(name)) for name in names)]


def _split(name: str) -> str:
    split = ""
    for at, char in enumerate(name):
        before, after = name[at - 1 : at], name[at + 1 : at + 3]
        starts = before.islower() or (before.isupper() and len(after) == 2 and _is_small(after))
        split += " " + char if char.isupper() and starts else char
    return split


def _is_small(text: str) -> bool:
    return all(char.islower() for char in text)


@cache
def _patterns(word: Wanted) -> list[re.Pattern[str]]:
    """Give what must all occur: a pattern for each run of CJK, name and emoji."""
    groups: list[list[re.Match[str]]] = []
    folded = normalise(word.text)
    for piece in _PIECE.finditer(folded):
        between = folded[groups[-1][-1].end() : piece.start()] if groups else ""
        joined = groups and re.fullmatch(r"[-._/'’:+&@·#]*", between)
        if joined and _is_latin(piece) and _is_latin(groups[-1][-1]):
            groups[-1].append(piece)
        else:
            groups.append([piece])
    last = max((at for at, group in enumerate(groups) if _has_word(group)), default=-1)
    return [
        _pattern([piece.group() for piece in group], word.text, begins=word.begins and at == last)
        for at, group in enumerate(groups)
    ]


def _is_latin(piece: re.Match[str]) -> bool:
    return not re.match(rf"[{_CJK}{_EMOJI}]", piece.group())


def _has_word(group: list[re.Match[str]]) -> bool:
    return any(_is_word(piece.group()) for piece in group)


def _pattern(pieces: list[str], typed: str, *, begins: bool) -> re.Pattern[str]:
    names = [name for name in _NAME.findall(typed) if normalise(name) == "".join(pieces)]
    variants = [pieces] + [_PIECE.findall(normalise(_split(name))) for name in names]
    return re.compile("|".join(_sequence(variant, begins=begins) for variant in variants))


@cache
def _quoted(text: str) -> re.Pattern[str]:
    pieces = _PIECE.findall(normalise(text))
    joined = re.sub(rf"(?<=[{_CJK}])[\W_]+(?=[{_CJK}])", "", normalise(text))
    variants = [pieces, _PIECE.findall(joined)]
    return re.compile("|".join(_sequence(variant, begins=False) for variant in variants))


def _sequence(pieces: list[str], *, begins: bool) -> str:
    last = len(pieces) - 1
    return _BETWEEN.join(
        _one(piece, begins=begins and at == last) for at, piece in enumerate(pieces)
    )


def _one(piece: str, *, begins: bool) -> str:
    text = re.escape(piece)
    if _is_word(piece):
        end = "" if begins and len(piece) > 2 else rf"(?!{_LETTER})"
        alone = r"(?!\+\+|\#)" if len(piece) == 1 else ""
        return rf"(?<!{_LETTER}){text}{end}{alone}"
    if piece.isdigit():
        return rf"(?<!\d){text}(?!\d)"
    return rf"(?<![a-z]){text}" if piece[-1] in "+#" else text
