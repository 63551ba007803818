"""``POST /hooks/archive``: the archive's remote says that it has changed."""

from __future__ import annotations

import hmac
from collections.abc import Callable
from hashlib import sha256

import structlog
from aiohttp import web

log = structlog.get_logger()


class ArchiveHook:
    """Who may say that the archive has changed, and what then happens."""

    def __init__(self, secret: str, on_push: Callable[[], None]) -> None:
        self._secret = secret.encode()
        self._on_push = on_push

    async def received(self, request: web.Request) -> web.Response:
        """Take a push in GitHub's form; the signature covers every byte of the body."""
        expected = f"sha256={hmac.new(self._secret, await request.read(), sha256).hexdigest()}"
        given = request.headers.get("X-Hub-Signature-256", "")
        if not hmac.compare_digest(expected.encode(), given.encode("utf-8", "replace")):
            log.warning("word of the archive refused: the signature is wrong", peer=request.remote)
            raise web.HTTPForbidden(text="The signature is wrong.\n")
        self._on_push()
        return web.Response(status=202, text="Looking.\n")
