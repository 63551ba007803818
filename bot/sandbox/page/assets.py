"""The page's own files: few, small, read once, and nothing else can be asked for."""

from __future__ import annotations

import mimetypes
from functools import cache
from importlib.resources import files

from aiohttp import web

INDEX = "index.html"
# Nothing from outside, nothing inline, and no way to write HTML from a script.
POLICY = "; ".join(
    [
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "connect-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
        "require-trusted-types-for 'script'",
        "trusted-types 'none'",
    ]
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cache-Control": "no-cache",
}
# Some machines' tables call scripts plain text, which browsers refuse to run.
TYPES = {"js": "text/javascript", "css": "text/css", "html": "text/html", "svg": "image/svg+xml"}


@cache
def contents() -> dict[str, bytes]:
    """Read all files of the page, by name."""
    folder = files("bot.sandbox.page") / "static"
    return {entry.name: entry.read_bytes() for entry in folder.iterdir() if entry.is_file()}


async def asset(request: web.Request) -> web.StreamResponse:
    """Answer with one of the page's files."""
    name = request.match_info.get("name", INDEX)
    content = contents().get(name)
    if content is None:
        raise web.HTTPNotFound
    kind = TYPES.get(name.rpartition(".")[2]) or mimetypes.guess_type(name)[0] or "text/plain"
    return web.Response(body=content, content_type=kind, charset="utf-8", headers=HEADERS)
