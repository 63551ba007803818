"""What the page looks at: the state once, then what happens, and older messages on demand."""

from __future__ import annotations

import asyncio
from itertools import islice
from typing import TYPE_CHECKING

import msgspec
from aiohttp import web

from bot.sandbox.events import Event
from bot.sandbox.local import reply
from bot.sandbox.nouns import Json
from bot.sandbox.page.overview import commands, overview, picture_type, pinned, post_view, views

if TYPE_CHECKING:
    from bot.sandbox.sandbox import Sandbox

PIECE = 100


class Looks:
    """Answer what the page asks to see."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox
        self._world = sandbox.world

    async def overview(self, request: web.Request) -> web.StreamResponse:
        """Show everything that the page needs to begin."""
        del request
        return reply(overview(self._sandbox))

    async def history(self, request: web.Request) -> web.StreamResponse:
        """Show the messages of a chat before one of them, oldest first."""
        chat = self._world.chats[int(request.query["chat"])]
        before = int(request.query["before"])
        older = (post for post in reversed(chat.posts.values()) if post.id < before)
        found = list(islice(older, PIECE + 1))
        posts = views(self._world, found[:PIECE][::-1])
        return reply({"posts": posts, "more": len(found) > PIECE})

    async def commands(self, request: web.Request) -> web.StreamResponse:
        """List the commands of someone's menu in a chat."""
        chat = self._world.chats[int(request.query["chat"])]
        user = self._world.users[int(request.query["person"])]
        return reply({"commands": commands(self._world, chat, user)})

    async def file(self, request: web.Request) -> web.StreamResponse:
        """Give a file: a picture to be shown, anything else to be saved, never to be run."""
        file = self._world.files.find(request.match_info["id"])
        if file is None:
            raise LookupError("no such file")
        kind = picture_type(file.content)
        headers = {
            "X-Content-Type-Options": "nosniff",
            "Content-Security-Policy": "default-src 'none'; sandbox",
            "Content-Disposition": "inline" if kind else "attachment",
        }
        kind = kind or "application/octet-stream"
        return web.Response(body=file.content, content_type=kind, headers=headers)

    async def events(self, request: web.Request) -> web.StreamResponse:
        """Stream what happens after an event, as server-sent events."""
        since = int(request.headers.get("Last-Event-ID", request.query.get("since", "0")))
        headers = {"Content-Type": "text/event-stream", "Cache-Control": "no-store"}
        stream = web.StreamResponse(headers=headers)
        await stream.prepare(request)
        with self._sandbox.events.listening() as queue:
            await stream.write(self._begin(since))
            while True:
                await stream.write(self._lines([await queue.get(), *drained(queue)]))

    def _begin(self, since: int) -> bytes:
        """Give what was missed; where that is no longer known, say so."""
        events = self._sandbox.events
        kept = events.since(since)
        if since > events.number or len(kept) < events.number - since:
            return b"retry: 500\nevent: reset\ndata: {}\n\n"
        return b"retry: 500\n\n" + self._lines(kept)

    def _lines(self, events: list[Event]) -> bytes:
        return "".join(map(self._line, events)).encode()

    def _line(self, event: Event) -> str:
        data = msgspec.json.encode(self._shown(event)).decode()
        return f"id: {event.number}\nevent: {event.kind}\ndata: {data}\n\n"

    def _shown(self, event: Event) -> Json:
        """Complete an event by what the page draws; messages are as they are now."""
        if event.kind in ("message", "edited", "reaction"):
            number = event.data.get("message_id") or event.data["message"]["message_id"]
            post = self._world.chats[event.data["chat"]].posts.get(number)
            return event.data | {"message": post_view(self._world, post)} if post else event.data
        if event.kind == "pinned":
            chat = self._world.chats[event.data["chat"]]
            return event.data | {"posts": pinned(self._world, chat)}
        return event.data


def drained(queue: asyncio.Queue[Event]) -> list[Event]:
    """Take what waits already."""
    return [queue.get_nowait() for _ in range(queue.qsize())]
