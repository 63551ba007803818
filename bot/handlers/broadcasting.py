"""``/broadcast``: an admin sees the announcement as it will be, and confirms it."""

from __future__ import annotations

from typing import TypeAlias

import structlog
from telegram import CallbackQuery, Update

from bot.handlers.context import Context, Services, is_private, message_of
from bot.handlers.replies import acknowledge, answer, say, show
from bot.handlers.report_texts import about, how_far, on_its_way, stopping
from bot.locale import Words, words
from bot.model import Message
from bot.rendering.buttons import button
from bot.rendering.callbacks import Arrived, Drop, HowFar, Recall, Send, Stop
from bot.rendering.notices import notice
from bot.rendering.payload import plain_text
from bot.storage.records import DeliveryState
from bot.text.normalise import normalise

log = structlog.get_logger()

Word: TypeAlias = Send | Drop | Arrived | Recall | Stop | HowFar


async def broadcast(update: Update, context: Context) -> None:
    """Show an admin the announcement and ask for the word to send it."""
    w, text = context.words(update), _text_of(update)
    if not is_private(update):
        await say(
            update,
            context,
            w("Announcements are made in our own chat, where you can see them first."),
        )
    elif not normalise(plain_text(text)).strip():
        await say(
            update,
            context,
            w("Write the announcement behind the command: /broadcast Hello everyone!"),
        )
    else:
        await _preview(update, context, Message(text))


async def refused(update: Update, context: Context) -> None:
    """Refuse an announcement of someone who is no admin."""
    user = update.effective_user
    log.warning("broadcast refused", user=user and user.id)
    w = context.words(update)
    await say(update, context, w("Only this bot's admins may do that."))


async def decided(query: CallbackQuery, context: Context, word: Word, w: Words) -> None:
    """Take an admin's word."""
    await acknowledge(query)
    services = context.services
    if query.message and not isinstance(word, Drop | Arrived):
        at = query.message.chat.id, query.message.message_id
        await services.broadcasts.follow(word.broadcast, *at)
    said = await _decide(query.from_user.id, services, word, w)
    if isinstance(word, Recall | Stop | HowFar):
        said = about(await services.broadcasts.opening(word.broadcast), said)
    await show(query, said)


async def _preview(update: Update, context: Context, message: Message) -> None:
    w, admin = context.words(update), message_of(update).chat_id
    await answer(update, context, message)
    draft = await context.services.broadcasts.draft(admin, [message])
    question = w.plural(
        "This goes to {n} chat. Send it?", "This goes to {n} chats. Send it?", draft.recipients
    )
    yes, no = button(w("Send"), Send(draft.id)), button(w("Cancel"), Drop(draft.id))
    await say(update, context, question, yes, no)


async def _decide(admin: int, services: Services, word: Word, w: Words) -> Message:
    match word:
        case Recall():
            return await _recall(admin, services, word, w)
        case Stop(broadcast_id, sure):
            return await _stop(services, broadcast_id, w, sure=sure)
        case HowFar(broadcast_id):
            return await _how_far(services, broadcast_id, w)
        case Send(draft_id):
            return await _send(admin, services, draft_id, w)
        case Drop(draft_id):
            return await _drop(services, draft_id, w)
        case Arrived(delivery_id, sent):
            became = await services.worker.resolve(delivery_id, sent=sent)
            return notice(_resolved(became, w, sent=sent))


async def _send(admin: int, services: Services, draft_id: int, w: Words) -> Message:
    if await services.broadcasts.confirm(draft_id, admin):
        text = w("On its way. I'll tell you when everyone has it.")
        return notice(text, *on_its_way(draft_id, w))
    said = w("This announcement was sent or cancelled already.")
    return await _already(services, draft_id, said, w)


async def _drop(services: Services, draft_id: int, w: Words) -> Message:
    if await services.broadcasts.drop(draft_id):
        return notice(w("Cancelled. Nobody gets it."))
    said = w("It was cancelled already, or is on its way and can be taken back.")
    return await _already(services, draft_id, said, w)


async def _already(services: Services, draft_id: int, otherwise: str, w: Words) -> Message:
    """Say how far it is that was sent by an earlier press, or else *otherwise*."""
    progress = await services.broadcasts.progress(draft_id)
    if progress is None or not progress.total:
        return notice(otherwise)
    opening = await services.broadcasts.opening(draft_id)
    return about(opening, how_far(draft_id, progress, w))


async def _stop(services: Services, broadcast_id: int, w: Words, *, sure: bool) -> Message:
    progress = await services.broadcasts.progress(broadcast_id)
    if progress is None or progress.done or progress.taken_back:
        return await _how_far(services, broadcast_id, w)
    if not sure:
        return stopping(broadcast_id, progress, w)
    if await services.broadcasts.stop(broadcast_id):
        return notice(w("Stopping. I'll tell you who has it."))
    return await _how_far(services, broadcast_id, w)


async def _recall(admin: int, services: Services, word: Recall, w: Words) -> Message:
    broadcast_id = word.broadcast
    if word.sure:
        await services.broadcasts.recall(broadcast_id, admin, _instead(words(services.language)))
    progress = await services.broadcasts.progress(broadcast_id)
    if progress and progress.taken_back:
        return how_far(broadcast_id, progress, w)
    if word.sure:
        return notice(w("Only who announced this can take it back."))
    yes = button(w("Yes, take it back"), Recall(broadcast_id, sure=True))
    no = button(w("No, leave it"), HowFar(broadcast_id))
    question = w("It is deleted wherever it went; after two days a notice takes its place.")
    return notice(question, yes, no)


def _instead(w: Words) -> Message:
    """Say what stands where a message cannot be deleted any more."""
    return notice(w("This message was taken back."))


async def _how_far(services: Services, broadcast_id: int, w: Words) -> Message:
    progress = await services.broadcasts.progress(broadcast_id)
    if progress is None:
        return notice(w("This was settled already."))
    return how_far(broadcast_id, progress, w)


def _resolved(became: DeliveryState | None, w: Words, *, sent: bool) -> str:
    if became is None:
        return w("This was settled already.")
    if sent:
        return w("Good, it is not sent again.")
    if became is DeliveryState.SKIPPED:
        return w("It is not sent again: I am not in the group, or it gets nothing more.")
    return w("Good, it is sent again.")


def _text_of(update: Update) -> str:
    """Give what follows the command, with the admin's own formatting."""
    message = message_of(update)
    command = next(iter(message.parse_entities(["bot_command"]).values()), "")
    return message.text_html.removeprefix(command).strip()
