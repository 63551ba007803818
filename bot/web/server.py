"""The bot's own HTTP server: ``/healthz``, ``/metrics``, and whatever hooks there are."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from functools import partial
from typing import TypeAlias

from aiohttp import web

MOST_BYTES = 5_000_000
FAREWELL_SECONDS = 2.0

Figures: TypeAlias = Callable[[], str]
Hook: TypeAlias = Callable[[web.Request], Awaitable[web.Response]]


class ListenError(Exception):
    """The server cannot listen where it should; the message says why."""


@asynccontextmanager
async def serving(
    host: str, port: int, hooks: Mapping[str, Hook], figures: Figures = str
) -> AsyncIterator[int]:
    """Listen; *hooks* take what is posted to their paths. Give the port, another where it is 0.

    *figures* writes what ``/metrics`` shows.

    Raises:
        ListenError: the address is taken, or none of this machine's.
    """
    app = web.Application(client_max_size=MOST_BYTES)
    app.router.add_get("/healthz", _healthy)
    app.router.add_get("/metrics", partial(_measured, figures))
    for path, hook in hooks.items():
        app.router.add_post(path, hook)
    runner = web.AppRunner(
        app, access_log=None, handle_signals=False, shutdown_timeout=FAREWELL_SECONDS
    )
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


async def _measured(figures: Figures, _: web.Request) -> web.Response:
    return web.Response(text=figures(), content_type="text/plain")
