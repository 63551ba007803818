"""The HTTP server, over HTTP."""

from __future__ import annotations

import hmac
from hashlib import sha256
from io import BytesIO

import aiohttp
import pytest

from bot.web.server import MOST_BYTES, Hook, ListenError, serving

SECRET = "it's a secret"  # noqa: S105  # of this test


def signed(body: bytes, secret: str = SECRET) -> dict[str, str]:
    return {"X-Hub-Signature-256": f"sha256={hmac.new(secret.encode(), body, sha256).hexdigest()}"}


async def post(port: int, body: bytes | BytesIO, headers: dict[str, str]) -> int:
    async with (
        aiohttp.ClientSession() as session,
        session.post(
            f"http://127.0.0.1:{port}/hooks/archive", data=body, headers=headers
        ) as response,
    ):
        return response.status


async def test_it_is_healthy() -> None:
    async with (
        serving("127.0.0.1", 0, None) as port,
        aiohttp.ClientSession() as session,
        session.get(f"http://127.0.0.1:{port}/healthz") as response,
    ):
        assert response.status == 200


async def test_a_signed_push_is_passed_on() -> None:
    pushes: list[bool] = []
    async with serving("127.0.0.1", 0, Hook(SECRET, lambda: pushes.append(True))) as port:
        assert await post(port, b'{"ref": "main"}', signed(b'{"ref": "main"}')) == 202

    assert pushes == [True]


@pytest.mark.parametrize(
    "headers",
    [
        {},
        signed(b"{}", "another"),
        signed(b"other"),
        {"X-Hub-Signature-256": "sha256="},
        {"X-Hub-Signature-256": "sha1=é"},
        {"X-Hub-Signature": "sha1=0"},
    ],
)
async def test_others_are_refused(headers: dict[str, str]) -> None:
    pushes: list[bool] = []
    async with serving("127.0.0.1", 0, Hook(SECRET, lambda: pushes.append(True))) as port:
        assert await post(port, b"{}", headers) == 403

    assert pushes == []


async def test_a_body_has_bounds() -> None:
    async with serving("127.0.0.1", 0, Hook(SECRET, lambda: None)) as port:
        assert await post(port, BytesIO(b"x" * (MOST_BYTES + 1)), {}) == 413


async def test_without_a_hook_there_is_none() -> None:
    async with serving("127.0.0.1", 0, None) as port:
        assert await post(port, b"{}", signed(b"{}")) == 404


async def test_a_taken_port_is_told() -> None:
    async with serving("127.0.0.1", 0, None) as port:
        with pytest.raises(ListenError, match=f"{port} cannot be listened on"):
            async with serving("127.0.0.1", port, None):
                pass
