"""Throw bytes at a sandbox in a process of its own.

python -m bench.sandbox_fuzz [SECONDS [SEED]]

It fails if the process ends or writes a traceback, if anything is answered with a 5xx, or if a
plain call no longer gets its answer within some seconds.
"""

from __future__ import annotations

import gzip
import json
import random
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

PATIENCE = 10.0
DEEP = 10_000
BIG = 51 * 1024 * 1024

Random = random.Random
Request = tuple[str, dict[str, str], bytes]

TEXTS = (
    *("", "x", "\x00", "\ud800", "�", "../../etc/passwd", "<img onerror=x>", "%s%n{0}", "💥" * 300),
    *("9" * 400, "1e999", "-1", "null", "true", "@ai_news_plus", "\r\nX: y", "attach://x", "HTML"),
)
NUMBERS = (0, -1, 1, 2**31, 2**63, 2**64, 10**400, -(2**63) - 1, 0.5, 1e308)
HEADERS = (
    ("Content-Type", "application/json; charset=nonsense"),
    ("Content-Type", "application/x-www-form-urlencoded; charset=utf-16"),
    ("Content-Type", "multipart/form-data; boundary="),
    ("Content-Type", "multipart/form-data; boundary=" + "x" * 300),
    ("Content-Type", "multipart/mixed; boundary=x"),
    ("Content-Type", "text/plain"),
    ("Content-Type", "\x7f"),
    ("Content-Encoding", "gzip"),
    ("Content-Encoding", "deflate"),
    ("Content-Encoding", "br"),
    ("Content-Encoding", "nonsense"),
    ("Transfer-Encoding", "chunked"),
    ("Transfer-Encoding", "gzip, chunked"),
    ("Content-Length", "-1"),
    ("Content-Length", "99999999999999999999"),
    ("Expect", "100-continue"),
    ("Expect", "nonsense"),
    ("Host", "evil.example"),
    ("Host", ""),
    ("Origin", "http://evil.example"),
    ("Upgrade", "websocket"),
    ("Connection", "close"),
    ("X-Long", "y" * 9000),
    ("Last-Event-ID", "nonsense"),
    ("Range", "bytes=5-1"),
    ("Cookie", "\xff=\xff"),
)
METHODS = ("sendMessage", "sendPhoto", "setMyCommands", "editMessageText", "answerInlineQuery")
CONTROL = ("state", "calls", "says", "presses", "faults", "clock", "people", "chats", "blocks")


def value(source: Random, depth: int = 0) -> Any:
    kind = source.random()
    if kind < 0.4 or depth > 3:
        return source.choice(TEXTS)
    if kind < 0.7:
        return source.choice(NUMBERS)
    if kind < 0.85:
        return {source.choice(TEXTS): value(source, depth + 1) for _ in range(3)}
    return [value(source, depth + 1) for _ in range(source.randrange(4))]


def wish(source: Random) -> dict[str, Any]:
    names = ("chat_id", "text", "parse_mode", "entities", "reply_markup", "photo", "commands")
    more = ("link_preview_options", "reply_parameters", "message_id", "results", "person", "chat")
    chosen = source.sample(names + more, source.randrange(6))
    return {name: value(source) for name in chosen} | {"chat_id": "@ai_news_plus"}


def json_body(source: Random) -> tuple[str, bytes]:
    return "application/json", json.dumps(wish(source)).encode(errors="replace")


def form_body(source: Random) -> tuple[str, bytes]:
    pieces = (
        b"text=%ff",
        b"text=%00",
        b"a&b&=c",
        b"text=%ED%A0%80",
        b"chat_id=1;x=2",
        b"%",
        b"\xff",
    )
    return "application/x-www-form-urlencoded", b"&".join(source.choices(pieces, k=3))


def multipart_body(source: Random) -> tuple[str, bytes]:
    name = source.choice(("photo", "text", "", 'a\\"b', "\xff"))
    extra = source.choice(
        (
            'filename="../../x"',
            "filename*=utf-8''%ff",
            'filename="\x00"',
            "",
        )
    )
    inner = source.choice(
        (
            "",
            "Content-Type: text/plain; charset=nonsense\r\n",
            "Content-Transfer-Encoding: base64\r\n",
            "Content-Transfer-Encoding: nonsense\r\n",
            "Content-Encoding: gzip\r\n",
            "Content-Type: multipart/mixed; boundary=y\r\n",
            "Content-Length: 3\r\n",
        )
    )
    end = source.choice(("\r\n--x--\r\n", "\r\n--x", "", "\r\n--y--\r\n"))
    head = f'--x\r\nContent-Disposition: form-data; name="{name}"; {extra}\r\n{inner}\r\n'
    content = source.choice((b"content", b"\xff\x00", b"", b"=" * 50))
    return "multipart/form-data; boundary=x", head.encode("latin-1") + content + end.encode()


def deep_body(source: Random) -> tuple[str, bytes]:
    opening, closing = source.choice(((b"[", b"]"), (b'{"a":', b"}")))
    depth = source.choice((200, 900, DEEP))
    nested = opening * depth + b"1" + closing * depth
    name = source.choice((b"reply_markup", b"entities", b"link_preview_options"))
    return "application/json", b'{"chat_id":"@ai_news_plus","' + name + b'":' + nested + b"}"


def text_of_json(source: Random) -> tuple[str, bytes]:
    depth = source.choice((50, 900, DEEP))
    nested = "[" * depth + "]" * depth
    body = json.dumps({"chat_id": "@ai_news_plus", "text": "x", "reply_markup": nested})
    return "application/json", body.encode()


def noise(source: Random) -> tuple[str, bytes]:
    return "application/json", source.randbytes(source.randrange(300))


def packed(source: Random) -> tuple[str, bytes]:
    kind, body = json_body(source)
    return kind, gzip.compress(body)[: source.choice((None, 20, 5))]


BODIES: tuple[Callable[[Random], tuple[str, bytes]], ...] = (
    *(json_body, json_body, form_body, multipart_body, multipart_body),
    *(deep_body, text_of_json, noise, packed),
)


def path(source: Random, token: str) -> str:
    kind = source.random()
    if kind < 0.6:
        return f"/bot{token}/{source.choice(METHODS)}"
    if kind < 0.75:
        return f"/control/{source.choice(CONTROL)}"
    odd = (
        "//",
        "/bot",
        f"/bot{token}",
        f"/bot{token}/..%2f..",
        f"/file/bot{token}/../../etc/passwd",
    )
    more = (
        "/page/..%2f..%2fserver.py",
        "/page/%00",
        "/control/messages/x",
        "*",
        "/%ff%fe",
        "/\x00",
    )
    return source.choice((*odd, *more, "http://evil.example/", "/control/page/file/x"))


def request(source: Random, token: str, port: int) -> bytes:
    kind, body = source.choice(BODIES)(source)
    headers = {"Host": f"127.0.0.1:{port}", "Content-Type": kind, "Content-Length": str(len(body))}
    if source.random() < 0.4:
        name, text = source.choice(HEADERS)
        headers[name] = text
    verb = source.choice(("POST", "POST", "POST", "GET", "PUT", "DELETE", "BREW", "OPTIONS"))
    lines = [f"{verb} {path(source, token)} HTTP/1.1", *(f"{n}: {t}" for n, t in headers.items())]
    whole = "\r\n".join(lines).encode("latin-1", "replace") + b"\r\n\r\n" + body
    return whole[: source.randrange(len(whole))] if source.random() < 0.15 else whole


def ask(address: tuple[str, int], sent: bytes, patience: float = 0.3) -> bytes:
    """Send bytes, and read the first line of what comes back, if anything does in time."""
    with socket.create_connection(address, timeout=PATIENCE) as connection:
        try:
            connection.sendall(sent)
            connection.settimeout(patience)
            return connection.recv(200).split(b"\r\n")[0]
        except (BrokenPipeError, ConnectionResetError, TimeoutError):
            return b""


def plain(address: tuple[str, int], token: str) -> bytes:
    lines = f"GET /bot{token}/getMe HTTP/1.1\r\nHost: 127.0.0.1:{address[1]}\r\n\r\n"
    return ask(address, lines.encode(), PATIENCE)


def flood(address: tuple[str, int], token: str) -> bytes:
    """Send more than any method takes."""
    head = f"POST /bot{token}/sendMessage HTTP/1.1\r\nHost: 127.0.0.1:{address[1]}\r\n"
    kind = f"Content-Type: application/json\r\nContent-Length: {BIG}\r\n\r\n"
    return ask(address, (head + kind).encode() + bytes(BIG), PATIENCE)


def main() -> int:
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 20.0
    source = Random(int(sys.argv[2]) if len(sys.argv) > 2 else 1)
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "stderr"
        with log.open("wb") as errors:
            process = subprocess.Popen(
                [sys.executable, "-m", "bot", "sandbox", "--no-bot"],
                stdout=subprocess.PIPE,
                stderr=errors,
            )
        try:
            return judge(process, source, seconds, log)
        finally:
            process.terminate()
            process.wait(PATIENCE)


def judge(process: subprocess.Popen[bytes], source: Random, seconds: float, log: Path) -> int:
    assert process.stdout is not None
    state = json.loads(process.stdout.readline())
    parts = urlsplit(state["api"])
    address, token = (str(parts.hostname), int(parts.port or 0)), str(state["token"])
    print(f"more than fits: {flood(address, token).decode()}")
    end, count, bad = time.monotonic() + seconds, 0, 0
    while time.monotonic() < end:
        sent = request(source, token, address[1])
        line = ask(address, sent)
        count += 1
        if b" 5" in line[8:11] or (count % 50 == 0 and b"200" not in plain(address, token)):
            bad += 1
            print(f"{line!r} to {sent[:200]!r}")
    said = log.read_text(errors="replace")
    alive = process.poll() is None
    print(
        f"{count} requests, {bad} bad, {'alive' if alive else 'dead'}, {len(said)} bytes of errors"
    )
    print(said[:3000])
    return int(bad > 0 or not alive or "Traceback" in said)


if __name__ == "__main__":
    sys.exit(main())
