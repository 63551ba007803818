"""Other ways to search the same items, for comparison."""

from __future__ import annotations

import importlib.util
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any, Protocol

from bench.search_corpus import topics, varied
from bot.search.entries import entries
from bot.search.frame import Frames
from bot.search.matching import ALWAYS
from bot.search.parsing import parse
from bot.search.phrases import Part, Phrase
from bot.search.query import Query, Term
from bot.search.ranking import find
from bot.search.schema import connect, connect_new
from bot.search.searching import Searcher
from bot.search.tokens import camel_words_of_each, words_of_each
from bot.search.writing import Writer
from bot.text.normalise import normalise

ENOUGH = 2001
PAGE = 5


class Peer(Protocol):
    """A way to search."""

    def build(self, count: int, folder: Path) -> None:
        """Index that many items into a folder."""

    def page(self, query: str) -> object:
        """Count up to a bound and give the first page."""

    def all(self, query: str) -> set[int]:
        """Give the numbers of all items that are found."""


def numbered(count: int) -> Iterator[tuple[int, str, str]]:
    """Give the items as rows: a number, a title and a text."""
    number = 0
    for _, report in varied(count):
        for entry in entries(report.digest) if report.digest else ():
            yield number, entry.title, f"{entry.section}\n{entry.body}"
            number += 1


class Ours:
    """The index of the bot."""

    def build(self, count: int, folder: Path) -> None:
        with closing(connect_new(folder / "index.db")) as connection:
            Writer(connection, topics()).fill(varied(count))
        self._searcher = Searcher(connect(folder / "index.db"), topics())

    def page(self, query: str) -> object:
        return self._searcher.search(query, Query(), limit=PAGE, offset=0, fold=True)

    def all(self, query: str) -> set[int]:
        found = self._searcher.search(query, Query(), limit=10**6, offset=0, fold=False)
        return {int(hit.digest_id) * 30 + int(hit.item_key[1:]) for hit in found.hits}


class OursBare(Ours):
    """The same without its hits and suggestions: what the others are asked for."""

    def build(self, count: int, folder: Path) -> None:
        super().build(count, folder)
        self._connection = connect(folder / "index.db")
        self._topics, self._frame = topics(), Frames(self._connection)()

    def page(self, query: str) -> object:
        asked = parse(query, self._topics)
        found = find(self._connection, asked, ALWAYS, PAGE, self._frame)
        return found.stories[:PAGE]


class _Sql:
    """What the ways that use SQLite share."""

    table: str
    insert = "INSERT INTO items (rowid, title, body) VALUES (?, ?, ?)"
    order = "rowid DESC"

    def build(self, count: int, folder: Path) -> None:
        self._connection = sqlite3.connect(folder / "peer.db")
        # As the bot's own is built.
        self._connection.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF")
        self._connection.execute(self.table)
        rows = ((n, self.prepare(title), self.prepare(body)) for n, title, body in numbered(count))
        self._connection.executemany(self.insert, rows)
        self._connection.commit()

    def prepare(self, text: str) -> str:
        return normalise(text)

    def where(self, query: str) -> tuple[str, list[str]]:
        words = normalise(query).split()
        each = " AND ".join(["(title LIKE ? OR body LIKE ?)"] * len(words))
        return each, [f"%{word}%" for word in words for _ in range(2)]

    def page(self, query: str) -> object:
        where, values = self.where(query)
        self._ids(f"SELECT rowid FROM items WHERE {where} LIMIT {ENOUGH}", values)  # noqa: S608
        by = f"SELECT rowid FROM items WHERE {where} ORDER BY {self.order} LIMIT {PAGE}"  # noqa: S608
        return self._ids(by, values)

    def all(self, query: str) -> set[int]:
        where, values = self.where(query)
        return set(self._ids(f"SELECT rowid FROM items WHERE {where}", values))  # noqa: S608

    def _ids(self, query: str, values: list[str]) -> list[int]:
        return [row[0] for row in self._connection.execute(query, values)]


class Like(_Sql):
    """A scan with LIKE."""

    table = "CREATE TABLE items (title TEXT, body TEXT)"


class Trigram(_Sql):
    """FTS5's trigram tokenizer, and LIKE for what is shorter."""

    table = "CREATE VIRTUAL TABLE items USING fts5 (title, body, tokenize = 'trigram')"
    order = "rank"

    def where(self, query: str) -> tuple[str, list[str]]:
        words = normalise(query).replace('"', " ").split()
        if any(len(word) < 3 for word in words):
            return super().where(query)
        return "items MATCH ?", [" ".join(f'"{word}"' for word in words)]


class Jieba(_Sql):
    """FTS5 over words cut by jieba."""

    table = "CREATE VIRTUAL TABLE items USING fts5 (title, body)"
    order = "rank"

    def prepare(self, text: str) -> str:
        return " ".join(rjieba().cut_for_search(normalise(text)))

    def where(self, query: str) -> tuple[str, list[str]]:
        words = [word for word in self.prepare(query).split() if any(map(str.isalnum, word))]
        return "items MATCH ?", [" ".join(f'"{word}"' for word in words) or '"?"']


class Tantivy:
    """tantivy with the index's own words and the whole meaning of a query."""

    fields = ("title", "body", "camel")
    keeps_texts = False

    def build(self, count: int, folder: Path) -> None:
        tantivy = _module("tantivy")
        schema = tantivy.SchemaBuilder()
        schema.add_integer_field("number", stored=True, fast=True)
        for field in self.fields:
            schema.add_text_field(field, tokenizer_name="whitespace")
        schema.add_bytes_field("told", stored=True)
        self._schema = schema.build()
        index = tantivy.Index(self._schema, path=str(folder))
        writer = index.writer(200_000_000, 1)
        for number, title, body in numbered(count):
            words = words_of_each([normalise(title), normalise(body)])
            words += camel_words_of_each([f"{title}  {body}"])
            document = tantivy.Document(**{f: [w] for f, w in zip(self.fields, words, strict=True)})
            document.add_integer("number", number)
            if self.keeps_texts:
                document.add_bytes("told", f"{title}\n{body}".encode())
            writer.add_document(document)
        writer.commit()
        writer.wait_merging_threads()
        index.reload()
        self._searcher = index.searcher()
        self._query = tantivy.Query
        self._must, self._should = tantivy.Occur.Must, tantivy.Occur.Should
        self._topics = topics()

    def page(self, query: str) -> Any:
        return self._search(query, PAGE)

    def all(self, query: str) -> set[int]:
        return {self._number(address) for _, address in self._search(query, 10**6).hits}

    def _number(self, address: object) -> int:
        return int(self._searcher.doc(address)["number"][0])

    def _search(self, text: str, limit: int) -> Any:
        query = parse(text, self._topics)
        words = self._every(self._any(map(self._term, clause)) for clause in query.clauses)
        return self._searcher.search(self._any([words, *map(self._part, query.aliases)]), limit)

    def _term(self, term: Term) -> Any:
        return self._any([self._every(map(self._part, term.parts)), *map(self._part, term.aliases)])

    def _part(self, part: Part) -> Any:
        return self._any(self._phrase(phrase, field) for phrase in part for field in self.fields)

    def _phrase(self, phrase: Phrase, field: str) -> Any:
        words = phrase.words
        if len(words) > 1:
            made = self._query.phrase_prefix_query if phrase.is_open else self._query.phrase_query
            return made(self._schema, field, words)
        if phrase.is_open:
            return self._query.regex_query(self._schema, field, f"{words[0]}.*")
        return self._query.term_query(self._schema, field, words[0])

    def _every(self, queries: Iterable[Any]) -> Any:
        return self._query.boolean_query([(self._must, query) for query in queries])

    def _any(self, queries: Iterable[Any]) -> Any:
        return self._query.boolean_query([(self._should, query) for query in queries])


class TantivyTexts(Tantivy):
    """The same with the titles and texts of what is found."""

    keeps_texts = True

    def page(self, query: str) -> object:
        found = super().page(query)
        return found.count, [self._searcher.doc(each)["told"] for _, each in found.hits]


def rjieba() -> Any:
    """Give the word cutter."""
    return _module("rjieba")


def _module(name: str) -> Any:
    return importlib.import_module(name)


PEERS: dict[str, Callable[[], Peer]] = {
    "ours": Ours,
    "ours, bare": OursBare,
    "LIKE": Like,
    "trigram": Trigram,
    "rjieba + FTS5": Jieba,
    "tantivy": Tantivy,
    "tantivy, texts": TantivyTexts,
}
NEEDS = {"rjieba + FTS5": "rjieba", "tantivy": "tantivy", "tantivy, texts": "tantivy"}


def missing() -> Iterable[str]:
    """Name the peers whose packages are not installed."""
    return [name for name, package in NEEDS.items() if not importlib.util.find_spec(package)]
