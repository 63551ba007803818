"""``/status``: what is being sent, who waits for what, what is not fetched and not pushed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from math import ceil

from telegram import Update

from bot.handlers.context import Context
from bot.handlers.replies import say
from bot.handlers.report_texts import counted, counted_back
from bot.locale import Words
from bot.rendering.buttons import button
from bot.rendering.callbacks import Undecided
from bot.rendering.reasons import explained
from bot.services.mirror import Fault
from bot.storage.records import Delay, UnderWay
from bot.telegram_api.lanes import Cause
from bot.telegram_api.limiter import limiter_of
from bot.text.units import shorten

MAX_WHY = 300


async def status(update: Update, context: Context) -> None:
    """Tell an admin what is being sent, what waits and for what, and how much is not pushed."""
    w = context.words(update)
    under_way = await context.services.broadcasts.under_way()
    sending = [_sending(one, w) for one in under_way]
    waits = [*_requests(context), *await _deliveries(context, under_way)]
    lines = [*(sending or [w("Nothing is being sent.")]), *(_waiting(one, w) for one in waits)]
    if (mirror := context.services.mirror) and mirror.fault:
        lines.append(_not_fetched(mirror.fault, w))
    show = None
    if undecided := len(await context.services.verdicts.undecided()):
        lines.append(w.plural("{n} file is not pushed.", "{n} files are not pushed.", undecided))
        show = button(w("Show them all"), Undecided())
    await say(update, context, "\n".join(lines), show)


def _sending(one: UnderWay, w: Words) -> str:
    if one.progress.taken_back:
        return _taking_back(one, w)
    counts = counted(one.progress, w)
    if one.digest_id is None:
        return w("An announcement: {n} of {total} sent.", **counts)
    return w("{digest}: {n} of {total} sent.", digest=one.digest_id, **counts)


def _taking_back(one: UnderWay, w: Words) -> str:
    counts = counted_back(one.progress, w)
    if one.digest_id is None:
        return w("An announcement is being taken back: {done} of {total} so far.", **counts)
    return w(
        "{digest} is being taken back: {done} of {total} so far.", digest=one.digest_id, **counts
    )


def _requests(context: Context) -> Iterator[Delay]:
    """Give what requests wait for that are on their way."""
    left: defaultdict[Cause, list[float]] = defaultdict(list)
    for one in limiter_of(context.bot).waiting():
        left[one.cause].append(one.left)
    yield from (Delay(len(seconds), cause, max(seconds)) for cause, seconds in left.items())


async def _deliveries(context: Context, under_way: Sequence[UnderWay]) -> list[Delay]:
    """Give what messages wait for that are to be sent later."""
    later = list(await context.services.broadcasts.delays())
    at_hand = sum(one.progress.at_hand for one in under_way)
    others = at_hand - sum(one.messages for one in later)
    if others > 0 and (left := context.services.worker.halted_for):
        later.append(Delay(others, Cause.BOT_HALTED, left))
    return later


def _not_fetched(fault: Fault, w: Words) -> str:
    return w(
        "Fetching the archive from Git has failed since {moment}: {why}",
        moment=w.instant(fault.since),
        why=shorten(fault.why, MAX_WHY),
    )


def _waiting(one: Delay, w: Words) -> str:
    return w.plural(
        "{n} request waits, {seconds} s more: {cause}",
        "{n} requests wait, the last {seconds} s more: {cause}",
        one.messages,
        seconds=w.number(max(ceil(one.left), 1)),
        cause=explained(one.reason, w),
    )
