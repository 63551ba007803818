"""``/status``: what is being sent, who waits for what, and what is not pushed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from telegram import Update

from bot.handlers.context import Context
from bot.handlers.replies import say
from bot.locale import Words
from bot.rendering.buttons import button
from bot.rendering.callbacks import Undecided
from bot.rendering.reasons import explained
from bot.storage.records import UnderWay
from bot.telegram_api.lanes import Cause, Waiting
from bot.telegram_api.limiter import limiter_of


async def status(update: Update, context: Context) -> None:
    """Tell an admin what is being sent, what waits and for what, and how much is not pushed."""
    w = context.words(update)
    waiting = limiter_of(context.bot).waiting()
    sending = [_sending(one, w) for one in await context.services.broadcasts.under_way()]
    lines = [*(sending or [w("Nothing is being sent.")]), *_causes(waiting, w)]
    show = None
    if undecided := len(await context.services.verdicts.undecided()):
        lines.append(w.plural("{n} file is not pushed.", "{n} files are not pushed.", undecided))
        show = button(w("Show them all"), Undecided())
    await say(update, context, "\n".join(lines), show)


def _sending(one: UnderWay, w: Words) -> str:
    sent, total = one.progress.sent, one.progress.total
    if one.digest_id is None:
        return w.plural(
            "An announcement: {n} of {total} has it.",
            "An announcement: {n} of {total} have it.",
            sent,
            total=total,
        )
    return w.plural(
        "{digest}: {n} of {total} has it.",
        "{digest}: {n} of {total} have it.",
        sent,
        digest=one.digest_id,
        total=total,
    )


def _causes(waiting: Iterable[Waiting], w: Words) -> list[str]:
    """Say of each cause how many wait for it, and for how long still."""
    left: defaultdict[Cause, list[float]] = defaultdict(list)
    for one in waiting:
        left[one.cause].append(one.left)
    return [
        w.plural(
            "{n} request waits, {seconds} s more: {cause}",
            "{n} requests wait, the last {seconds} s more: {cause}",
            len(seconds),
            seconds=w.number(round(max(seconds))),
            cause=explained(cause, w),
        )
        for cause, seconds in left.items()
    ]
