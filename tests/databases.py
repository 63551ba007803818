"""The databases of the tests: SQLite files, and a real PostgreSQL server in a folder of its own."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from itertools import count
from pathlib import Path

import pytest

from bot.storage import outbox
from bot.storage.database import Database

ON_SQLITE = pytest.mark.parametrize("either_url", ["sqlite_url"], indirect=True)
ON_POSTGRESQL = pytest.mark.parametrize("either_url", ["postgresql_url"], indirect=True)

# Nothing here outlives the tests.
OPTIONS = (
    "-c listen_addresses='' -c fsync=off -c full_page_writes=off "
    "-c shared_buffers=16MB -c autovacuum=off"
)


def programs() -> Path | None:
    """Find the server's programs: Debian keeps them out of the way."""
    if on_path := shutil.which("initdb"):
        return Path(on_path).resolve().parent
    return max(Path("/usr/lib/postgresql").glob("*/bin"), default=None)


@asynccontextmanager
async def locked(url: str) -> AsyncIterator[None]:
    """Keep everybody else from writing, as a command beside the bot may."""
    async with Database.open(url, beside=True) as other, other.transaction() as db:
        await outbox.sending(db)
        yield


class Server:
    """A server that may be stopped and started, with as many databases as asked for."""

    def __init__(self, programs: Path, folder: Path) -> None:
        self._programs = programs
        self._folder = folder
        self._numbers = count(1)
        self.run("initdb", "-A", "trust", "-U", "bot", "--no-sync", "-E", "UTF8", "--locale=C")

    def url(self, database: str) -> str:
        """Give the address of *database*."""
        return f"postgresql+asyncpg://bot@/{database}?host={self._folder}"

    def start(self) -> None:
        """Start, and wait until it answers."""
        log = str(self._folder / "log")
        self.run("pg_ctl", "-w", "-l", log, "-o", f"-k {self._folder} {OPTIONS}", "start")

    def stop(self, how: str = "fast") -> None:
        """Stop; *how* is a mode of pg_ctl."""
        self.run("pg_ctl", "-w", "-m", how, "stop")

    def create(self, *options: str) -> str:
        """Make a new database; give its name."""
        name = f"test{next(self._numbers)}"
        self.ask("createdb", *options, name)
        return name

    def drop(self, database: str) -> None:
        """Remove *database*, whoever uses it."""
        self.ask("dropdb", "--force", database)

    def ask(self, program: str, *arguments: str) -> str:
        """Run a program that talks to the server; give what it prints."""
        place = ("-h", str(self._folder), "-U", "bot")
        command = [str(self._programs / program), *place, *arguments]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout

    def run(self, program: str, *arguments: str) -> None:
        """Run a program of the server's, which never works as root."""
        user = ("runuser", "-u", "postgres", "--") if os.geteuid() == 0 else ()
        command = [*user, str(self._programs / program), "-D", str(self._folder / "data")]
        subprocess.run(
            [*command, *arguments], check=True, cwd=self._folder, stdout=subprocess.DEVNULL
        )


@contextmanager
def server(programs: Path) -> Iterator[Server]:
    """Have a server running."""
    # Not below pytest's own folder, where only its user may go; and a socket's path is short.
    with tempfile.TemporaryDirectory(prefix="digestbot-", ignore_cleanup_errors=True) as folder:
        if os.geteuid() == 0:
            shutil.chown(folder, "postgres")
        running = Server(programs, Path(folder))
        running.start()
        try:
            yield running
        finally:
            running.stop("immediate")
