"""A SOCKS proxy between the bot and Telegram: one that works, one that does not, no library."""

from __future__ import annotations

import asyncio
import contextlib
import os
import subprocess
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from aiohttp import web

from bot.settings import SettingsError
from bot.telegram_api.client import Client
from bot.telegram_api.errors import NotSent

ROOT = Path(__file__).parents[2]
TELEGRAM = "http://telegram.invalid"
TOKEN = "1:token"  # noqa: S105
TAKEN, REFUSED = 0, 2
USER, PASSWORD = b"ann", b"let me through"


@dataclass
class Socks:
    """A SOCKS5 proxy that wants a password, and leads everything to *port* of this machine."""

    port: int = 0
    answer: int = TAKEN
    asked_for: set[str] = field(default_factory=set)
    address: str = ""

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Speak RFC 1928 and RFC 1929 with one client."""
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
            _, methods = await reader.readexactly(2)
            await reader.readexactly(methods)
            writer.write(b"\x05\x02")
            user, password = await self.word(reader, skip=1), await self.word(reader)
            writer.write(b"\x01\x00" if (user, password) == (USER, PASSWORD) else b"\x01\x01")
            host = await self.word(reader, skip=4)
            await reader.readexactly(2)
            self.asked_for.add(host.decode())
            writer.write(bytes((5, self.answer, 0, 1, 0, 0, 0, 0, 0, 0)))
            if self.answer == TAKEN:
                await self.join(reader, writer)
        writer.close()

    async def word(self, reader: asyncio.StreamReader, skip: int = 0) -> bytes:
        """Read what begins with its length, after *skip* bytes."""
        length = (await reader.readexactly(skip + 1))[-1]
        return await reader.readexactly(length)

    async def join(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Let both sides talk until one has said all."""
        far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self.port)
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(pour(reader, far_writer))
            tasks.create_task(pour(far_reader, writer))


async def pour(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(ConnectionError):
        while chunk := await reader.read(65_536):
            writer.write(chunk)
            await writer.drain()
    writer.close()


async def answer(request: web.Request) -> web.Response:
    """Be Telegram, to whoever asks who they are."""
    bot = {"id": 1, "is_bot": True, "first_name": "Bot", "username": "a_bot"}
    asked = request.path.rpartition("/")[2]
    return web.json_response({"ok": True, "result": bot if asked == "getMe" else []})


@pytest.fixture
async def telegram() -> AsyncIterator[int]:
    app = web.Application()
    app.router.add_post("/{method:.*}", answer)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield runner.addresses[0][1]
    await runner.cleanup()


@pytest.fixture
async def socks(telegram: int, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Socks]:
    socks = Socks(telegram)
    async with await asyncio.start_server(socks.serve, "127.0.0.1", 0) as server:
        host, port = server.sockets[0].getsockname()
        socks.address = f"{USER.decode()}:let%20me%20through@{host}:{port}"
        for name in ("HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"):
            monkeypatch.delenv(name, raising=False)
            monkeypatch.delenv(name.lower(), raising=False)
        yield socks


@pytest.mark.parametrize("scheme", ["socks5", "socks5h", "socks"])
async def test_all_calls_go_through_the_proxy(
    socks: Socks, scheme: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", f"{scheme}://{socks.address}")

    async with Client(TELEGRAM, TOKEN, 30) as client:
        assert client.username == "a_bot"
        assert await client.raw_updates(0, ("message",), wait_seconds=0) == []

    assert socks.asked_for == {"telegram.invalid"}


async def test_where_the_proxy_does_not_lead_there_nothing_was_sent(
    socks: Socks, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", f"socks5://{socks.address}")
    socks.answer = REFUSED

    client = Client(TELEGRAM, TOKEN, 30)
    with pytest.raises(NotSent, match="no connection: ProxyError"):
        await client.initialize()
    await client.shutdown()


async def test_a_proxy_that_is_not_there_means_nothing_was_sent(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "socks5://127.0.0.1:9")

    client = Client(TELEGRAM, TOKEN, 30)
    with pytest.raises(NotSent, match="no connection"):
        await client.initialize()
    await client.shutdown()


def test_a_proxy_without_a_port_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "socks5://proxy.example")

    with pytest.raises(SettingsError, match="socks5://host:port"):
        Client(TELEGRAM, TOKEN, 30)


def test_without_the_extra_it_is_said_how_to_install_it(tmp_path: Path) -> None:
    """The library is hidden behind a module of its name that cannot be imported."""
    (tmp_path / "aiohttp_socks.py").write_text("raise ModuleNotFoundError(name='aiohttp_socks')")
    kept = {name: os.environ[name] for name in os.environ if name.startswith(("PATH", "COV"))}
    environment = {
        "PYTHONPATH": f"{tmp_path}{os.pathsep}{ROOT}",
        "BOT_TOKEN": "123456:" + "a" * 35,
        "HTTPS_PROXY": "socks5://secret:word@127.0.0.1:9",
        "TOPICS_FILE": str(ROOT / "data" / "topics.toml"),
        "HTTP_LISTEN": "",
    }

    result = subprocess.run(
        [sys.executable, "-m", "bot", "run"],
        cwd=tmp_path,
        env=kept | environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert result.returncode == 2
    assert "pip install 'digestbot[socks]'" in result.stderr
    assert "Traceback" not in result.stderr
    assert "word" not in result.stderr
