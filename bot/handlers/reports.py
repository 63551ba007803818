"""What the delivery worker has to tell the admins."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from zoneinfo import ZoneInfo

import structlog
from telegram import Bot
from telegram.error import TelegramError

from bot.handlers import report_texts, verdict_texts
from bot.handlers.report_texts import Named
from bot.locale import Words, words
from bot.model import Message
from bot.rendering.posts import digest_name
from bot.services.archive import Archive
from bot.services.subscriptions import Subscriptions
from bot.services.telling import Listener
from bot.services.verdicts import Verdict
from bot.storage.records import Doubt, Refused, Summary
from bot.telegram_api.patience import Patience
from bot.telegram_api.sender import arguments

log = structlog.get_logger()


class Reports(Listener):
    """Writes to the admins in their private chats, each in their language."""

    def __init__(
        self,
        bot: Bot,
        admins: frozenset[int],
        subscriptions: Subscriptions,
        archive: Archive,
        language: str,
        timezone: ZoneInfo,
    ) -> None:
        self._bot = bot
        self._admins = admins
        self._subscriptions = subscriptions
        self._archive = archive
        self._language = language
        self._timezone = timezone
        self._patience = Patience()

    async def finished(self, summary: Summary) -> None:
        """Tell who announced something how many got it; of a digest's push all, once.

        Where admins follow how far it is, they see that, too.
        """
        # Languages first, as in `_tell_all`.
        seen = [(*place, await self._words(place[0])) for place in summary.followed]
        if summary.admin_id is not None:
            w = await self._words(summary.admin_id)
            await self._tell(summary.admin_id, report_texts.result(summary, None, w))
        elif summary.recalled or not summary.again:
            named = await self._named(summary.digest_id)
            await self._tell_all(partial(report_texts.result, summary, named))
        for chat_id, message_id, w in seen:
            await self._show(chat_id, message_id, summary, w)

    async def doubtful(self, doubts: Sequence[Doubt]) -> None:
        """Ask whether posts in groups arrived, before they are repeated."""
        named = [await self._named(doubt.digest_id) for doubt in doubts]
        ask, zone = report_texts.question, self._timezone
        await self._tell_all(
            *(partial(ask, doubt, name, zone) for doubt, name in zip(doubts, named, strict=True))
        )

    async def refused(self, refused: Refused) -> None:
        """Tell of a message that Telegram did not take as it was."""
        named = await self._named(refused.digest_id)
        await self._tell_all(partial(report_texts.refusal, refused, named))

    async def judged(self, found: Sequence[Verdict], others: int) -> bool:
        """Tell of files that are not pushed by themselves; say whether any admin could hear."""
        told = [partial(verdict_texts.one, verdict) for verdict in found]
        more = [partial(verdict_texts.rest, others)] if others else []
        return await self._tell_all(*told, *more)

    async def _tell_all(self, *told: Callable[[Words], Message]) -> bool:
        # Languages first: what is told again for want of a database must not be half told before.
        spoken = {admin: await self._words(admin) for admin in self._admins}
        return any([await self._tell(admin, one(w)) for one in told for admin, w in spoken.items()])

    async def _named(self, digest_id: str | None) -> Named | None:
        """Give what names a digest, which the archive may no longer have."""
        if digest_id is None:
            return None
        digest = await self._archive.digest(digest_id)
        title = self._archive.titles().get(digest.source, "") if digest else ""
        return partial(digest_name, digest_id, digest, title)

    async def _words(self, admin: int) -> Words:
        return words(await self._subscriptions.language(admin) or self._language)

    async def _show(self, admin: int, message_id: int, summary: Summary, w: Words) -> None:
        shown = report_texts.how_far(summary.broadcast_id, summary.progress, w)
        edit = partial(
            self._bot.edit_message_text,
            chat_id=admin,
            message_id=message_id,
            **arguments(report_texts.about(summary.opening, shown)),
        )
        try:
            await self._patience(edit)
        except TelegramError as error:
            log.info("progress not shown", admin=admin, error=error.message)

    async def _tell(self, admin: int, message: Message) -> bool:
        send = partial(self._bot.send_message, admin, **arguments(message))
        try:
            # A question lost to the network that lost the post would be a post repeated blindly.
            await self._patience(send)
        except TelegramError as error:
            log.warning("admin not told", admin=admin, error=error.message)
            return False
        return True
