"""What all tests share: the whole bot against the sandbox, and people who talk to it."""

from __future__ import annotations

import asyncio
import os
import shutil
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import settings
from pydantic import SecretStr

# Flood waits as timedelta: the library's older form warns, and warnings are errors here.
os.environ["PTB_TIMEDELTA"] = "1"

from bot import app
from bot.handlers.context import Services
from bot.sandbox import Sandbox
from bot.sandbox.groups import Group
from bot.sandbox.people import Person
from bot.services.resting import REST_SECONDS
from bot.settings import RunSettings
from bot.storage.database import Database
from tests import databases

# No test depends on how fast the machine is.
settings.register_profile("unhurried", deadline=None)
settings.load_profile("unhurried")

ROOT = Path(__file__).parents[1]
MORNING = datetime.fromisoformat("2026-01-14T08:00:30+08:00")


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    """Run async tests on asyncio, the loop that the bot runs on."""
    return "asyncio"


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[databases.Server]:
    """Run a PostgreSQL server, if one is installed; continuous integration has one."""
    programs = databases.programs()
    if programs is None:
        assert os.environ.get("CI") != "true", "PostgreSQL is not installed"
        pytest.skip("PostgreSQL is not installed")
    with databases.server(programs) as server:
        yield server


@pytest.fixture(scope="session")
def postgresql_template(postgresql_server: databases.Server) -> str:
    """Make the tables once; databases are copied faster."""
    name = postgresql_server.create()
    asyncio.run(_made(postgresql_server.url(name)))
    return name


async def _made(url: str) -> None:
    async with Database.open(url):
        pass


@pytest.fixture
def postgresql_url(postgresql_server: databases.Server, postgresql_template: str) -> Iterator[str]:
    """Have a PostgreSQL database of the test's own."""
    name = postgresql_server.create("--template", postgresql_template)
    yield postgresql_server.url(name)
    postgresql_server.drop(name)


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """Name an SQLite file of the test's own."""
    return f"sqlite+aiosqlite:///{tmp_path / 'state' / 'bot.db'}"


@pytest.fixture(params=["sqlite_url", "postgresql_url"])
def either_url(request: pytest.FixtureRequest) -> str:
    """Run the test on both databases."""
    url: str = request.getfixturevalue(request.param)
    return url


class Clock:
    """Runs on from a morning, and jumps where a test wants."""

    def __init__(self, start: datetime = MORNING) -> None:
        self._shift = start - datetime.now(UTC)

    def __call__(self) -> datetime:
        """Tell the time."""
        return datetime.now(UTC) + self._shift

    def jump(self, by: timedelta) -> None:
        """Move on."""
        self._shift += by


@dataclass
class Stage:
    """A sandbox, an archive of its own, and the settings for a bot between them."""

    sandbox: Sandbox
    folder: Path
    clock: Clock = field(default_factory=Clock)
    way: str = "polling"

    @property
    def group(self) -> Group:
        """The group that digests are pushed to."""
        return self.sandbox.chat("@ai_news_plus")

    @property
    def ann(self) -> Person:
        """A reader who speaks English."""
        return self.sandbox.person("Ann", language="en")

    @property
    def wei(self) -> Person:
        """A reader who speaks Chinese."""
        return self.sandbox.person("Wei", language="zh-hans")

    @property
    def admin(self) -> Person:
        """An admin, who speaks English."""
        return self.sandbox.person("Ada", language="en")

    @property
    def archive(self) -> Path:
        """The folder of the digests."""
        return self.folder / "digests"

    def settings(self, **changes: object) -> RunSettings:
        """Give the settings of the bot, with *changes*."""
        chosen: dict[str, object] = {
            "bot_token": SecretStr(self.sandbox.token),
            "telegram_api": self.sandbox.api,
            "admin_ids": {self.admin.id},
            "database_url": f"sqlite+aiosqlite:///{self.folder / 'state.db'}",
            "index_path": self.folder / "index.db",
            "digest_dir": self.archive,
            "topics_file": ROOT / "data" / "topics.toml",
            "http_listen": "",
        }
        if self.way == "webhook":
            chosen |= webhook(free_port())
        return RunSettings.model_validate(chosen | changes)

    def running(self, **changes: object) -> AbstractAsyncContextManager[Services]:
        """Run the bot, as its command does."""
        return app.running(self.settings(**changes), self.clock)

    def posts(self) -> list[str]:
        """Give the texts that the bot has posted to the group and not deleted."""
        return [
            view.text for view in self.group.messages if view.sender == self.sandbox.bot.first_name
        ]


def write(file: Path, text: str | bytes) -> None:
    """Write a file as if it had been moved here whole: nobody waits for more of it."""
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    moment = file.stat().st_mtime - REST_SECONDS - 1
    os.utime(file, (moment, moment))


def free_port() -> int:
    """Find a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def webhook(port: int) -> dict[str, object]:
    """Give the settings that have updates brought to *port*."""
    at = f"127.0.0.1:{port}"
    return {"http_listen": at, "webhook_url": f"http://{at}/updates"}


@pytest.fixture
def way() -> str:
    """Let updates come by polling; a test that is parametrised with *way* chooses for itself."""
    return "polling"


@pytest.fixture
async def stage(tmp_path: Path, way: str) -> AsyncIterator[Stage]:
    """Set up a sandbox and the main sample source, without a bot yet."""
    shutil.copytree(ROOT / "data" / "digests" / "ai-daily", tmp_path / "digests" / "ai-daily")
    async with Sandbox() as sandbox:
        yield Stage(sandbox, tmp_path, way=way)


@pytest.fixture
async def bot(stage: Stage) -> AsyncIterator[Stage]:
    """Have the bot running, its post of the day sent."""
    async with stage.running():
        await stage.ann.sees("AI 日报", in_=stage.group)
        yield stage
