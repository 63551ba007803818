"""What the sandbox asks of whoever put it and a bot together; without them it is not offered."""

from __future__ import annotations

from typing import Protocol


class Stagehand(Protocol):
    """Does what lies outside Telegram: days, digests, the bot's process.

    Raises LookupError, with the reason, where the archive has nothing to do it with.
    """

    async def next_day(self) -> None:
        """Let the next day begin, with a digest of its own."""

    async def correct_today(self) -> None:
        """Change a headline of today's digest."""

    async def restart(self) -> None:
        """Kill the bot without warning, and start it again."""
