"""From an HTTP request to a call's parameters, in all the ways that Telegram takes them."""

from __future__ import annotations

import asyncio
from typing import Any

import msgspec
from aiohttp import web
from aiohttp.http_exceptions import HttpProcessingError
from yarl import URL

from bot.sandbox import errors
from bot.sandbox.files import Upload
from bot.sandbox.nouns import Json

# More than any method takes: a body of nothing but fields ends early.
FIELDS = 1_000
# What stands for bytes that are not UTF-8, and how it is written by those who mean it.
BROKEN = "\N{REPLACEMENT CHARACTER}"
BROKEN_FORM = "%EF%BF%BD"
# What the HTTP library raises over a body that is not what its headers say: packed or parted
# wrongly, in encodings that there are not, or cut off.
UNREADABLE = (
    ValueError,
    LookupError,
    RuntimeError,
    RuntimeWarning,
    AssertionError,
    HttpProcessingError,
    web.RequestPayloadError,
)


async def read(request: web.Request) -> tuple[Json, dict[str, Upload]]:
    """Read parameters from the query string and the body, and files from the body."""
    given: Json = dict(pairs(request.rel_url.raw_query_string))
    if not request.body_exists:
        return given, {}
    try:
        return await read_body(request, given)
    except web.HTTPRequestEntityTooLarge:
        raise errors.ApiError(413, "Request Entity Too Large") from None  # seen
    except UNREADABLE:
        raise errors.sandbox("the body is not what its headers say") from None


async def read_body(request: web.Request, given: Json) -> tuple[Json, dict[str, Upload]]:
    """Read the body by its type; a type that Telegram does not know is not read."""
    kind = request.content_type
    if kind == "application/json":
        return given | json_object(await request.read()), {}
    if kind == "application/x-www-form-urlencoded":
        return given | dict(pairs(ascii_text(await request.read()))), {}
    if kind == "multipart/form-data":
        return await multipart(request, given)
    await request.read()
    return given, {}


def ascii_text(body: bytes) -> str:
    """Read a form as text; what is not encoded in it is UTF-8."""
    try:
        return body.decode()
    except UnicodeDecodeError:
        raise errors.bad_request("strings must be encoded in UTF-8") from None  # server


def pairs(text: str) -> list[tuple[str, str]]:
    """Split a form or a query string; yarl does it in C, urllib takes a step a byte."""
    if text.count("&") >= FIELDS:
        raise errors.sandbox("a request has too many fields")
    found = list(URL.build(query_string=text, encoded=True).query.items())
    if any(BROKEN in name + value for name, value in found) and BROKEN_FORM not in text.upper():
        raise errors.bad_request("strings must be encoded in UTF-8")  # server
    return found


def json_object(body: bytes) -> Json:
    """Read a JSON body."""
    try:
        value: Any = msgspec.json.decode(body or b"{}")
    except (msgspec.DecodeError, RecursionError):
        value = None
    if not isinstance(value, dict):
        raise errors.bad_request("can't parse JSON object")  # seen
    return value


async def multipart(request: web.Request, given: Json) -> tuple[Json, dict[str, Upload]]:
    """Read fields and files of a multipart body."""
    form = await request.post()
    files: dict[str, Upload] = {}
    for name, value in form.items():
        if isinstance(value, web.FileField):
            content = await asyncio.to_thread(value.file.read)
            files[name] = Upload(value.filename, value.content_type, content)
        elif isinstance(value, str):
            given[name] = value
    return given, files
