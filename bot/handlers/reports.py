"""What the delivery worker has to tell the admins."""

from __future__ import annotations

from collections.abc import Sequence

import structlog
from telegram import Bot
from telegram.error import TelegramError

from bot.locale import Words, words
from bot.model import Message
from bot.rendering.buttons import button
from bot.rendering.callbacks import Arrived
from bot.rendering.notices import notice
from bot.services.delivery import Listener
from bot.services.outcomes import Rejected, Sent
from bot.settings import Settings
from bot.storage.records import Delivery, Doubt, Summary
from bot.telegram_api.sender import arguments

log = structlog.get_logger()


class Reports(Listener):
    """Writes to the admins in their private chats, in the operator's language."""

    def __init__(self, bot: Bot, settings: Settings) -> None:
        self._bot = bot
        self._admins = settings.admin_ids
        self._w = words(settings.language)

    async def finished(self, summary: Summary) -> None:
        """Tell who announced something how many got it."""
        if summary.admin_id is not None:
            await self._tell(summary.admin_id, notice(_count(summary, self._w)))

    async def doubtful(self, doubts: Sequence[Doubt]) -> None:
        """Ask whether posts in groups arrived, before they are repeated."""
        w = self._w
        for doubt in doubts:
            text = w(
                "A post to {chat} was on its way when the connection broke. Can you see it there? "
                "Without an answer it is sent again at {time}.",
                chat=doubt.chat_id,
                time=f"{doubt.until:%H:%M} UTC",
            )
            yes = button(w("It is there"), Arrived(doubt.delivery_id, sent=True))
            no = button(w("It is not"), Arrived(doubt.delivery_id, sent=False))
            await self._tell_all(notice(text, yes, no))

    async def refused(self, delivery: Delivery, outcome: Rejected | Sent) -> None:
        """Tell of a message that Telegram did not take as it was."""
        reason = outcome.plain if isinstance(outcome, Sent) else outcome.reason
        text = self._w(
            "Telegram refused a message to {chat}: {reason}", chat=delivery.chat_id, reason=reason
        )
        await self._tell_all(notice(text))

    async def _tell_all(self, message: Message) -> None:
        for admin in self._admins:
            await self._tell(admin, message)

    async def _tell(self, admin: int, message: Message) -> None:
        try:
            await self._bot.send_message(admin, **arguments(message))
        except TelegramError as error:
            log.warning("admin not told", admin=admin, error=error.message)


def _count(summary: Summary, w: Words) -> str:
    progress = summary.progress
    text = w("Announced: {sent} of {total} have it.", sent=progress.sent, total=progress.total)
    reasons = [
        w("{n} failed: {reason}", n=n, reason=reason) for reason, n in progress.failed.items()
    ]
    return "\n".join([text, *reasons])
