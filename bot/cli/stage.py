"""The stage on which the unmodified bot plays: its process, its archive, its days."""

from __future__ import annotations

import asyncio
import os
import sys
import tempfile
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import date, datetime, time
from pathlib import Path

from bot.cli.archive import library_of, topics_of
from bot.cli.scenes import Scenes, copy_archive
from bot.locale import words
from bot.sandbox.sandbox import Sandbox
from bot.settings import Settings

MORNING = time(8)
GRACE_SECONDS = 10
# As long as the bot may take until it speaks to the sandbox.
START_SECONDS = 30


class Stage:
    """Runs the bot against a sandbox, and does what the page's stagehand is asked for.

    It works on a copy of the archive in *folder*, and on a state of its own there.
    """

    def __init__(
        self, box: Sandbox, settings: Settings, environment: Mapping[str, str], folder: Path
    ) -> None:
        self._box = box
        self._settings = settings
        self._archive = folder / "digests"
        copy_archive(settings.digest_dir, self._archive)
        library = library_of(self._archive, topics_of(settings), settings)
        self._scenes = Scenes(self._archive, library)
        self._environment = {
            **environment,
            "DATABASE_URL": f"sqlite+aiosqlite:///{folder / 'state.db'}",
            "INDEX_PATH": str(folder / "index.db"),
            "DIGEST_DIR": str(self._archive),
        }
        self._changing = asyncio.Lock()
        self._bot: asyncio.subprocess.Process | None = None

    async def begin(self) -> None:
        """Set the clock to the morning of the newest digest, and start the bot."""
        async with self._changing:
            newest = await asyncio.to_thread(self._scenes.newest_day)
            self._box.clock.set(self._morning(newest or self._today()))
            self._box.events.publish("stage", {"act": "begin", "now": self._box.clock.now()})
            await self._start()

    async def next_day(self) -> None:
        """Let the next day begin, with a digest of its own."""
        async with self._changing:
            day = await asyncio.to_thread(self._scenes.add_day)
            await self._end()
            self._box.clock.set(self._morning(day))
            await self._start()

    async def correct_today(self) -> None:
        """Mark a headline of the newest digest as edited, or in the end take the marks away."""
        w = words(self._settings.language)
        await asyncio.to_thread(self._scenes.correct, f" ({w('edited')})")

    async def restart(self) -> None:
        """Kill the bot without warning, and start it again."""
        async with self._changing:
            if self._bot is not None and self._bot.returncode is None:
                self._bot.kill()
                await self._bot.wait()
            await self._start()

    async def ended(self) -> int:
        """Wait until the bot ends without having been asked to; return its status."""
        while True:
            bot = self._bot
            status = await bot.wait() if bot else 0
            async with self._changing:
                if bot is self._bot:
                    return status

    async def end(self) -> None:
        """Stop the bot."""
        async with self._changing:
            await self._end()

    async def _start(self) -> None:
        """Start the bot as anyone would, at the sandbox's time, and wait until it is heard."""
        moment = self._box.clock.instant().isoformat()
        bot = self._bot = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "bot", "run", "--as-of", moment),
            env={**os.environ, **self._environment},
            stdin=asyncio.subprocess.DEVNULL,
        )
        ended = asyncio.create_task(bot.wait())
        heard = asyncio.create_task(self._hear())
        await asyncio.wait(
            {ended, heard}, timeout=START_SECONDS, return_when=asyncio.FIRST_COMPLETED
        )
        ended.cancel()
        heard.cancel()

    async def _hear(self) -> None:
        """Wait for the bot's next call."""
        with self._box.events.listening() as news:
            while (await news.get()).kind != "call":
                pass

    async def _end(self) -> None:
        bot = self._bot
        if bot is None or bot.returncode is not None:
            return
        bot.terminate()
        try:
            async with asyncio.timeout(GRACE_SECONDS):
                await bot.wait()
        except TimeoutError:
            bot.kill()
            await bot.wait()

    def _morning(self, day: date) -> datetime:
        """Give the moment at which a day's digest is due."""
        push_at = self._settings.push_at or MORNING
        return datetime.combine(day, push_at, tzinfo=self._settings.timezone)

    def _today(self) -> date:
        return datetime.now(self._settings.timezone).date()


@asynccontextmanager
async def staged(
    box: Sandbox, settings: Settings, environment: Mapping[str, str]
) -> AsyncIterator[Stage]:
    """Have the bot on the stage; everything of it is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="digestbot-") as folder:
        stage = await asyncio.to_thread(Stage, box, settings, environment, Path(folder))
        box.stagehand = stage
        try:
            await stage.begin()
            yield stage
        finally:
            await stage.end()
