"""The sandbox as a whole: a started server, and the people and groups in it."""

from __future__ import annotations

import asyncio
from types import TracebackType
from typing import Any, Self

from aiohttp import web

from bot.sandbox.calls import Call, Calls
from bot.sandbox.clock import Clock
from bot.sandbox.control import Control
from bot.sandbox.courier import Courier
from bot.sandbox.events import Events
from bot.sandbox.faults import Faults
from bot.sandbox.groups import Group
from bot.sandbox.limits import Limits, Rates
from bot.sandbox.nouns import Json, Kind, User
from bot.sandbox.page import Page
from bot.sandbox.people import Person
from bot.sandbox.server import LOGGER, Server, application
from bot.sandbox.stagehand import Stagehand
from bot.sandbox.world import World

HOST = "127.0.0.1"
HOME = "@ai_news_plus"


class Sandbox:
    """A Bot API server on this machine, started by `async with`.

    *limits* switches Telegram's flood limits on; *privacy* is BotFather's setting; *clock* is
    the time that messages carry. *zone* names the time zone in which the page tells it (None: that
    of the browser); *stagehand* is who does what lies outside Telegram.
    """

    def __init__(
        self,
        port: int = 0,
        *,
        limits: bool | Rates = False,
        privacy: bool = True,
        clock: Clock | None = None,
        zone: str | None = None,
    ) -> None:
        self.clock = clock or Clock()
        self.zone = zone
        self.stagehand: Stagehand | None = None
        self.world = World(self.clock, privacy=privacy)
        self.faults = Faults()
        rates = Rates() if limits is True else limits or None
        self.limits = Limits(self.clock.now, rates)
        self._calls = Calls(self.world.events)
        self._server = Server(self.world, self.limits, self.faults, self._calls)
        self._people: dict[str, Person] = {}
        self._port = port
        self._runner: web.AppRunner | None = None
        self._courier: asyncio.Task[None] | None = None
        self.chat(HOME, title="AI News Plus")

    async def __aenter__(self) -> Self:
        self._runner = web.AppRunner(
            application(self._server, [*Page(self).routes(), *Control(self).routes()]),
            access_log=None,
            logger=LOGGER,
            handler_cancellation=True,
            shutdown_timeout=1.0,
        )
        await self._runner.setup()
        await web.TCPSite(self._runner, HOST, self._port).start()
        self._port = self._runner.addresses[0][1]
        courier = Courier(self.world, self._server.perform)
        self._courier = asyncio.create_task(courier.run(), name="webhook")
        self._courier.add_done_callback(say_death)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.world.updates.end_poll("terminated by the end of the sandbox")
        if self._runner is not None:
            await self._runner.cleanup()
        if self._courier is not None:
            self._courier.cancel()
            await asyncio.wait({self._courier})
            if not self._courier.cancelled():
                self._courier.result()

    @property
    def api(self) -> str:
        """The root of the Bot API: what TELEGRAM_API is set to."""
        return f"http://{HOST}:{self._port}"

    @property
    def page(self) -> str:
        """The address of the chat page."""
        return f"{self.api}/"

    @property
    def token(self) -> str:
        """The bot's token."""
        return self.world.token

    @property
    def bot(self) -> User:
        """The bot's account."""
        return self.world.bot

    @property
    def calls(self) -> list[Call]:
        """What the bot asked, in order."""
        return self._calls.made

    @property
    def events(self) -> Events:
        """What happens, as it happens."""
        return self.world.events

    @property
    def people(self) -> dict[str, Person]:
        """Everyone, by name."""
        return dict(self._people)

    async def perform(self, method: str, params: Json) -> Any:
        """Call a method without HTTP."""
        return await self._server.perform(method, params)

    def state(self) -> dict[str, object]:
        """Show what anyone needs who tests a bot here."""
        chats = [chat for chat in self.world.chats.values() if not chat.private]
        return {
            "api": self.api,
            "token": self.token,
            "page": self.page,
            "people": {name: person.id for name, person in self._people.items()},
            "chats": {
                f"@{chat.username}" if chat.username else chat.title: chat.id for chat in chats
            },
        }

    def person(
        self,
        name: str,
        *,
        language: str | None = None,
        username: str | None = None,
        started: bool = False,
    ) -> Person:
        """Find a person by name; who is new registers, *started* if the bot knows them already."""
        if name not in self._people:
            user = self.world.new_person(name, username, language)
            self._people[name] = Person(self.world, user, {})
            self._people[name].private.started = started
        return self._people[name]

    def chat(self, name: str, *, kind: str = "supergroup", title: str | None = None) -> Group:
        """Find a group or channel by `@name` or title; a new one has the bot as administrator."""
        found = self.world.named(name) or next(
            (chat for chat in self.world.chats.values() if chat.title == name and not chat.private),
            None,
        )
        if found is None:
            username = name[1:] if name.startswith("@") else None
            found = self.world.new_chat(title or name.removeprefix("@"), Kind(kind), username)
        return Group(self.world, found)


def say_death(task: asyncio.Task[None]) -> None:
    """Say why a task ended that was to run on."""
    if not task.cancelled() and (error := task.exception()):
        LOGGER.error("sandbox: the %s ended", task.get_name(), exc_info=error)
