"""``POST`` of updates by Telegram."""

from __future__ import annotations

import hmac
from collections.abc import Callable
from typing import Any

import msgspec
import structlog
from aiohttp import web

log = structlog.get_logger()

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - the name, not the secret


class UpdatesHook:
    """Passes what comes with *secret* to *take*, which tells whether it is in hand now."""

    def __init__(self, secret: str, take: Callable[[dict[str, Any]], bool]) -> None:
        self._secret = secret.encode()
        self._take = take

    async def received(self, request: web.Request) -> web.Response:
        """Answer 200 to what is in hand; anything else Telegram repeats."""
        given = request.headers.get(SECRET_HEADER, "").encode("utf-8", "replace")
        if not hmac.compare_digest(self._secret, given):
            log.warning("update refused: the secret is wrong", peer=request.remote)
            raise web.HTTPForbidden(text="The secret is wrong.\n")
        if not self._take(_decoded(await request.read())):
            raise web.HTTPServiceUnavailable(text="Not now.\n")
        return web.Response()


def _decoded(body: bytes) -> dict[str, Any]:
    try:
        update = msgspec.json.decode(body, type=dict[str, Any])
        update["update_id"] = msgspec.convert(update.get("update_id"), int)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        log.warning("this is no update", bytes=len(body), why=str(error))
        raise web.HTTPBadRequest(text="This is no update.\n") from error
    return update
