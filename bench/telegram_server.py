"""A Bot API server in a process of its own: answers after a while, counts what breaks limits.

Prints its address; on `GET /report` gives what it counted as JSON.
"""

from __future__ import annotations

import asyncio
import sys
import time
from collections import Counter, deque
from contextlib import suppress
from typing import Any

import msgspec
from aiohttp import web


class Judge:
    """Counts requests that come too soon, by Telegram's published limits."""

    def __init__(self, rate: int) -> None:
        self.rate = rate
        self.times: deque[float] = deque(maxlen=rate + 1)
        self.last: dict[int, float] = {}
        self.violations: Counter[str] = Counter()
        self.arrivals: list[float] = []
        self.per_chat: Counter[int] = Counter()

    def note(self, chat: int) -> None:
        now = time.monotonic()
        self.arrivals.append(now)
        self.times.append(now)
        self.per_chat[chat] += 1
        if len(self.times) > self.rate and now - self.times[0] < 1.0:
            self.violations["bot"] += 1
        if now - self.last.get(chat, -9.0) < 1.0:
            self.violations["chat"] += 1
        self.last[chat] = now

    def report(self) -> dict[str, Any]:
        span = self.arrivals[-1] - self.arrivals[0] if len(self.arrivals) > 1 else 0.0
        return {
            "requests": len(self.arrivals),
            "chats": len(self.per_chat),
            "seconds": span,
            "rate": (len(self.arrivals) - 1) / span if span else 0.0,
            "violations": dict(self.violations),
        }


def chat_of(body: bytes, kind: str) -> int:
    if kind == "application/json":
        return int(msgspec.json.decode(body)["chat_id"])
    marker = b'name="chat_id"\r\n\r\n' if kind.startswith("multipart") else b"chat_id="
    rest = body.partition(marker)[2]
    digits = rest[:20].replace(b"&", b"\r").partition(b"\r")[0]
    return int(digits)


async def main(rate: int, latency: float) -> None:
    judge = Judge(rate)

    async def send_message(request: web.Request) -> web.Response:
        chat = chat_of(await request.read(), request.content_type)
        judge.note(chat)
        await asyncio.sleep(latency)
        sender = {"id": chat, "type": "private", "first_name": "A"}
        message = {"message_id": len(judge.arrivals), "date": 1, "text": "x", "chat": sender}
        answer = msgspec.json.encode({"ok": True, "result": message})
        return web.Response(body=answer, content_type="application/json")

    async def report(_request: web.Request) -> web.Response:
        return web.json_response(judge.report())

    app = web.Application()
    app.router.add_post("/bot1:token/sendMessage", send_message)
    app.router.add_get("/report", report)
    runner = web.AppRunner(app, access_log=None, keepalive_timeout=75)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0, backlog=1024).start()
    print(f"http://127.0.0.1:{runner.addresses[0][1]}", flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    with suppress(KeyboardInterrupt):
        asyncio.run(main(int(sys.argv[1]), float(sys.argv[2])))
