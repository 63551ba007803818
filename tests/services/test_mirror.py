"""The mirror against real Git repositories."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import os
import shutil
import subprocess
import threading
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import NamedTuple

import pytest

from bot.services.mirror import Fault, Mirror, MirrorError

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="there is no git here")

NOW = datetime(2026, 1, 14, 8, tzinfo=UTC)


class Remote:
    """A bare repository, and an author who pushes to it."""

    def __init__(self, folder: Path) -> None:
        self.bare = folder / "remote.git"
        self.author = folder / "author"
        self.git("init", "--quiet", "--bare", "--initial-branch=main", str(self.bare), at=folder)
        self.git("clone", "--quiet", str(self.bare), str(self.author), at=folder)

    def git(self, *arguments: str, at: Path | None = None) -> None:
        """Run Git as the author."""
        own = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
        name = {"GIT_AUTHOR_NAME": "Ann", "GIT_COMMITTER_NAME": "Ann"}
        mail = {"GIT_AUTHOR_EMAIL": "ann@example.org", "GIT_COMMITTER_EMAIL": "ann@example.org"}
        subprocess.run(
            ["git", *arguments],
            cwd=at or self.author,
            env=own | name | mail,
            check=True,
            capture_output=True,
        )

    def push(self, files: dict[str, str | None], *, amend: bool = False) -> None:
        """Write or delete files, commit, and push with force."""
        for path, text in files.items():
            if text is None:
                (self.author / path).unlink()
            else:
                write(self.author / path, text)
        self.git("add", "--all")
        self.git("commit", "--quiet", "-m", "A word", *(["--amend"] if amend else []))
        self.git("push", "--quiet", "--force", "origin", "HEAD:main")


@pytest.fixture
def remote(tmp_path: Path) -> Remote:
    made = Remote(tmp_path)
    made.push({"a.md": "one"})
    return made


@pytest.fixture
async def folder(tmp_path: Path) -> Path:
    return tmp_path / "above" / "digests"


def texts(folder: Path) -> dict[str, str]:
    return {path.name: path.read_text("utf-8") for path in folder.iterdir() if path.is_file()}


def write(file: Path, text: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, "utf-8")


async def mirror_of(remote: Remote, folder: Path) -> Mirror:
    mirror = Mirror(f"file://{remote.bare}", folder, lambda: NOW)
    await mirror.prepare()
    return mirror


async def test_what_is_pushed_arrives(remote: Remote, folder: Path) -> None:
    mirror = await mirror_of(remote, folder)
    assert await mirror.fetch()
    assert texts(folder) == {"a.md": "one"}

    remote.push({"a.md": None, "b.md": "two"})
    assert await mirror.fetch()
    assert texts(folder) == {"b.md": "two"}


async def test_a_rewritten_history_and_local_edits_give_way(remote: Remote, folder: Path) -> None:
    mirror = await mirror_of(remote, folder)
    await mirror.fetch()

    remote.push({"a.md": "rewritten"}, amend=True)
    (folder / "a.md").write_text("edited here", "utf-8")
    assert await mirror.fetch()

    assert texts(folder) == {"a.md": "rewritten"}


async def test_files_that_the_remote_never_had_give_way(remote: Remote, folder: Path) -> None:
    mirror = await mirror_of(remote, folder)
    await mirror.fetch()
    write(folder / "stray.MD", "stray")
    write(folder / "stray" / "deep" / "source.toml", "stray")
    write(folder / "index.db", "no digest")

    assert await mirror.fetch()

    assert texts(folder) == {"a.md": "one", "index.db": "no digest"}
    assert not holds(folder / "stray", b"stray")


async def test_a_remote_that_lost_all_digests_takes_nothing_along(
    remote: Remote, folder: Path
) -> None:
    mirror = await mirror_of(remote, folder)
    await mirror.fetch()
    remote.push({"a.md": None, "README.md": "about", "notes.cfg": "none"})
    remote.push({".github/pull_request_template.md": "what changes", ".draft.md": "hidden"})

    assert not await mirror.fetch()
    assert texts(folder) == {"a.md": "one"}

    remote.push({"b.md": "back"})
    assert await mirror.fetch()
    assert sorted(texts(folder)) == [".draft.md", "README.md", "b.md", "notes.cfg"]


async def test_a_remote_that_is_gone_takes_nothing_along(remote: Remote, folder: Path) -> None:
    mirror = await mirror_of(remote, folder)
    await mirror.fetch()
    away = remote.bare.rename(remote.bare.with_name("away.git"))

    assert not await mirror.fetch()
    assert texts(folder) == {"a.md": "one"}

    away.rename(remote.bare)
    remote.push({"a.md": "back"})
    assert await mirror.fetch()
    assert texts(folder) == {"a.md": "back"}


async def test_it_knows_since_when_the_remote_cannot_be_fetched_and_why(
    remote: Remote, folder: Path
) -> None:
    clock = iter(NOW + timedelta(minutes=minutes) for minutes in range(9))
    mirror = Mirror(f"file://{remote.bare}", folder, lambda: next(clock))
    await mirror.prepare()
    await mirror.fetch()
    assert mirror.fault is None

    away = remote.bare.rename(remote.bare.with_name("away.git"))
    await mirror.fetch()
    assert mirror.fault
    assert "does not appear to be a git repository" in mirror.fault.why

    away.rename(remote.bare)
    remote.push({"a.md": None, "notes.cfg": "no digest"})
    await mirror.fetch()
    assert mirror.fault == Fault(NOW, "the remote has no digests: put one there")

    remote.push({"a.md": "back"})
    await mirror.fetch()
    assert mirror.fault is None


async def test_an_empty_remote_changes_nothing(tmp_path: Path, folder: Path) -> None:
    mirror = await mirror_of(Remote(tmp_path), folder)

    assert not await mirror.fetch()
    assert texts(folder) == {}


async def test_a_mirror_goes_on_after_a_restart(remote: Remote, folder: Path) -> None:
    await (await mirror_of(remote, folder)).fetch()
    remote.push({"b.md": "two"})

    assert await (await mirror_of(remote, folder)).fetch()
    assert texts(folder) == {"a.md": "one", "b.md": "two"}


async def test_other_files_are_not_touched(remote: Remote, folder: Path) -> None:
    write(folder / "mine.md", "mine")

    with pytest.raises(MirrorError, match="choose an empty folder"):
        await mirror_of(remote, folder)

    assert texts(folder) == {"mine.md": "mine"}


async def test_a_clone_of_ones_own_is_not_taken_over(remote: Remote) -> None:
    with pytest.raises(MirrorError, match="choose an empty folder"):
        await mirror_of(remote, remote.author)


async def test_a_repository_around_the_folder_is_left_alone(remote: Remote) -> None:
    inner = remote.author / "digests"
    (remote.author / "draft.md").write_text("not committed", "utf-8")

    assert await (await mirror_of(remote, inner)).fetch()

    assert (remote.author / "draft.md").read_text("utf-8") == "not committed"
    assert texts(inner) == {"a.md": "one"}


async def test_a_password_is_in_no_log_and_no_file(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    mirror = Mirror("http://ann:s3cret@127.0.0.1:9/a.git", folder, lambda: NOW)
    await mirror.prepare()

    assert not await mirror.fetch()

    told = capsys.readouterr()
    assert "127.0.0.1:9" in told.out + told.err
    assert "s3cret" not in told.out + told.err
    assert not holds(folder, b"s3cret")


def holds(folder: Path, word: bytes) -> bool:
    return any(word in path.read_bytes() for path in folder.rglob("*") if path.is_file())


class Door(ThreadingHTTPServer):
    """Turns everybody away, and writes down who came and which processes there were."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Visit)
        self.logins: list[str | None] = []
        self.processes = b""


class _Visit(BaseHTTPRequestHandler):
    server: Door

    def do_GET(self) -> None:
        self.server.logins.append(self.headers["Authorization"])
        for process in Path("/proc").glob("[0-9]*/cmdline"):
            with contextlib.suppress(OSError):
                self.server.processes += process.read_bytes()
        self.send_error(404)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def door() -> Iterator[Door]:
    with Door() as made:
        thread = threading.Thread(target=made.serve_forever, args=(0.01,))
        thread.start()
        yield made
        made.shutdown()
        thread.join()


@pytest.mark.parametrize(
    ("login", "sent"), [("ann:zeb%2Fra-0451", b"ann:zeb/ra-0451"), ("ra-0451", b"ra-0451:")]
)
@pytest.mark.skipif(not Path("/proc/self").exists(), reason="there is no list of processes here")
async def test_a_password_reaches_the_remote_and_no_list_of_processes(
    door: Door, folder: Path, login: str, sent: bytes
) -> None:
    mirror = Mirror(f"http://{login}@127.0.0.1:{door.server_port}/a.git", folder, lambda: NOW)
    await mirror.prepare()

    assert not await mirror.fetch()

    assert door.logins[0] == f"Basic {base64.b64encode(sent).decode()}"
    assert b"/a.git" in door.processes
    assert b"ra-0451" not in door.processes


def own_program(remote: Remote, first: str = "") -> Path:
    """Give a program that answers as the remote, and does something *first*."""
    program = remote.bare.with_name("ssh")
    write(program, f"#!/bin/sh\n{first}exec git-upload-pack {remote.bare}\n")
    program.chmod(0o700)
    return program


async def test_a_program_of_ones_own_reaches_the_remote(
    remote: Remote, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_SSH_COMMAND", str(own_program(remote)))
    mirror = Mirror("ann@example.org:a.git", folder, lambda: NOW)
    await mirror.prepare()

    assert await mirror.fetch()
    assert texts(folder) == {"a.md": "one"}


async def test_who_outlives_git_at_its_pipes_holds_nothing_up(
    remote: Remote, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = own_program(remote, "sleep 20 </dev/null >&2 &\n")
    monkeypatch.setenv("GIT_SSH_COMMAND", str(program))
    mirror = Mirror("ann@example.org:a.git", folder, lambda: NOW, patience=10)
    await mirror.prepare()

    assert await mirror.fetch()


async def test_another_repository_of_the_environment_is_left_alone(
    remote: Remote, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_DIR", str(remote.author / ".git"))
    monkeypatch.setenv("GIT_INDEX_FILE", str(remote.author / ".git" / "index"))
    remote.push({"a.md": None, "b.md": "two"})
    mirror = await mirror_of(remote, folder)

    assert await mirror.fetch()
    assert texts(folder) == {"b.md": "two"}
    assert texts(remote.author) == {"b.md": "two"}


async def test_a_file_systems_own_folder_is_no_other_file(remote: Remote, folder: Path) -> None:
    write(folder / "lost+found" / "#12.md", "of a file system that was mended")
    mirror = await mirror_of(remote, folder)

    assert await mirror.fetch()
    assert texts(folder) == {"a.md": "one"}


@pytest.mark.parametrize("lock", ["index.lock", "shallow.lock"])
async def test_what_a_killed_git_left_behind_is_cleared(
    remote: Remote, folder: Path, lock: str
) -> None:
    mirror = await mirror_of(remote, folder)
    await mirror.fetch()
    remote.push({"a.md": "two"})
    write(folder / ".git" / lock, "")

    assert await mirror.fetch()

    assert texts(folder) == {"a.md": "two"}


class Stalling(NamedTuple):
    """A remote that begins an answer and never goes on."""

    address: str
    visited: asyncio.Event


@pytest.fixture
async def stalling() -> AsyncIterator[Stalling]:
    visited, left = asyncio.Event(), asyncio.Event()

    async def stall(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n")
        visited.set()
        with contextlib.suppress(ConnectionResetError):
            await reader.read()
        writer.close()
        left.set()

    async with await asyncio.start_server(stall, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        yield Stalling(f"http://127.0.0.1:{port}/a.git", visited)
        await left.wait()


async def test_a_remote_that_stalls_is_given_up(stalling: Stalling, folder: Path) -> None:
    mirror = Mirror(stalling.address, folder, lambda: NOW, patience=1)
    await mirror.prepare()

    async with asyncio.timeout(60):
        assert not await mirror.fetch()

    assert mirror.fault == Fault(NOW, "git fetch took too long")


async def test_a_remote_that_stalls_keeps_nothing_from_ending(
    stalling: Stalling, folder: Path
) -> None:
    mirror = Mirror(stalling.address, folder, lambda: NOW)
    await mirror.prepare()
    running = asyncio.create_task(mirror.run())
    await stalling.visited.wait()

    running.cancel()

    assert await asyncio.wait({running}, timeout=60) == ({running}, set())


async def test_it_looks_when_woken_and_ends_when_cancelled(remote: Remote, folder: Path) -> None:
    mirror = await mirror_of(remote, folder)
    async with asyncio.timeout(60), asyncio.TaskGroup() as tasks:
        running = tasks.create_task(mirror.run())
        await _until(folder, {"a.md": "one"})
        remote.push({"a.md": "two"})
        mirror.wake()
        await _until(folder, {"a.md": "two"})
        running.cancel()


async def _until(folder: Path, expected: dict[str, str]) -> None:
    while texts(folder) != expected:  # noqa: ASYNC110  # files tell nobody
        await asyncio.sleep(0.02)
