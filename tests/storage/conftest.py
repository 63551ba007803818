"""A database in a file of its own."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.storage.database import Database


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
