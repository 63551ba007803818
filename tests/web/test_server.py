"""The HTTP server, over HTTP."""

from __future__ import annotations

import hmac
import json
from collections.abc import Mapping
from hashlib import sha256
from io import BytesIO
from typing import Any

import aiohttp
import pytest

from bot.web.archive import ArchiveHook
from bot.web.server import MOST_BYTES, Hook, ListenError, serving
from bot.web.updates import SECRET_HEADER, UpdatesHook

SECRET = "it's a secret"  # noqa: S105  # of this test
ARCHIVE = "/hooks/archive"
UPDATES = "/updates"


def signed(body: bytes, secret: str = SECRET) -> dict[str, str]:
    return {"X-Hub-Signature-256": f"sha256={hmac.new(secret.encode(), body, sha256).hexdigest()}"}


async def post(port: int, path: str, body: bytes | BytesIO, headers: Mapping[str, str]) -> int:
    async with (
        aiohttp.ClientSession() as session,
        session.post(f"http://127.0.0.1:{port}{path}", data=body, headers=headers) as response,
    ):
        return response.status


def archive_hook(pushes: list[bool]) -> dict[str, Hook]:
    return {ARCHIVE: ArchiveHook(SECRET, lambda: pushes.append(True)).received}


async def test_it_shows_its_figures() -> None:
    async with (
        serving("127.0.0.1", 0, {}, lambda: "waiting 3\n") as port,
        aiohttp.ClientSession() as session,
        session.get(f"http://127.0.0.1:{port}/metrics") as response,
    ):
        assert (response.status, await response.text()) == (200, "waiting 3\n")


async def test_it_is_healthy() -> None:
    async with (
        serving("127.0.0.1", 0, {}) as port,
        aiohttp.ClientSession() as session,
        session.get(f"http://127.0.0.1:{port}/healthz") as response,
    ):
        assert response.status == 200


async def test_a_signed_push_is_passed_on() -> None:
    pushes: list[bool] = []
    async with serving("127.0.0.1", 0, archive_hook(pushes)) as port:
        assert await post(port, ARCHIVE, b'{"ref": "main"}', signed(b'{"ref": "main"}')) == 202

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
async def test_other_pushes_are_refused(headers: dict[str, str]) -> None:
    pushes: list[bool] = []
    async with serving("127.0.0.1", 0, archive_hook(pushes)) as port:
        assert await post(port, ARCHIVE, b"{}", headers) == 403

    assert pushes == []


async def test_without_a_hook_there_is_none() -> None:
    async with serving("127.0.0.1", 0, {}) as port:
        assert await post(port, ARCHIVE, b"{}", signed(b"{}")) == 404


async def test_a_taken_port_is_told() -> None:
    async with serving("127.0.0.1", 0, {}) as port:
        with pytest.raises(ListenError, match=f"{port} cannot be listened on"):
            async with serving("127.0.0.1", port, {}):
                pass


class Inbox:
    """Takes what comes while there is room."""

    def __init__(self, room: int = 1) -> None:
        self.room = room
        self.taken: list[dict[str, Any]] = []

    def take(self, update: dict[str, Any]) -> bool:
        if len(self.taken) < self.room:
            self.taken.append(update)
            return True
        return False


def updates_hook(inbox: Inbox) -> dict[str, Hook]:
    return {UPDATES: UpdatesHook(SECRET, inbox.take).received}


async def test_an_update_is_acknowledged_once_it_is_in_hand_and_not_before() -> None:
    inbox, body = Inbox(room=1), json.dumps({"update_id": 7, "message": {}}).encode()
    async with serving("127.0.0.1", 0, updates_hook(inbox)) as port:
        assert await post(port, UPDATES, body, {SECRET_HEADER: SECRET}) == 200
        assert await post(port, UPDATES, body, {SECRET_HEADER: SECRET}) == 503

    assert inbox.taken == [{"update_id": 7, "message": {}}]


@pytest.mark.parametrize("secret", [None, "", "another", SECRET + "x", "é", "x" * 5000])
async def test_who_does_not_know_the_secret_gets_nothing_in(secret: str | None) -> None:
    inbox = Inbox()
    headers = {} if secret is None else {SECRET_HEADER: secret}
    async with serving("127.0.0.1", 0, updates_hook(inbox)) as port:
        assert await post(port, UPDATES, b'{"update_id": 7}', headers) == 403

    assert inbox.taken == []


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\xff\xfe",
        b"null",
        b"[]",
        b"{",
        b"{}",
        b'{"update_id": "7"}',
        b'{"update_id": null}',
        b'{"update_id": 1e400}',
        b'{"update_id": 7, "message": "\xed\xa0\x80"}',
        b'{"update_id": 7, "message": ' + b"[" * 100_000,
    ],
)
async def test_what_is_no_update_is_refused_and_the_next_one_taken(body: bytes) -> None:
    inbox = Inbox()
    async with serving("127.0.0.1", 0, updates_hook(inbox)) as port:
        assert await post(port, UPDATES, body, {SECRET_HEADER: SECRET}) == 400
        assert await post(port, UPDATES, b'{"update_id": 8}', {SECRET_HEADER: SECRET}) == 200

    assert inbox.taken == [{"update_id": 8}]


@pytest.mark.parametrize("path", [ARCHIVE, UPDATES])
async def test_a_body_has_bounds(path: str) -> None:
    hooks = archive_hook([]) | updates_hook(Inbox())
    async with serving("127.0.0.1", 0, hooks) as port:
        body = BytesIO(b"x" * (MOST_BYTES + 1))
        assert await post(port, path, body, {SECRET_HEADER: SECRET}) == 413
