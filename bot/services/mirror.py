"""Keeps a folder equal to a Git remote, and never loses what it last had."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import os
import re
import shutil
import signal
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO
from urllib.parse import unquote

import structlog
from msgspec import Struct

from bot.digests.judgement import is_index_page
from bot.digests.library import LOST_AND_FOUND, is_text

log = structlog.get_logger()

EVERY_SECONDS = 300
PATIENCE_SECONDS = 300

_MARK = "digestbot.mirror"
_PUSHED = "refs/remotes/origin/pushed"
_CREDENTIALS = re.compile(r"(?<=://)[^/\s]*@")
# What an archive is read from: a database of ours that lies in the folder is no stray file.
_READ = (":(icase)*.md", ":(icase)*.markdown", ":(icase)*.txt", ":(glob)**/source.toml")
# How a remote is reached is for the operator to say.
_REACHING = ("GIT_SSH", "GIT_SSL_", "GIT_HTTP_", "GIT_PROXY_", "GIT_ASKPASS")
_OVER_HTTP = re.compile(r"https?://(?P<login>[^/\s]*)@")


class MirrorError(Exception):
    """The folder cannot be a mirror; the message says what to do."""


class _GitError(Exception):
    """Git refused; the message is Git's own, without credentials."""


class Fault(Struct, frozen=True):
    """Why a remote is not fetched, and since when."""

    since: datetime
    why: str


class Mirror:
    """Fetches a remote into a folder, now and then and when woken; *fault* is why it cannot."""

    def __init__(
        self,
        remote: str,
        folder: Path,
        now: Callable[[], datetime],
        patience: float = PATIENCE_SECONDS,
    ) -> None:
        self._remote = remote
        self._folder = folder
        self._now = now
        self._patience = patience
        self._woken = asyncio.Event()
        self.fault: Fault | None = None

    def wake(self) -> None:
        """Look now: somebody says that there is something new."""
        self._woken.set()

    async def prepare(self) -> None:
        """Make the folder a mirror, unless it is one.

        Raises:
            MirrorError: something else lies there, or there is no Git.
        """
        if shutil.which("git") is None:
            raise MirrorError("git is not installed")
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            if all(path.name == LOST_AND_FOUND for path in self._folder.iterdir()):
                await self._git("init", "--quiet")
                await self._git("config", _MARK, "true")
            elif await self._git("config", "--get", "--default=", _MARK) != "true":
                raise MirrorError(f"{self._folder} holds other files: choose an empty folder")
        except (OSError, _GitError) as error:
            raise MirrorError(f"{self._folder}: {error}") from error

    def _unlock(self) -> None:
        """Remove the locks of a Git that was killed: nobody else works here."""
        for lock in (self._folder / ".git").rglob("*.lock"):
            lock.unlink(missing_ok=True)

    async def run(self) -> None:
        """Fetch for ever."""
        while True:
            self._woken.clear()
            await self.fetch()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(EVERY_SECONDS):
                    await self._woken.wait()

    async def fetch(self) -> bool:
        """Take over what the remote has; tell whether that worked. What fails changes nothing."""
        try:
            await asyncio.to_thread(self._unlock)
            await self._git(
                "fetch", "--quiet", "--no-tags", "--depth=1", "origin", f"+HEAD:{_PUSHED}"
            )
            await self._refuse_emptied()
            # Not merged: a rewritten history has nothing in common with ours.
            await self._git("reset", "--quiet", "--hard", _PUSHED)
            await self._git("clean", "--quiet", "-ffdx", "--", *_READ)
        except (_GitError, OSError) as error:
            self._failed(str(error))
            return False
        self._worked()
        return True

    async def _refuse_emptied(self) -> None:
        """An archive that lost all its digests at once was emptied by mistake."""
        if not _has_digests(await self._git("ls-tree", "-r", "-z", "--name-only", _PUSHED)):
            raise _GitError("the remote has no digests: put one there")

    def _failed(self, why: str) -> None:
        if self.fault is None or self.fault.why != why:
            log.warning("archive not fetched, the last state stays", problem=why)
        self.fault = Fault(self.fault.since if self.fault else self._now(), why)

    def _worked(self) -> None:
        if self.fault:
            log.info("archive fetched again")
        self.fault = None

    async def _git(self, *arguments: str) -> str:
        # Not pipes: what it started may outlive it, as a connection that ssh keeps, and hold them.
        with TemporaryFile() as said, TemporaryFile() as complained:
            process = await asyncio.create_subprocess_exec(
                "git",
                "-c",
                "core.hooksPath=/dev/null",
                # Else it tidies up when we think it has ended, under locks that we would break.
                "-c",
                "gc.autoDetach=false",
                *arguments,
                cwd=self._folder,
                env=self._environment(),
                stdin=asyncio.subprocess.DEVNULL,
                stdout=said,
                stderr=complained,
                start_new_session=True,
            )
            await self._ended(process, arguments[0])
            if process.returncode:
                raise _GitError(self._hidden(_text_of(complained)))
            return _text_of(said).strip()

    async def _ended(self, process: asyncio.subprocess.Process, command: str) -> None:
        try:
            async with asyncio.timeout(self._patience):
                await process.wait()
        except TimeoutError:
            raise _GitError(f"git {command} took too long") from None
        finally:
            if process.returncode is None:
                # With all that it started, which a stalled remote holds.
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(process.pid, signal.SIGKILL)
                await process.wait()

    def _environment(self) -> dict[str, str]:
        """Name the folder, so that Git never works on one above it, and the remote."""
        return (
            {name: value for name, value in os.environ.items() if _may_decide(name)}
            | self._configuration()
            | {
                "GIT_DIR": str(self._folder.resolve() / ".git"),
                "GIT_WORK_TREE": str(self._folder.resolve()),
                "GIT_TERMINAL_PROMPT": "0",
                "LC_ALL": "C",
            }
        )

    def _configuration(self) -> dict[str, str]:
        """Name the remote; a password in it goes where no list of processes and no file shows it.

        Git names the remote to the program that it starts, so the address may not hold one.
        """
        configured = {"remote.origin.url": self._remote}
        if over_http := _OVER_HTTP.match(self._remote):
            bare = _CREDENTIALS.sub("", self._remote)
            header = f"Authorization: Basic {_basic(over_http['login'])}"
            configured = {"remote.origin.url": bare, f"http.{bare}.extraHeader": header}
        count = {"GIT_CONFIG_COUNT": str(len(configured))}
        keys = {f"GIT_CONFIG_KEY_{number}": key for number, key in enumerate(configured)}
        values = enumerate(configured.values())
        return count | keys | {f"GIT_CONFIG_VALUE_{number}": value for number, value in values}

    def _hidden(self, text: str) -> str:
        bare = _CREDENTIALS.sub("", self._remote)
        return " ".join(_CREDENTIALS.sub("", text.replace(self._remote, bare)).split())


def _may_decide(variable: str) -> bool:
    """Tell whether a variable is about anything but the repository that Git works on."""
    return not variable.startswith("GIT_") or variable.startswith(_REACHING)


def _text_of(file: IO[bytes]) -> str:
    file.seek(0)
    return file.read().decode(errors="replace")


def _has_digests(listed: str) -> bool:
    return any(is_text(path) and not is_index_page(path) for path in listed.split("\0"))


def _basic(login: str) -> str:
    """Write the login of an address as HTTP's header wants it."""
    name, _, password = login.partition(":")
    return base64.b64encode(f"{unquote(name)}:{unquote(password)}".encode()).decode()
