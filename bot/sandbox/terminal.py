"""The sandbox in a terminal: the chats as they go on, and lines typed by the person before it."""

from __future__ import annotations

import asyncio
import sys
import threading
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, tzinfo
from typing import TextIO

from bot.sandbox.events import Event
from bot.sandbox.groups import Group
from bot.sandbox.hindrances import HeldBackError
from bot.sandbox.people import NotSeenError, Person
from bot.sandbox.pressing import Answer
from bot.sandbox.sandbox import Sandbox
from bot.sandbox.transcript import INDENT, Say, Transcript, english
from bot.sandbox.views import MessageView

# So that lines that come all at once (from a file) still meet the answers to those before.
ANSWER_WITHIN = 2.0
COLONS = (":", "：")
# Begins a line that the bot shall leave without an answer.
UNANSWERED = "/unanswered "


async def converse(
    sandbox: Sandbox,
    people: Sequence[Person],
    group: Group,
    *,
    w: Say = english,
    zone: tzinfo = UTC,
    lines: AsyncIterator[str] | None = None,
    patience: float = ANSWER_WITHIN,
    write: Callable[[str], None] | None = None,
    missed: Callable[[str], None] | None = None,
) -> None:
    """Print what happens and say what is typed, for ever; the first of *people* speaks at first.

    *missed* gets the lines that came to nothing, or met no answer within *patience* seconds.
    """
    with sandbox.events.listening() as news:
        for event in sandbox.events.since(0):
            news.put_nowait(event)
        manner = Manner(w, write or to_stdout, patience)
        transcript = Transcript(sandbox.world, w, zone)
        terminal = Terminal(sandbox, people, group, transcript, news, manner)
        terminal.help()
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(terminal.show(), name="transcript")
            async for line in lines or typed(sys.stdin):
                if not await terminal.obey(line.strip()) and missed:
                    missed(line)


@dataclass(frozen=True, slots=True)
class Manner:
    """How the terminal speaks: its words, where they go, how long it waits for the bot."""

    w: Say
    write: Callable[[str], None]
    patience: float


class Terminal:
    """Turn lines into acts of people, and events into lines."""

    def __init__(
        self,
        sandbox: Sandbox,
        people: Sequence[Person],
        group: Group,
        transcript: Transcript,
        news: asyncio.Queue[Event],
        manner: Manner,
    ) -> None:
        self._sandbox = sandbox
        self._people = {person.user.first_name.lower(): person for person in people}
        self._speaker = people[0]
        self._group = group
        self._w = manner.w
        self._write = manner.write
        self._patience = manner.patience
        self._transcript = transcript
        self._news = news

    def help(self) -> None:
        """Say what can be typed."""
        w, name = self._w, self._speaker.user.first_name
        others = [person for person in self._people.values() if person is not self._speaker]
        other = others[0].user.first_name if others else name
        self._write(w("You are {name}. Type:", name=name))
        self._write(INDENT + w("/today – anything is said to the bot in private"))
        self._write(INDENT + w("@group /today – the same in the group"))
        as_other = w("{name}: /today – one line as {name}; /as {name} – from now on", name=other)
        self._write(INDENT + as_other)
        self._write(INDENT + w("1 – presses that button of the last message; ? – shows this again"))

    async def show(self) -> None:
        """Print what happens."""
        while True:
            self._print(await self._news.get())

    async def obey(self, line: str) -> bool:
        """Do what one line asks; tell whether it was done, and answered if it shall be."""
        if line.isdecimal():
            return await self._press(int(line))
        if line.startswith("/as"):
            return self._switch(line.removeprefix("/as").strip())
        if line in ("?", "？"):
            self.help()
            return True
        if line.startswith(UNANSWERED):
            return await self._speak(*self._voice(line.removeprefix(UNANSWERED)), answered=False)
        return await self._speak(*self._voice(line), answered=True)

    def _print(self, event: Event) -> None:
        text = self._transcript.write(event)
        if text:
            self._write(text)

    def _catch_up(self) -> None:
        """Print what has happened already, so that its buttons are known."""
        while not self._news.empty():
            self._print(self._news.get_nowait())

    def _voice(self, line: str) -> tuple[Person, str]:
        """Tell who says a line: `name: words` is said by that person."""
        for colon in COLONS:
            name, found, words = line.partition(colon)
            if found and name.strip().lower() in self._people:
                return self._people[name.strip().lower()], words.strip()
        return self._speaker, line

    async def _speak(self, person: Person, line: str, *, answered: bool) -> bool:
        group = self._addressed(line)
        words = line.partition(" ")[2].strip() if group else line
        if not words:
            return True
        try:
            await person.says(words, group)
        except HeldBackError as error:
            self._write(INDENT + self._w("That did not get there: {reason}", reason=error))
            return False
        patience = self._patience if answered else min(self._patience, ANSWER_WITHIN)
        return await self._is_answered(person, group, patience) is answered

    def _addressed(self, line: str) -> Group | None:
        """Find the group that a line starting with `@` is said in."""
        name = line.partition(" ")[0]
        chat = self._sandbox.world.named(name) if name.startswith("@") else None
        if name in ("@group", "@群"):
            return self._group
        return Group(self._sandbox.world, chat) if chat and not chat.private else None

    async def _is_answered(self, person: Person, group: Group | None, patience: float) -> bool:
        try:
            await person.sees("", within=patience, in_=group)
        except NotSeenError:
            return False
        return True

    def _switch(self, name: str) -> bool:
        person = self._people.get(name.lower())
        if person is None:
            names = ", ".join(one.user.first_name for one in self._people.values())
            self._write(self._w("There are: {names}", names=names))
            return False
        self._speaker = person
        self._write(self._w("You are {name} now.", name=person.user.first_name))
        return True

    async def _press(self, number: int) -> bool:
        self._catch_up()
        post, buttons = self._transcript.post, self._transcript.buttons
        if post is None or not 1 <= number <= len(buttons):
            self._write(self._w("There is no button {number}.", number=number))
            return False
        owners = [person for person in self._people.values() if person.id == post.chat.id]
        person = (owners or [self._speaker])[0]
        answer = await person.presses_button(MessageView.of(post), buttons[number - 1])
        if answer is None:
            return await self._is_answered(person, None, self._patience)
        self._tell(answer)
        return True

    def _tell(self, answer: Answer) -> None:
        """Print what a press brought, if it is not in the chat anyway."""
        results = [str(result.get("title", result.get("id"))) for result in answer.results]
        for words in (answer.text, answer.url, *results):
            if words:
                self._write(f"{INDENT}» {words}")


def to_stdout(text: str) -> None:
    """Print a line at once."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


async def typed(stream: TextIO) -> AsyncIterator[str]:
    """Yield the lines of a stream as they come.

    A thread of its own reads them, as a daemon: nothing can end a read from a terminal, and the
    process must not wait for one.
    """
    loop = asyncio.get_running_loop()
    queue: asyncio.Queue[str | None] = asyncio.Queue()

    def pump() -> None:
        """Hand each line to the loop, and None at the end."""
        for line in stream:
            loop.call_soon_threadsafe(queue.put_nowait, line)
        loop.call_soon_threadsafe(queue.put_nowait, None)

    threading.Thread(target=pump, name="typed lines", daemon=True).start()
    while (line := await queue.get()) is not None:
        yield line
