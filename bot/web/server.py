"""The bot's own HTTP server: ``/healthz``, and ``/hooks/archive`` for the archive's remote."""

from __future__ import annotations

import hmac
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from hashlib import sha256

import structlog
from aiohttp import web

log = structlog.get_logger()

MOST_BYTES = 5_000_000


class ListenError(Exception):
    """The server cannot listen where it should; the message says why."""


class Hook:
    """Who may say that the archive has changed, and what then happens."""

    def __init__(self, secret: str, on_push: Callable[[], None]) -> None:
        self._secret = secret.encode()
        self._on_push = on_push

    async def received(self, request: web.Request) -> web.Response:
        """Take a push in GitHub's form; the signature covers every byte of the body."""
        expected = f"sha256={hmac.new(self._secret, await request.read(), sha256).hexdigest()}"
        given = request.headers.get("X-Hub-Signature-256", "")
        if not hmac.compare_digest(expected.encode(), given.encode("utf-8", "replace")):
            log.warning("webhook refused", peer=request.remote)
            raise web.HTTPForbidden(text="The signature is wrong.\n")
        self._on_push()
        return web.Response(status=202, text="Looking.\n")


@asynccontextmanager
async def serving(host: str, port: int, hook: Hook | None) -> AsyncIterator[int]:
    """Listen; give the port, which is another where *port* is 0.

    Raises:
        ListenError: the address is taken, or none of this machine's.
    """
    app = web.Application(client_max_size=MOST_BYTES)
    app.router.add_get("/healthz", _healthy)
    if hook:
        app.router.add_post("/hooks/archive", hook.received)
    runner = web.AppRunner(app, access_log=None, handle_signals=False)
    await runner.setup()
    try:
        yield await _listen(runner, host, port)
    finally:
        await runner.cleanup()


async def _listen(runner: web.AppRunner, host: str, port: int) -> int:
    try:
        await web.TCPSite(runner, host, port).start()
    except OSError as error:
        raise ListenError(f"{host}:{port} cannot be listened on: {error.strerror}") from error
    found: int = runner.addresses[0][1]
    return found


async def _healthy(_: web.Request) -> web.Response:
    return web.Response(text="ok\n")
