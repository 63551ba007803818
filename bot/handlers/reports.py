"""What the delivery worker has to tell the admins."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TypeAlias

import structlog
from telegram import Bot
from telegram.error import TelegramError

from bot.handlers.judging import rest_notice, verdict_notice
from bot.locale import Words, words
from bot.model import Message
from bot.rendering.buttons import button
from bot.rendering.callbacks import Arrived, Recall
from bot.rendering.notices import notice
from bot.rendering.posts import digest_name
from bot.rendering.reasons import explained
from bot.services.archive import Archive
from bot.services.subscriptions import Subscriptions
from bot.services.telling import Listener
from bot.services.verdicts import Verdict
from bot.storage.records import Delivery, Doubt, Progress, Summary
from bot.telegram_api.sender import arguments

log = structlog.get_logger()

Named: TypeAlias = Callable[[Words], str]
"""Names a digest in one's language."""


class Reports(Listener):
    """Writes to the admins in their private chats, each in their language."""

    def __init__(
        self,
        bot: Bot,
        admins: frozenset[int],
        subscriptions: Subscriptions,
        archive: Archive,
        language: str,
    ) -> None:
        self._bot = bot
        self._admins = admins
        self._subscriptions = subscriptions
        self._archive = archive
        self._language = language

    async def finished(self, summary: Summary) -> None:
        """Tell who announced something how many got it; of a digest's push all, once."""
        if summary.admin_id is not None:
            w = await self._words(summary.admin_id)
            await self._tell(summary.admin_id, _result(summary, None, w))
        elif summary.recalled or not summary.again:
            named = await self._named(summary.digest_id)
            await self._tell_all(partial(_result, summary, named))

    async def doubtful(self, doubts: Sequence[Doubt]) -> None:
        """Ask whether posts in groups arrived, before they are repeated."""
        await self._tell_all(*(partial(_question, doubt) for doubt in doubts))

    async def refused(self, delivery: Delivery, reason: str, digest_id: str | None) -> None:
        """Tell of a message that Telegram did not take as it was."""
        named = await self._named(digest_id)
        await self._tell_all(partial(_refusal, delivery.chat_id, reason, named))

    async def judged(self, found: Sequence[Verdict], others: int) -> None:
        """Tell of files that are not pushed by themselves."""
        told = [partial(verdict_notice, verdict) for verdict in found]
        await self._tell_all(*told, *([partial(rest_notice, others)] if others else []))

    async def _tell_all(self, *told: Callable[[Words], Message]) -> None:
        # Languages first: what is told again for want of a database must not be half told before.
        spoken = {admin: await self._words(admin) for admin in self._admins}
        for one in told:
            for admin, w in spoken.items():
                await self._tell(admin, one(w))

    async def _named(self, digest_id: str | None) -> Named | None:
        """Give what names a digest, which the archive may no longer have."""
        if digest_id is None:
            return None
        digest = await self._archive.digest(digest_id)
        title = self._archive.titles().get(digest.source, "") if digest else ""
        return partial(digest_name, digest_id, digest, title)

    async def _words(self, admin: int) -> Words:
        return words(await self._subscriptions.language(admin) or self._language)

    async def _tell(self, admin: int, message: Message) -> None:
        try:
            await self._bot.send_message(admin, **arguments(message))
        except TelegramError as error:
            log.warning("admin not told", admin=admin, error=error.message)


def _question(doubt: Doubt, w: Words) -> Message:
    text = w(
        "A post to {chat} was on its way when the connection broke. Can you see it there? "
        "Without an answer it is sent again at {time}.",
        chat=doubt.chat_id,
        time=f"{doubt.until:%H:%M} UTC",
    )
    yes = button(w("It is there"), Arrived(doubt.delivery_id, sent=True))
    no = button(w("It is not"), Arrived(doubt.delivery_id, sent=False))
    return notice(text, yes, no)


def _refusal(chat: int, reason: str, named: Named | None, w: Words) -> Message:
    reason = explained(reason, w)
    if named is None:
        text = w("Telegram refused a message to {chat}: {reason}", chat=chat, reason=reason)
    else:
        text = w(
            "Telegram refused {digest} to {chat}: {reason}",
            digest=named(w),
            chat=chat,
            reason=reason,
        )
    return notice(text)


def _result(summary: Summary, named: Named | None, w: Words) -> Message:
    if summary.recalled:
        return notice(recalled(summary.progress, w))
    take_back = button(w("Take it back"), Recall(summary.broadcast_id, sure=False))
    return notice(_count(summary, named, w), take_back if summary.progress.sent else None)


def _count(summary: Summary, named: Named | None, w: Words) -> str:
    progress = summary.progress
    counts = {"sent": progress.sent, "total": progress.total}
    if named:
        text = w("Pushed {digest}: {sent} of {total} have it.", digest=named(w), **counts)
    else:
        text = w("Announced: {sent} of {total} have it.", **counts)
    reasons = [
        w("{n} failed: {reason}", n=n, reason=explained(reason, w))
        for reason, n in progress.failed.items()
    ]
    if progress.waiting:
        reasons.append(
            w.plural(
                "{n} waits for the end of its quiet hours.",
                "{n} wait for the end of their quiet hours.",
                progress.waiting,
            )
        )
    return "\n".join([text, *reasons])


def recalled(progress: Progress, w: Words) -> str:
    """Say how far a recall is."""
    done, left = progress.recalled, progress.standing
    if not progress.done:
        total = done + left + progress.pending
        return w("Taking it back: {done} of {total} so far.", done=done, total=total)
    if left:
        return w(
            "Taken back: {done} of {total}. {left} could not be, and still stand.",
            done=done,
            total=done + left,
            left=left,
        )
    return w("Taken back everywhere.")
