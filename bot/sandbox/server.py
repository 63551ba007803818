"""The HTTP side: paths, tokens, answers."""

from __future__ import annotations

import asyncio
import inspect
import logging
from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote

import msgspec
from aiohttp import web
from aiohttp.http_exceptions import HttpProcessingError

from bot.sandbox import errors
from bot.sandbox.calls import Call, Calls
from bot.sandbox.errors import ApiError, Cut
from bot.sandbox.faults import Fault, Faults
from bot.sandbox.files import Upload
from bot.sandbox.limits import Limits
from bot.sandbox.local import is_local
from bot.sandbox.membership import lift
from bot.sandbox.methods import METHODS, Query
from bot.sandbox.methods.registry import Remark
from bot.sandbox.nouns import Json
from bot.sandbox.reading import read
from bot.sandbox.schema import checked, method_names, schema
from bot.sandbox.unsupported import unsupported
from bot.sandbox.world import World

# docs, "Sending files": uploads of up to 50 MB
BODY_BYTES = 50 * 1024 * 1024 + 64 * 1024


class Server:
    """Answer the bot's requests."""

    def __init__(self, world: World, limits: Limits, faults: Faults, calls: Calls) -> None:
        self._world = world
        self._limits = limits
        self._faults = faults
        self._calls = calls

    async def method(self, request: web.Request) -> web.StreamResponse:
        """Answer `/bot<token>/<method>`."""
        try:
            check_local(request)
            name = self._authorised(
                unquote(request.match_info["token"]), request.match_info["method"]
            )
            given, files = await read(request)
            result = await self._perform(name, given, files)
        except ApiError as error:
            return answer(error.body(), error.code, error.retry_after)
        except Cut:
            return cut(request)
        return answer({"ok": True, **told(result)}, 200)

    async def perform(self, name: str, given: Json) -> Any:
        """Call a method without HTTP, as an answer to a webhook does."""
        return await self._perform(name, given, {})

    async def file(self, request: web.Request) -> web.StreamResponse:
        """Answer `/file/bot<token>/<path>`."""
        token, path = request.match_info["token"], request.match_info["path"]
        allowed = unquote(token) == self._world.token and is_local(request)
        file = self._world.files.at(path) if allowed else None
        if file is None:
            return answer(errors.not_found().body(), 404)
        return web.Response(body=file.content, content_type="application/octet-stream")

    async def stray(self, request: web.Request) -> web.StreamResponse:
        """Answer any other path."""
        del request
        return answer(errors.not_found().body(), 404)

    def _authorised(self, token: str, name: str) -> str:
        """Check the token, and find the method's right spelling."""
        if token != self._world.token:
            number, _, secret = token.partition(":")
            raise errors.unauthorized() if number.isdigit() and secret else errors.not_found()
        try:
            return method_names()[name.lower()]
        except KeyError:
            # server, on_cmd
            raise ApiError(404, "Not Found: method not found") from None

    async def _perform(self, name: str, given: Json, files: Mapping[str, Upload]) -> Any:
        """Do what is asked, unless a fault comes between; write it down in any case."""
        fault = self._faults.strike(name, self._world.addressed(given))
        error: str | None = "sandbox: the connection ended before the answer"
        try:
            await suffer(fault)
            result = await self._run(name, given, files)
            error = None
        except ApiError as refusal:
            error = refusal.description
            raise
        except Cut:
            error = "sandbox: the connection was cut"
            raise
        finally:
            now = self._world.clock.now()
            self._calls.add(Call(name, given, error is None, error, now))
        if fault is not None and fault.lost:
            raise Cut
        return result

    async def _run(self, name: str, given: Json, files: Mapping[str, Upload]) -> Any:
        function = METHODS.get(name)
        if function is None:
            newer = f" by Bot API {schema().version}" if name in schema().newer else ""
            raise errors.sandbox(f"{name} is not supported{newer}")
        params = checked(name, given)
        for parameter in sorted(unsupported(name) & params.keys()):
            raise errors.sandbox(f"{name} does not support {parameter}")
        self._check_limits(name, params)
        lift(self._world)
        result = function(Query(self._world, name, params, files))
        return await result if inspect.isawaitable(result) else result

    def _check_limits(self, name: str, params: Json) -> None:
        """Count what sends messages against the flood limits."""
        sends = name.startswith(("send", "copy", "forward")) and name != "sendChatAction"
        if not sends or self._limits.rates is None:
            return
        chat = self._world.chat(params.get("chat_id", ""))
        messages = max(1, len(params.get("message_ids") or params.get("media") or ()))
        self._limits.check(chat, messages, paid=bool(params.get("allow_paid_broadcast")))


def check_local(request: web.Request) -> None:
    """Refuse what other sites' pages send: the token is no secret."""
    if not is_local(request):
        raise ApiError(403, "sandbox: only for programs and pages of this machine")


async def suffer(fault: Fault | None) -> None:
    """Let a fault do what it does before the call."""
    if fault is None:
        return
    await asyncio.sleep(fault.delay)
    refusal = fault.error()
    if refusal is not None:
        raise refusal
    if fault.cut:
        raise Cut


def told(result: Any) -> Json:
    """Word a result, with the remark that some methods make on theirs."""
    if isinstance(result, Remark):
        return {"result": True, "description": result.words}
    return {"result": result}


def answer(body: Json, status: int, retry_after: int = 0) -> web.Response:
    """Answer in JSON, as Telegram does (server, HttpConnection::send_response)."""
    encoded = msgspec.json.encode(body)
    headers = {"Retry-After": str(retry_after)} if retry_after else None
    return web.Response(
        body=encoded, status=status, content_type="application/json", headers=headers
    )


def cut(request: web.Request) -> web.StreamResponse:
    """End the connection as a broken network does."""
    if request.transport is not None:
        request.transport.abort()
    return web.Response()


class OurFaults(logging.Filter):
    """Passes over what is wrong with requests, which who sent them is told of."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Keep what was not raised by the reader of HTTP."""
        error = record.exc_info[1] if record.exc_info else None
        return not isinstance(error, HttpProcessingError | web.RequestPayloadError)


LOGGER = logging.getLogger(__name__)
LOGGER.addFilter(OurFaults())


def application(server: Server, more: list[web.RouteDef]) -> web.Application:
    """Map the paths."""
    app = web.Application(client_max_size=BODY_BYTES)
    app.router.add_routes(more)
    app.router.add_route("*", r"/bot{token:[^/]*}/{method:[^/]*}", server.method)
    app.router.add_get(r"/file/bot{token:[^/]*}/{path:.+}", server.file)
    app.router.add_route("*", "/{rest:.*}", server.stray)
    return app
