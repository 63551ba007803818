"""A Bot API server in a process of its own: answers after a while, counts what breaks limits.

It speaks just enough HTTP to take little time itself, and notes the moment at which a request
was read before it does anything else. Prints its address; `GET /report` gives its counts as JSON.
"""

from __future__ import annotations

import asyncio
import sys
import time
from collections import Counter, deque
from contextlib import suppress
from typing import Any

import msgspec

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"


class Judge:
    """Counts requests that come too soon, by Telegram's published limits."""

    def __init__(self, rate: int) -> None:
        self.rate = rate
        self.times: deque[float] = deque(maxlen=rate + 1)
        self.last: dict[int, float] = {}
        self.violations: Counter[str] = Counter()
        self.arrivals: list[float] = []
        self.per_chat: Counter[int] = Counter()
        self.shortest = 9.0
        self.paid = 0

    def note(self, chat: int, now: float, body: bytes) -> None:
        self.arrivals.append(now)
        self.times.append(now)
        self.per_chat[chat] += 1
        self.paid += b"allow_paid_broadcast" in body
        if len(self.times) > self.rate:
            span = now - self.times[0]
            self.shortest = min(self.shortest, span)
            self.violations["bot"] += span < 1.0
        if now - self.last.get(chat, -9.0) < 1.0:
            self.violations["chat"] += 1
        self.last[chat] = now

    def report(self) -> dict[str, Any]:
        span = self.arrivals[-1] - self.arrivals[0] if len(self.arrivals) > 1 else 0.0
        return {
            "requests": len(self.arrivals),
            "paid": self.paid,
            "chats": len(self.per_chat),
            "seconds": round(span, 2),
            "rate": round((len(self.arrivals) - 1) / span, 2) if span else 0.0,
            "violations": {cause: n for cause, n in self.violations.items() if n},
            # The least time in which one request more than the rate came.
            "shortest": round(self.shortest, 4),
        }


class Connection(asyncio.Protocol):
    """One kept connection, on which one request follows the answer of the last."""

    def __init__(self, judge: Judge, latency: float) -> None:
        self.judge = judge
        self.latency = latency
        self.buffer = b""
        self.transport: asyncio.Transport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        now = time.monotonic()
        self.buffer += data
        head, end, body = self.buffer.partition(b"\r\n\r\n")
        if not end or len(body) < length_of(head):
            return
        self.buffer = b""
        if head.startswith(b"GET /report"):
            self.answer(self.judge.report())
            return
        chat = chat_of(body)
        self.judge.note(chat, now, body)
        sender = {"id": chat, "type": "private", "first_name": "A"}
        number = len(self.judge.arrivals)
        message = {"message_id": number, "date": 1, "text": "x", "chat": sender}
        asyncio.get_running_loop().call_later(
            self.latency, self.answer, {"ok": True, "result": message}
        )

    def answer(self, value: dict[str, Any]) -> None:
        body = msgspec.json.encode(value)
        self.transport.write(HEAD % len(body) + body)


def length_of(head: bytes) -> int:
    rest = head.lower().partition(b"\r\ncontent-length:")[2]
    return int(rest.partition(b"\r\n")[0] or 0)


def chat_of(body: bytes) -> int:
    """Find the chat in JSON, a form, or the parts of one."""
    if body.startswith(b"{"):
        return int(msgspec.json.decode(body)["chat_id"])
    marker = b'name="chat_id"\r\n\r\n' if body.startswith(b"--") else b"chat_id="
    rest = body.partition(marker)[2]
    return int(rest[:20].replace(b"&", b"\r").partition(b"\r")[0])


async def main(rate: int, latency: float) -> None:
    judge = Judge(rate)
    loop = asyncio.get_running_loop()
    server = await loop.create_server(
        lambda: Connection(judge, latency), "127.0.0.1", 0, backlog=1024
    )
    print(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    with suppress(KeyboardInterrupt):
        asyncio.run(main(int(sys.argv[1]), float(sys.argv[2])))
