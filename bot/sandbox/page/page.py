"""All paths of the chat page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aiohttp import web

from bot.sandbox.hindrances import HeldBackError
from bot.sandbox.local import Handler, guarded, reply
from bot.sandbox.page.acts import Acts
from bot.sandbox.page.assets import asset
from bot.sandbox.page.changes import Changes
from bot.sandbox.page.looks import Looks

if TYPE_CHECKING:
    from bot.sandbox.sandbox import Sandbox

ROOT = "/control/page"


class Page:
    """The page itself, what it looks at and what people do in it."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._looks = Looks(sandbox)
        self._acts = Acts(sandbox)
        self._changes = Changes(sandbox)

    def routes(self) -> list[web.RouteDef]:
        """List the paths."""
        looks, acts, changes = self._looks, self._acts, self._changes
        seen = (looks.overview, looks.events, looks.history, looks.commands)
        done = (
            *(acts.send, acts.document, acts.photo, acts.press),
            *(acts.inline, acts.more, acts.choose, acts.vote, acts.join, acts.block, acts.stage),
            *(changes.edit, changes.delete, changes.forward, changes.pin, changes.react),
        )
        return [
            web.get("/", asset),
            web.get("/page/{name}", asset),
            web.get(f"{ROOT}/file/{{id}}", guarded(looks.file)),
            *(web.get(f"{ROOT}/{look.__name__}", guarded(look)) for look in seen),
            *(web.post(f"{ROOT}/{act.__name__}", guarded(wording(act))) for act in done),
        ]


def wording(act: Handler) -> Handler:
    """Answer what Telegram holds people back from in words, as it happens to everyone."""

    async def handle(request: web.Request) -> web.StreamResponse:
        """Act, or say what holds the person back."""
        try:
            return await act(request)
        except HeldBackError as error:
            return reply({"ok": False, "description": str(error)})

    return handle
