"""Paths for this machine alone: its own pages and programs may ask, other sites' pages may not."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from typing import Any

import msgspec
from aiohttp import web

from bot.sandbox.errors import ApiError
from bot.sandbox.nouns import Json
from bot.sandbox.reading import UNREADABLE, json_object

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
NAME = re.compile(r"(127\.0\.0\.1|localhost|\[::1\])(:\d+)?")


def guarded(handler: Handler) -> Handler:
    """Refuse other sites' pages, and word bad wishes."""

    async def handle(request: web.Request) -> web.StreamResponse:
        """Answer whoever may ask."""
        if not is_local(request):
            return reply({"description": "sandbox: only for this machine's own pages"}, 403)
        try:
            return await handler(request)
        except (ApiError, TypeError, *UNREADABLE) as error:
            return reply({"description": worded(error)}, 400)

    return handle


def worded(error: Exception) -> str:
    """Say what is wrong with a wish; of a missing key Python says nothing but the key."""
    words = f"there is no {error}" if isinstance(error, KeyError) else str(error)
    return f"sandbox: {words}"


def is_local(request: web.Request) -> bool:
    """Tell whether a request is of this machine: its page's origin and the name that it used.

    The name matters too: any site's name can be made to lead here. And other sites' pictures and
    links come without an origin, but browsers say from what site.
    """
    host = request.headers.get("Host", "")
    origin = request.headers.get("Origin")
    site = request.headers.get("Sec-Fetch-Site")
    own = origin in (None, f"http://{host}") and site in (None, "same-origin", "none")
    return own and bool(NAME.fullmatch(host))


async def read(request: web.Request) -> dict[str, Any]:
    """Read a wish; only JSON, which other sites' forms cannot send."""
    if request.content_type != "application/json":
        raise ValueError("JSON is expected")
    return json_object(await request.read())


def reply(body: Json, status: int = 200) -> web.Response:
    """Answer in JSON."""
    encoded = msgspec.json.encode({"ok": status == 200} | body)
    return web.Response(body=encoded, status=status, content_type="application/json")
