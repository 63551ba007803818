"""How many sendMessage a second the sandbox answers on one core: `python -m bench.sandbox_rate`.

The server runs in a process of its own; the rate is messages by the CPU seconds that it used, so
that the client's cost and other load do not count. Beside it, as the measure of the machine, a
bare aiohttp server that answers the same requests with a constant; the limit is a ratio to that.
"""

from __future__ import annotations

import asyncio
import os
import sys
from multiprocessing import Pipe, Process
from multiprocessing.connection import Connection
from pathlib import Path

import aiohttp
from aiohttp import web

from bot.sandbox import Sandbox

MESSAGES = 6_000
AT_ONCE = 64
# At least this share of what a server that does nothing answers; and never below RATE.
SHARE = 0.2
RATE = 1_500
POST = "<b>Digest</b>\n" + "\n".join(
    f'• <a href="https://example.org/{number}">Headline {number}</a> of the day, 一句话新闻摘要'
    for number in range(12)
)


async def serve_sandbox(pipe: Connection) -> None:
    async with Sandbox() as sandbox:
        person = sandbox.person("Ann")
        await person.says("/start")
        pipe.send((f"{sandbox.api}/bot{sandbox.token}/sendMessage", person.id))
        await asyncio.to_thread(pipe.recv)


async def serve_bare(pipe: Connection) -> None:
    async def handle(request: web.Request) -> web.Response:
        await request.read()
        return web.json_response({"ok": True, "result": True})

    app = web.Application()
    app.router.add_post("/bot/sendMessage", handle)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    pipe.send((f"http://127.0.0.1:{runner.addresses[0][1]}/bot/sendMessage", 1))
    await asyncio.to_thread(pipe.recv)
    await runner.cleanup()


def run_server(name: str, pipe: Connection) -> None:
    asyncio.run({"sandbox": serve_sandbox, "bare": serve_bare}[name](pipe))


async def load(url: str, chat_id: int, messages: int) -> None:
    # Each text is another one: parsed texts are remembered.
    todo = iter(range(messages))

    async def work(session: aiohttp.ClientSession) -> None:
        for number in todo:
            text = f"{POST}\n{number}"
            data = {"chat_id": str(chat_id), "text": text, "parse_mode": "HTML"}
            async with session.post(url, data=data) as response:
                assert response.status == 200, await response.text()
                await response.read()

    connector = aiohttp.TCPConnector(limit=AT_ONCE)
    async with aiohttp.ClientSession(connector=connector) as session, asyncio.TaskGroup() as tasks:
        for _ in range(AT_ONCE):
            tasks.create_task(work(session))


def rate(name: str) -> float:
    """Messages per CPU second of the server."""
    ours, theirs = Pipe()
    process = Process(target=run_server, args=(name, theirs))
    process.start()
    url, chat_id = ours.recv()
    used = -process_cpu(process.pid or 0)
    asyncio.run(load(url, chat_id, MESSAGES))
    used += process_cpu(process.pid or 0)
    ours.send(None)
    process.join()
    return MESSAGES / used


def process_cpu(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def main() -> int:
    bare, ours = rate("bare"), rate("sandbox")
    share = ours / bare
    print(f"bare aiohttp {bare:.0f}/s, sandbox {ours:.0f}/s by CPU, share {share:.2f} (≥ {SHARE})")
    return int(share < SHARE or ours < RATE)


if __name__ == "__main__":
    sys.exit(main())
