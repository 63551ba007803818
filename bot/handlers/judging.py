"""Files that are not pushed by themselves: what admins see of them, and what they decide."""

from __future__ import annotations

from typing import TypeAlias

from telegram import CallbackQuery, Update

from bot.handlers import verdict_texts
from bot.handlers.context import Context
from bot.handlers.replies import acknowledge, answer, show
from bot.locale import Words
from bot.model import Message
from bot.rendering.callbacks import Dismiss, OpenVerdict, PushAnyway, Undecided
from bot.rendering.notices import notice
from bot.services.publications import (
    AlreadyPublished,
    Nobody,
    Published,
    Publishing,
    SourceAway,
    Stopped,
    TakenBack,
    Unknown,
)
from bot.services.verdicts import Verdicts

Word: TypeAlias = PushAnyway | Dismiss | Undecided | OpenVerdict


async def decided(update: Update, query: CallbackQuery, context: Context, word: Word) -> None:
    """Do what an admin decides about a file, or show what there is to decide about."""
    await acknowledge(query)
    w, verdicts = context.words(update), context.services.verdicts
    match word:
        case Dismiss(number):
            await _settle(query, number, verdicts, w("Left as it is."))
        case PushAnyway(number):
            await _settle(query, number, verdicts, _said(await verdicts.push(number), w))
        case Undecided(page):
            await show(query, verdict_texts.page(await verdicts.undecided(), page, w))
        case OpenVerdict(number):
            await answer(update, context, await _opened(number, verdicts, w))


async def _settle(query: CallbackQuery, number: int, verdicts: Verdicts, said: str) -> None:
    """Say what became of a file in the place of what was to be decided."""
    await show(query, verdict_texts.settled(await verdicts.path(number), said))


async def _opened(number: int, verdicts: Verdicts, w: Words) -> Message:
    found = (one for one in await verdicts.undecided() if one.number == number)
    verdict = next(found, None)
    if verdict is None:
        return notice(w("This file was mended, pushed or removed."))
    return verdict_texts.one(verdict, w)


def _said(result: Publishing | None, w: Words) -> str:
    match result:
        case Published():
            return w("On its way.")
        case AlreadyPublished():
            return w("This was pushed already.")
        case TakenBack():
            return w("This was taken back, and is not pushed again.")
        case Stopped():
            return w("This was stopped and goes to nobody else. /today with its date shows it.")
        case SourceAway():
            return w("Its source, which says where it goes, is away. Bring its folder back first.")
        case Nobody():
            return w("There is nobody to send it to yet.")
        case Unknown() | None:
            return w("The archive no longer has this digest.")
