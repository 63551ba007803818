"""What people do in the page."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import asdict
from typing import TYPE_CHECKING

from aiohttp import web

from bot.sandbox import voting
from bot.sandbox.files import Upload
from bot.sandbox.groups import Group
from bot.sandbox.hindrances import HeldBackError
from bot.sandbox.local import read, reply
from bot.sandbox.nouns import Chat, Json, Post
from bot.sandbox.page.changes import caption
from bot.sandbox.people import Person
from bot.sandbox.stagehand import Stagehand
from bot.sandbox.views import MessageView

if TYPE_CHECKING:
    from bot.sandbox.sandbox import Sandbox

# As long as a person watches a button before giving up on it.
PATIENCE = 15.0
STAGE: dict[str, Callable[[Stagehand], Awaitable[None]]] = {
    "next_day": lambda stagehand: stagehand.next_day(),
    "correct_today": lambda stagehand: stagehand.correct_today(),
    "restart": lambda stagehand: stagehand.restart(),
}


class Acts:
    """Let the person that the page plays do something; all ids are those of the Bot API."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox
        self._world = sandbox.world
        # What each person was offered last by `@bot words`, by id.
        self._offers: dict[int, dict[str, Json]] = {}

    async def send(self, request: web.Request) -> web.StreamResponse:
        """Say something."""
        wish = await read(request)
        chat = self._chat(wish)
        replied = chat.posts[int(wish["reply_to"])] if wish.get("reply_to") else None
        await self._person(wish).says(
            str(wish["text"]),
            self._group(chat),
            reply_to=MessageView.of(replied) if replied else None,
            thread=int(wish["thread"]) if wish.get("thread") else None,
        )
        return reply({})

    async def document(self, request: web.Request) -> web.StreamResponse:
        """Send a file: the body is its content, the query says the rest."""
        wish = dict(request.query)
        await self._person(wish).sends_document(
            wish["name"],
            await request.read(),
            wish.get("caption", ""),
            self._group(self._chat(wish)),
            int(wish["thread"]) if wish.get("thread") else None,
        )
        return reply({})

    async def photo(self, request: web.Request) -> web.StreamResponse:
        """Send a picture to be looked at: the body is its content, the query says the rest."""
        wish = dict(request.query)
        file = self._world.files.add(Upload("photo.jpg", "image/jpeg", await request.read()))
        size = {"width": int(wish["width"]), "height": int(wish["height"])}
        content: Json = {"photo": [file.view() | size]}
        if wish.get("caption"):
            content |= caption(wish["caption"])
        if wish.get("album"):
            content["media_group_id"] = str(int(wish["album"]))
        thread = int(wish["thread"]) if wish.get("thread") else None
        await self._person(wish).sends(content, self._group(self._chat(wish)), thread)
        return reply({})

    async def press(self, request: web.Request) -> web.StreamResponse:
        """Press a button, named by its row and column."""
        wish = await read(request)
        post = self._post(wish)
        rows = (post.inline_markup or {"inline_keyboard": []})["inline_keyboard"]
        button = rows[int(wish["row"])][int(wish["column"])]
        view = MessageView.of(post)
        answer = await self._person(wish).presses_button(view, button, PATIENCE)
        return reply({"answer": asdict(answer) if answer else None})

    async def inline(self, request: web.Request) -> web.StreamResponse:
        """Type `@bot words`."""
        wish = await read(request)
        person, group = self._person(wish), self._group(self._chat(wish))
        results = await person.types_inline(str(wish["text"]), in_=group)
        self._offers[person.id] = {}
        return self._offer(person, results)

    async def more(self, request: web.Request) -> web.StreamResponse:
        """Scroll to the end of what was offered."""
        person = self._person(await read(request))
        return self._offer(person, await person.scrolls_on())

    async def choose(self, request: web.Request) -> web.StreamResponse:
        """Send one of the results that were offered."""
        wish = await read(request)
        person = self._person(wish)
        result = self._offers[person.id][str(wish["result"])]
        await person.chooses(result, self._group(self._chat(wish)))
        return reply({})

    async def vote(self, request: web.Request) -> web.StreamResponse:
        """Vote in a poll, or take the vote back with no options."""
        wish = await read(request)
        chosen = [int(option) for option in wish["options"]]
        voting.vote(self._world, self._person(wish).user, self._post(wish), chosen)
        return reply({})

    async def join(self, request: web.Request) -> web.StreamResponse:
        """Join a group."""
        wish = await read(request)
        await self._person(wish).joins(Group(self._world, self._chat(wish)))
        return reply({})

    async def block(self, request: web.Request) -> web.StreamResponse:
        """Block the bot, or let it write again."""
        wish = await read(request)
        person = self._person(wish)
        await (person.blocks() if wish["blocked"] else person.unblocks())
        return reply({})

    async def stage(self, request: web.Request) -> web.StreamResponse:
        """Ask the stagehand."""
        act = str((await read(request))["act"])
        stagehand = self._sandbox.stagehand
        if stagehand is None:
            raise LookupError("nobody is here to do that")
        work = STAGE[act]
        try:
            await work(stagehand)
        except LookupError as error:
            raise HeldBackError(str(error)) from error
        self._sandbox.events.publish("stage", {"act": act, "now": self._world.clock.now()})
        return reply({})

    def _offer(self, person: Person, results: list[Json]) -> web.StreamResponse:
        """Show what the bot offers, whether more would come, and the button above it."""
        self._offers[person.id] |= {str(result["id"]): result for result in results}
        offer = self._world.offers[person.id]
        more = bool(results and offer.offset)
        return reply({"results": results, "more": more, "button": offer.button})

    def _person(self, wish: Json) -> Person:
        people = {person.id: person for person in self._sandbox.people.values()}
        return people[int(wish["person"])]

    def _chat(self, wish: Json) -> Chat:
        return self._world.chats[int(wish["chat"])]

    def _post(self, wish: Json) -> Post:
        return self._chat(wish).posts[int(wish["message_id"])]

    def _group(self, chat: Chat) -> Group | None:
        return None if chat.private else Group(self._world, chat)
