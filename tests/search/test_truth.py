"""The query set against brute force: all that matches is found, and nothing else."""

import random
import tomllib
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from msgspec.structs import replace

from bot.digests.library import Library
from bot.digests.topics import Topics
from bot.search.index import Index
from tests.search.stories import own_digests, report_of
from tests.search.truth import Document, documents, found

HERE = Path(__file__).parent
PROJECT = HERE.parent.parent
CORPORA = PROJECT.parent / "shared" / "corpora"
RIGHT_TITLES = 0.95
EVERYTHING = 10**6

KINDS = tomllib.loads((HERE / "queries.toml").read_text(encoding="utf-8"))["kind"]
QUERIES = [pytest.param(query, id=query) for kind in KINDS for query, _ in kind["queries"]]


@pytest.fixture(scope="module")
def table() -> dict[str, tuple[str, ...]]:
    topics = Topics.load(PROJECT / "data" / "topics.toml")
    return {name: topics.aliases(name)[1:] for name in topics.names if topics.aliases(name)[1:]}


@pytest.fixture(scope="module")
def parents() -> dict[str, str]:
    table = tomllib.loads((PROJECT / "data" / "topics.toml").read_text(encoding="utf-8"))
    return {entry["name"]: entry["parent"] for entry in table["topic"] if "parent" in entry}


@pytest.fixture(
    scope="module",
    params=[
        pytest.param(PROJECT / "data" / "digests", id="own"),
        pytest.param(
            CORPORA,
            id="corpora",
            marks=pytest.mark.skipif(not CORPORA.is_dir(), reason=f"no real digests at {CORPORA}"),
        ),
    ],
)
async def archive(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[tuple[Index, list[Document]]]:
    topics = Topics.load(PROJECT / "data" / "topics.toml")
    read = (report.digest for report in Library(request.param, topics).load())
    together = [*own_digests(), *filter(None, read)]
    digests = [replace(digest, id=str(at)) for at, digest in enumerate(together)]
    path = tmp_path_factory.mktemp("truth") / "index.db"
    async with Index.open(path, topics) as index:
        await index.apply(map(report_of, digests), ())
        yield index, [document for digest in digests for document in documents(digest)]


def _name(digest_id: str, key: str, title: str) -> str:
    return f"{digest_id}/{key or title}"


def test_the_query_set_has_at_least_a_hundred_queries() -> None:
    assert len(QUERIES) >= 100


@pytest.mark.parametrize("query", QUERIES)
async def test_a_query_finds_what_brute_force_finds(
    query: str,
    archive: tuple[Index, list[Document]],
    table: dict[str, tuple[str, ...]],
    parents: dict[str, str],
) -> None:
    index, documents = archive

    results = await index.search(query, limit=EVERYTHING, fold=False)

    names = {_name(hit.digest_id, hit.item_key, hit.title) for hit in results.hits}
    assert names == found(query, documents, table, parents)
    assert results.total == len(results.hits)


async def test_the_right_title_is_among_the_first_three(stocked: Index) -> None:
    wanted = [(query, title) for kind in KINDS for query, title in kind["queries"] if title]

    right = 0
    for query, title in wanted:
        results = await stocked.search(query, limit=3)
        right += title in [hit.title for hit in results.hits]

    assert right >= RIGHT_TITLES * len(wanted)


async def test_a_whole_title_finds_its_story_first(archive: tuple[Index, list[Document]]) -> None:
    index, documents = archive
    titled = [document for document in documents if len(document.title) > 8]

    for document in random.Random(7).sample(titled, min(100, len(titled))):
        results = await index.search(document.title.replace("OR", ""), limit=3, fold=False)

        names = [_name(hit.digest_id, hit.item_key, hit.title) for hit in results.hits]
        assert document.name in names
