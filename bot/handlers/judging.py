"""Files that are not pushed by themselves: what admins are told of them, and what they decide."""

from __future__ import annotations

from telegram import CallbackQuery

from bot.handlers.context import Context
from bot.handlers.replies import acknowledge, show
from bot.locale import Words
from bot.model import Message, Status
from bot.rendering.buttons import button
from bot.rendering.callbacks import Dismiss, PushAnyway
from bot.rendering.notices import notice
from bot.rendering.problems import explained
from bot.services.publishing import AlreadyPublished, Nobody, Published, Publishing, Unknown
from bot.services.verdicts import Verdict

PROBLEMS_SHOWN = 3


def verdict_notice(verdict: Verdict, w: Words) -> Message:
    """Tell of a file, with buttons to push it anyway or to leave it."""
    report = verdict.report
    leave = button(w("Leave it"), Dismiss(verdict.number))
    why = "\n".join(f"• {explained(problem, w)}" for problem in report.problems[:PROBLEMS_SHOWN])
    if report.status is Status.INVALID:
        return notice("\n".join([w("{file} cannot be read:", file=report.path), why]), leave)
    push = button(w("Push it anyway"), PushAnyway(verdict.number))
    return notice("\n".join([w("{file} is held back:", file=report.path), why]), push, leave)


def rest_notice(count: int, w: Words) -> Message:
    """Tell that there are more files than are shown."""
    text = w.plural(
        "{n} more file is not pushed; digestbot check says why.",
        "{n} more files are not pushed; digestbot check says why.",
        count,
    )
    return notice(text)


async def decided(
    query: CallbackQuery, context: Context, word: PushAnyway | Dismiss, w: Words
) -> None:
    """Do what an admin decides about a file."""
    await acknowledge(query)
    if isinstance(word, Dismiss):
        await show(query, notice(w("Left as it is.")))
    else:
        await show(query, notice(_said(await context.services.verdicts.push(word.verdict), w)))


def _said(result: Publishing | None, w: Words) -> str:
    match result:
        case Published():
            return w("On its way.")
        case AlreadyPublished():
            return w("This was pushed already.")
        case Nobody():
            return w("There is nobody to send it to yet.")
        case Unknown() | None:
            return w("The archive no longer has this digest.")
