"""What admins read of broadcasts: results, how far they are, posts in doubt, refusals."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TypeAlias
from zoneinfo import ZoneInfo

from msgspec.structs import replace

from bot.locale import Words
from bot.model import Button, Message
from bot.rendering.bidi import isolated
from bot.rendering.buttons import button
from bot.rendering.callbacks import Arrived, HowFar, Recall, Stop
from bot.rendering.notices import notice
from bot.rendering.payload import plain_text
from bot.rendering.reasons import explained
from bot.rendering.rich import html, line
from bot.storage.records import Doubt, Instead, Missed, Progress, Refused, Summary, Task
from bot.text.units import shorten

OPENING = 60
"""So many UTF-16 units tell which broadcast is meant."""

Named: TypeAlias = Callable[[Words], str]
"""Names a digest in one's language."""


def question(doubt: Doubt, named: Named | None, zone: ZoneInfo, w: Words) -> Message:
    """Ask whether a post can be seen in its chat."""
    known = {
        "chat": _place(doubt.chat_title, doubt.chat_id, doubt.thread_id),
        "time": f"{doubt.until.astimezone(zone):%H:%M}",
    }
    if named is None:
        text = w(
            "A post to {chat} was on its way when the connection broke. Can you see it there? "
            "Without an answer it is sent again at {time}.",
            **known,
        )
    else:
        text = w(
            "{digest} was on its way to {chat} when the connection broke. Can you see it there? "
            "Without an answer it is sent again at {time}.",
            digest=named(w),
            **known,
        )
    yes = button(w("It is there"), Arrived(doubt.delivery_id, sent=True))
    no = button(w("It is not"), Arrived(doubt.delivery_id, sent=False))
    return notice(text, yes, no)


def refusal(refused: Refused, named: Named | None, w: Words) -> Message:
    """Tell of a message that Telegram did not take as it was, and what was done instead."""
    chat = _place(refused.chat_title, refused.delivery.chat_id, refused.delivery.topic)
    reason = explained(refused.reason, w)
    match refused.instead:
        case Instead.MAIN_THREAD:
            instead = [w("It goes to the main thread of the group instead.")]
        case Instead.PLAIN:
            instead = [w("It goes as plain words instead, without buttons.")]
        case None:
            instead = []
    if refused.delivery.task is not Task.SEND and not instead:
        said = w("A post in {chat} could not be changed: {reason}", chat=chat, reason=reason)
    elif named is None:
        said = w("Telegram refused a message to {chat}: {reason}", chat=chat, reason=reason)
    else:
        known = {"digest": named(w), "chat": chat, "reason": reason}
        said = w("Telegram refused {digest} to {chat}: {reason}", **known)
    return notice("\n".join([said, *instead]))


def result(summary: Summary, named: Named | None, w: Words) -> Message:
    """Say how many got a broadcast, or how many still see one that was taken back."""
    progress = summary.progress
    if summary.recalled:
        return about(summary.opening, notice(recalled(progress, w)))
    missed = [_missed(one, w) for one in summary.missed]
    text = "\n".join([_headline(summary, named, w), *_others(progress, w), *missed])
    said = notice(text, _take_back(summary.broadcast_id, progress, w))
    return said if named else about(summary.opening, said)


def about(opening: Message | None, said: Message) -> Message:
    """Say first what broadcast it is about, by its first words: an admin may have several."""
    words = plain_text(opening.text).strip().partition("\n")[0] if opening else ""
    if not words:
        return said
    return replace(said, text=f"{html(isolated(line(shorten(words, OPENING))))}\n{said.text}")


def how_far(broadcast_id: int, progress: Progress, w: Words) -> Message:
    """Say how far a broadcast or its recall is, with the buttons that fit."""
    if progress.taken_back:
        more = None if progress.done else _ask_again(broadcast_id, w)
        return notice(recalled(progress, w), more)
    text = "\n".join([_so_far(progress, w), *_others(progress, w)])
    if progress.done:
        return notice(text, _take_back(broadcast_id, progress, w))
    return notice(text, *on_its_way(broadcast_id, w))


def on_its_way(broadcast_id: int, w: Words) -> tuple[Button | None, ...]:
    """Give the buttons of a broadcast that is being sent."""
    return _ask_again(broadcast_id, w), button(w("Stop"), Stop(broadcast_id, sure=False))


def _ask_again(broadcast_id: int, w: Words) -> Button | None:
    return button(w("How far is it?"), HowFar(broadcast_id))


def stopping(broadcast_id: int, progress: Progress, w: Words) -> Message:
    """Ask whether a broadcast shall really stop."""
    question = w("Whoever has it keeps it. Send it to nobody more?")
    yes = button(w("Yes, stop it"), Stop(broadcast_id, sure=True))
    no = button(w("No, go on"), HowFar(broadcast_id))
    return notice("\n".join([_so_far(progress, w), question]), yes, no)


def recalled(progress: Progress, w: Words) -> str:
    """Say how far a recall is."""
    counts = counted_back(progress, w)
    if not progress.done:
        return w("Taking it back: {done} of {total} so far.", **counts)
    said = w("Taken back everywhere.")
    if left := progress.standing:
        said = w(
            "Taken back: {done} of {total}. {left} could not be, and still stand.",
            left=w.number(left),
            **counts,
        )
    if never_sent := progress.never_sent:
        said += "\n" + w("Never sent: {n}.", n=w.number(never_sent))
    return said


def _take_back(broadcast_id: int, progress: Progress, w: Words) -> Button | None:
    return button(w("Take it back"), Recall(broadcast_id, sure=False)) if progress.sent else None


def _headline(summary: Summary, named: Named | None, w: Words) -> str:
    counts = counted(summary.progress, w)
    if summary.stopped:
        return w("Stopped: {n} of {total} sent.", **counts)
    if named:
        return w("Pushed {digest}: {n} of {total} sent.", digest=named(w), **counts)
    return w("Announced: {n} of {total} sent.", **counts)


def _so_far(progress: Progress, w: Words) -> str:
    return w("{n} of {total} sent.", **counted(progress, w))


def counted(progress: Progress, w: Words) -> dict[str, str]:
    """Write how many messages of a broadcast were sent, of how many."""
    return {"n": w.number(progress.sent), "total": w.number(progress.total)}


def counted_back(progress: Progress, w: Words) -> dict[str, str]:
    """Write how many messages of a broadcast were taken back, of how many."""
    return {"done": w.number(progress.recalled), "total": w.number(progress.to_recall)}


def _others(progress: Progress, w: Words) -> list[str]:
    """Say what became of the others, and why."""
    failed = [
        w("{n} failed: {reason}", n=w.number(n), reason=explained(reason, w))
        for reason, n in progress.failed.items()
    ]
    skipped = [
        w("{n} left out: {reason}", n=w.number(n), reason=explained(reason, w))
        for reason, n in progress.skipped.items()
    ]
    return [*failed, *skipped, *_owed(progress, w)]


def _missed(missed: Missed, w: Words) -> str:
    place = _place(missed.chat_title, missed.chat_id, missed.thread_id)
    return f"• {place}: {explained(missed.reason, w)}"


def _owed(progress: Progress, w: Words) -> Iterator[str]:
    """Say what is still to come of those that are not simply next."""
    if n := progress.retrying:
        yield w.plural("{n} is tried again later.", "{n} are tried again later.", n)
    if n := progress.in_doubt:
        yield w.plural(
            "{n} may have arrived: without an answer it is sent again.",
            "{n} may have arrived: without an answer they are sent again.",
            n,
        )
    if n := progress.waiting:
        yield w.plural(
            "{n} waits for the time that it chose.", "{n} wait for the time that they chose.", n
        )


def _place(title: str | None, chat_id: int, topic: int) -> str:
    """Name a chat, and a topic of it as the settings do."""
    chat = isolated(line(title)).text if title else str(chat_id)
    return f"{chat}/{topic}" if topic else chat
