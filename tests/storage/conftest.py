"""A database in a file of its own."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from bot.storage.database import Database
from tests.databases import Server


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "state" / "bot.db"


@pytest.fixture
def url(either_url: str) -> str:
    return either_url


@pytest.fixture
async def database(url: str) -> AsyncIterator[Database]:
    async with Database.open(url, busy_timeout=0.1) as opened:
        yield opened


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_url(request: pytest.FixtureRequest, path: Path) -> Iterator[str]:
    """Name a database without tables."""
    if request.param == "sqlite":
        path.parent.mkdir()
        yield f"sqlite+aiosqlite:///{path}"
    else:
        server: Server = request.getfixturevalue("postgresql_server")
        name = server.create()
        yield server.url(name)
        server.drop(name)
