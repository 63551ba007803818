"""The sandbox's own HTTP paths: what tests in other processes and the chat page do with it."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

import msgspec
from aiohttp import web

from bot.sandbox.groups import Group
from bot.sandbox.limits import Rates
from bot.sandbox.local import guarded, read, reply
from bot.sandbox.nouns import Json
from bot.sandbox.people import Person
from bot.sandbox.views import MessageView
from bot.sandbox.wishes import Advance, NewChat, NewPerson

if TYPE_CHECKING:
    from bot.sandbox.sandbox import Sandbox


class Control:
    """Answer `/control/…`: to pages of this server and to programs of this machine, nobody else."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox

    def routes(self) -> list[web.RouteDef]:
        """List the paths."""
        return [
            web.get("/control/state", guarded(self.state)),
            web.get("/control/calls", guarded(self.calls)),
            web.get("/control/events", guarded(self.events)),
            web.get("/control/messages/{chat}", guarded(self.messages)),
            web.post("/control/people", guarded(self.add_person)),
            web.post("/control/chats", guarded(self.add_chat)),
            web.post("/control/says", guarded(self.says)),
            web.post("/control/presses", guarded(self.presses)),
            web.post("/control/blocks", guarded(self.blocks)),
            web.post("/control/faults", guarded(self.add_fault)),
            web.delete("/control/faults", guarded(self.clear_faults)),
            web.post("/control/limits", guarded(self.set_limits)),
            web.delete("/control/limits", guarded(self.lift_limits)),
            web.post("/control/clock", guarded(self.move_clock)),
        ]

    async def state(self, request: web.Request) -> web.StreamResponse:
        """Show addresses and ids."""
        del request
        return reply(self._sandbox.state())

    async def calls(self, request: web.Request) -> web.StreamResponse:
        """List what the bot asked."""
        del request
        return reply({"calls": [asdict(call) for call in self._sandbox.calls]})

    async def messages(self, request: web.Request) -> web.StreamResponse:
        """List the messages of a chat, as the Bot API shows them."""
        chat = self._sandbox.world.chats[int(request.match_info["chat"])]
        return reply({"messages": [post.view() for post in chat.posts.values()]})

    async def events(self, request: web.Request) -> web.StreamResponse:
        """Stream what happens, as server-sent events."""
        since = int(request.headers.get("Last-Event-ID", request.query.get("since", "0")))
        stream = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
        await stream.prepare(request)
        async for event in self._sandbox.events.follow(since):
            data = msgspec.json.encode(event.data).decode()
            line = f"id: {event.number}\nevent: {event.kind}\ndata: {data}\n\n"
            await stream.write(line.encode())
        return stream

    async def add_person(self, request: web.Request) -> web.StreamResponse:
        """Let a person register."""
        wish = msgspec.convert(await read(request), NewPerson)
        return reply({"id": self._sandbox.person(**msgspec.structs.asdict(wish)).id})

    async def add_chat(self, request: web.Request) -> web.StreamResponse:
        """Found a group or channel."""
        wish = msgspec.convert(await read(request), NewChat)
        return reply({"id": self._sandbox.chat(**msgspec.structs.asdict(wish)).id})

    async def says(self, request: web.Request) -> web.StreamResponse:
        """Let a person say something."""
        wish = await read(request)
        await self._person(wish).says(str(wish["text"]), self._group(wish))
        return reply({})

    async def presses(self, request: web.Request) -> web.StreamResponse:
        """Let a person press a button."""
        wish = await read(request)
        chat = self._sandbox.world.chats[int(wish["chat"])]
        message = MessageView.of(chat.posts[int(wish["message_id"])])
        answer = await self._person(wish).presses(message, str(wish["label"]))
        return reply({"answer": asdict(answer) if answer else None})

    async def blocks(self, request: web.Request) -> web.StreamResponse:
        """Let a person block the bot, or not any more."""
        wish = await read(request)
        person = self._person(wish)
        await (person.blocks() if wish.get("blocked", True) else person.unblocks())
        return reply({})

    async def add_fault(self, request: web.Request) -> web.StreamResponse:
        """Put a fault in force."""
        return reply({"id": self._sandbox.faults.add(**await read(request))})

    async def clear_faults(self, request: web.Request) -> web.StreamResponse:
        """End all faults."""
        del request
        self._sandbox.faults.clear()
        return reply({})

    async def set_limits(self, request: web.Request) -> web.StreamResponse:
        """Put flood limits in force: Telegram's, but for the rates that are named."""
        self._sandbox.limits.use(msgspec.convert(await read(request), Rates))
        return reply({})

    async def lift_limits(self, request: web.Request) -> web.StreamResponse:
        """End the flood limits."""
        del request
        self._sandbox.limits.use(None)
        return reply({})

    async def move_clock(self, request: web.Request) -> web.StreamResponse:
        """Move the clock forward."""
        wish = msgspec.convert(await read(request), Advance)
        self._sandbox.clock.advance(wish.advance)
        return reply({"now": self._sandbox.clock.now()})

    def _person(self, wish: Json) -> Person:
        return self._sandbox.people[wish["person"]]

    def _group(self, wish: Json) -> Group | None:
        if wish.get("chat") is None:
            return None
        return Group(self._sandbox.world, self._sandbox.world.chats[int(wish["chat"])])
