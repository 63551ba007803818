"""Where the bot listens, and what becomes of it where somebody else does."""

from __future__ import annotations

import contextlib
import socket
from collections.abc import Iterator

import aiohttp
import pytest
from aiohttp import web

from bot.app.listening import listening
from bot.settings import Settings, SettingsError
from tests.conftest import Stage, free_port
from tests.test_app import process, until


async def hook(_: web.Request) -> web.Response:
    return web.Response()


@pytest.fixture
def usual_place() -> Iterator[None]:
    """Have the place taken where the bot listens unless told otherwise."""
    with socket.socket() as taken:
        with contextlib.suppress(OSError):  # somebody has it
            taken.bind(("127.0.0.1", 8080))
            taken.listen()
        yield


@pytest.mark.usefixtures("usual_place")
async def test_where_nothing_needs_it_a_taken_port_is_no_reason_not_to_run(
    capsys: pytest.CaptureFixture[str],
) -> None:
    async with listening(Settings.model_validate({}), {}):
        assert "not listening" in capsys.readouterr().out


@pytest.mark.usefixtures("usual_place")
async def test_a_taken_port_is_told_where_a_hook_needs_it_or_it_was_chosen() -> None:
    for chosen, hooks in (({}, {"/x": hook}), ({"http_listen": "127.0.0.1:8080"}, {})):
        with pytest.raises(SettingsError, match=r"HTTP_LISTEN: .*:8080 cannot be"):
            async with listening(Settings.model_validate(chosen), hooks):
                pass


async def test_it_is_healthy_also_while_telegram_cannot_be_reached(stage: Stage) -> None:
    at = f"127.0.0.1:{free_port()}"
    async with process(stage, HTTP_LISTEN=at, TELEGRAM_API="http://127.0.0.1:9") as running:
        await until(lambda: "cannot be reached" in running.errors.read_text())
        async with (
            aiohttp.ClientSession() as session,
            session.get(f"http://{at}/healthz") as answer,
        ):
            assert answer.status == 200
        running.process.terminate()
        assert await running.process.wait() == 0
