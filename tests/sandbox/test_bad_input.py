"""Whatever comes over HTTP: Telegram's error or a 4xx, never a traceback."""

from __future__ import annotations

import asyncio
import contextlib
import gzip
import json
from random import Random
from typing import Any

import aiohttp
import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.sandbox import Sandbox
from bot.sandbox.errors import ApiError
from bot.sandbox.methods import METHODS
from bot.sandbox.schema import alternatives, checked, schema
from bot.sandbox.server import told
from bot.sandbox.unsupported import EVERYWHERE


async def test_a_wrong_token_opens_nothing(
    sandbox: Sandbox, session: aiohttp.ClientSession
) -> None:
    async def ask(path: str) -> dict[str, Any]:
        async with session.get(f"{sandbox.api}{path}") as response:
            return dict(await response.json())

    assert await ask("/bot1:wrong/getMe") == {
        "ok": False,
        "error_code": 401,
        "description": "Unauthorized",
    }
    assert (await ask("/botwrong/getMe"))["description"] == "Not Found"
    assert (await ask("/nothing"))["error_code"] == 404
    assert (await ask(f"/bot{sandbox.token}/noSuch"))[
        "description"
    ] == "Not Found: method not found"
    assert (await ask(f"/bot{sandbox.token}/GETME"))["ok"]
    assert (await ask(f"/bot{sandbox.token.replace(':', '%3A')}/getMe"))["ok"]


async def test_known_methods_that_are_not_there_say_so(
    sandbox: Sandbox, session: aiohttp.ClientSession
) -> None:
    async def ask(method: str) -> str:
        async with session.get(f"{sandbox.api}/bot{sandbox.token}/{method}") as response:
            return str((await response.json())["description"])

    assert await ask("sendInvoice") == "sandbox: sendInvoice is not supported"
    assert await ask("sendRichMessage") == (
        "sandbox: sendRichMessage is not supported by Bot API 10.0"
    )


DEEP = 10_000
BODIES = [
    ("application/json", b"{", "can't parse JSON object"),
    ("application/json", b"[1]", "can't parse JSON object"),
    ("application/json", b"[" * 100_000, "can't parse JSON object"),
    (
        "application/json",
        b'{"reply_markup":' + b'{"a":' * DEEP + b"1" + b"}" * DEEP + b"}",
        "can't parse JSON object",
    ),
    (
        "application/x-www-form-urlencoded",
        b"reply_markup=" + b"[" * DEEP + b"]" * DEEP,
        "can't parse reply keyboard markup JSON object",
    ),
    ("application/json", b'{"message_thread_id":1' + b"0" * 400 + b"}", "must be int"),
    ("application/json", b'{"message_thread_id":1e999}', "can't parse JSON object"),
    ("application/x-www-form-urlencoded", b"text=%ED%A0%80", "strings must be encoded in UTF-8"),
    ("multipart/form-data; boundary=x", b"--x\r\nContent-Dis", "not what its headers say"),
    ("application/json", b'{"text":"\\ud800"}', "can't parse JSON object"),
    ("application/x-www-form-urlencoded", b"text=%ff", "strings must be encoded in UTF-8"),
    ("application/x-www-form-urlencoded", b"text=\xff", "strings must be encoded in UTF-8"),
    ("application/x-www-form-urlencoded", b"a=1&" * 2000, "too many fields"),
    ("multipart/form-data", b"x", "not what its headers say"),
    ("multipart/form-data; boundary=x", b"y", "not what its headers say"),
    ("text/plain", b"text=x", "message text is empty"),
    ("application/json", b"", "message text is empty"),
]


@pytest.mark.parametrize(("kind", "body", "words"), BODIES)
async def test_broken_bodies_are_refused(
    sandbox: Sandbox, session: aiohttp.ClientSession, kind: str, body: bytes, words: str
) -> None:
    url = f"{sandbox.api}/bot{sandbox.token}/sendMessage"

    async with session.post(url, data=body, headers={"Content-Type": kind}) as response:
        answer = await response.json()

    assert response.status == 400
    assert words in answer["description"]


PART = b'--x\r\nContent-Disposition: form-data; name="%s"%s\r\n%s\r\ncontent\r\n--x--\r\n'
PARTS = [
    (b"text", b"", b"Content-Type: text/plain; charset=nonsense\r\n"),
    (b"text", b"", b"Content-Transfer-Encoding: nonsense\r\n"),
    (b"text", b"", b"Content-Transfer-Encoding: base64\r\n"),
    (b"text", b"", b"Content-Encoding: gzip\r\n"),
    (b"text", b"; ", b""),
    (b"text", b"", b"Content-Type: multipart/mixed; boundary=y\r\n"),
    (b"\xff", b"; filename*=utf-8''%ff", b""),
]


@pytest.mark.parametrize(("name", "more", "head"), PARTS)
async def test_broken_parts_are_refused(
    sandbox: Sandbox, session: aiohttp.ClientSession, name: bytes, more: bytes, head: bytes
) -> None:
    url = f"{sandbox.api}/bot{sandbox.token}/sendMessage"
    headers = {"Content-Type": "multipart/form-data; boundary=x"}

    body = PART % (name, more, head)
    async with session.post(url, data=body, headers=headers) as response:
        assert response.status == 400
        assert not (await response.json())["ok"]


async def test_odd_names_of_files_are_only_names(
    sandbox: Sandbox, session: aiohttp.ClientSession
) -> None:
    ann = sandbox.person("Ann")
    await ann.says("/start")
    url = f"{sandbox.api}/bot{sandbox.token}/sendDocument?chat_id={ann.id}"
    headers = {"Content-Type": "multipart/form-data; boundary=x"}

    for odd in (b"../../etc/passwd", b"\xff", b"..", b"a\x00b"):
        body = PART % (b"document", b'; filename="%s"' % odd, b"Content-Type: \xff\r\n")
        async with session.post(url, data=body, headers=headers) as response:
            assert response.status in (200, 400)
            await response.json()

    assert "/" not in ann.messages[-1].raw["document"]["file_name"]


@pytest.mark.parametrize("packing", ["gzip", "deflate", "br", "nonsense"])
async def test_what_is_packed_is_unpacked_or_refused(
    sandbox: Sandbox, session: aiohttp.ClientSession, packing: str
) -> None:
    url = f"{sandbox.api}/bot{sandbox.token}/getMe"
    headers = {"Content-Type": "application/json", "Content-Encoding": packing}
    headers["Connection"] = "close"
    packed = gzip.compress(b"{}")

    async with session.post(url, data=b"{}", headers=headers) as response:
        assert response.status in (200, 400)
    async with session.post(url, data=packed, headers=headers) as response:
        assert response.status == (200 if packing == "gzip" else 400)


async def test_what_swells_beyond_measure_is_refused(
    sandbox: Sandbox, session: aiohttp.ClientSession
) -> None:
    url = f"{sandbox.api}/bot{sandbox.token}/getMe"
    headers = {"Content-Type": "application/json", "Content-Encoding": "gzip"}
    bomb = gzip.compress(bytes(80 * 1024 * 1024))

    async with session.post(url, data=bomb, headers=headers) as response:
        assert response.status == 413


RAW = [
    b"POST /bot{token}/getMe HTTP/1.1\r\nHost: {host}\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab",
    b"POST /bot{token}/getMe HTTP/1.1\r\nHost: {host}\r\nContent-Length: -1\r\n\r\n",
    b"POST /bot{token}/getMe HTTP/1.1\r\nHost: {host}\r\nContent-Length: 5\r\n"
    b"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    b"GET /bot{token}/getMe HTTP/1.1\r\nHost: {host}\r\nX: " + b"y" * 9000 + b"\r\n\r\n",
    b"GET /\x00 HTTP/1.1\r\nHost: {host}\r\n\r\n",
    b"GET http://evil.example/bot{token}/getMe HTTP/1.1\r\nHost: evil.example\r\n\r\n",
    b"BREW /bot{token}/getMe HTTP/9.9\r\n\r\n",
    b"\x16\x03\x01\x02\x00\x01",
    b"\r\n\r\n\r\n",
]


@pytest.mark.parametrize("raw", RAW)
async def test_bent_requests_harm_nobody_else(
    sandbox: Sandbox,
    session: aiohttp.ClientSession,
    caplog: pytest.LogCaptureFixture,
    raw: bytes,
) -> None:
    host = sandbox.api.removeprefix("http://")
    sent = raw.replace(b"{token}", sandbox.token.encode()).replace(b"{host}", host.encode())
    reader, writer = await asyncio.open_connection(*host.split(":"))

    writer.write(sent)
    writer.write_eof()
    said = await asyncio.wait_for(reader.read(), 10)
    writer.close()

    assert said == b"" or b" 4" in said.split(b"\r\n")[0]
    async with session.get(f"{sandbox.api}/bot{sandbox.token}/getMe") as response:
        assert response.status == 200
    assert caplog.records == []


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "evil.example"},
        {"Host": ""},
        {"Host": "127.0.0.1.evil.example"},
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
async def test_other_sites_pages_reach_nothing(
    sandbox: Sandbox, session: aiohttp.ClientSession, headers: dict[str, str]
) -> None:
    for path in (f"bot{sandbox.token}/getMe", f"file/bot{sandbox.token}/x", "control/state"):
        async with session.get(f"{sandbox.api}/{path}", headers=headers) as response:
            assert response.status in (403, 404)


@pytest.mark.parametrize("site", ["same-origin", "none"])
async def test_its_own_page_and_typed_addresses_reach_it(
    sandbox: Sandbox, session: aiohttp.ClientSession, site: str
) -> None:
    headers = {"Sec-Fetch-Site": site}
    for path in (f"bot{sandbox.token}/getMe", "control/state"):
        async with session.get(f"{sandbox.api}/{path}", headers=headers) as response:
            assert response.status == 200


async def test_only_this_machine_is_listened_to(sandbox: Sandbox) -> None:
    assert sandbox.api.startswith("http://127.0.0.1:")


async def test_a_body_beyond_all_measure_is_refused(
    sandbox: Sandbox, session: aiohttp.ClientSession
) -> None:
    url = f"{sandbox.api}/bot{sandbox.token}/sendMessage"

    async def flood() -> Any:
        for _ in range(51):
            yield bytes(1024 * 1024)

    headers = {"Content-Type": "application/json"}
    async with session.post(url, data=flood(), headers=headers) as response:
        answer = await response.json()

    assert answer == {"ok": False, "error_code": 413, "description": "Request Entity Too Large"}


@pytest.mark.parametrize("address", ["--5", "-", "5-", "9" * 5000, "-" + "9" * 20, "²"])
async def test_odd_addresses_are_chats_that_are_not_found(
    sandbox: Sandbox, session: aiohttp.ClientSession, address: str
) -> None:
    url = f"{sandbox.api}/bot{sandbox.token}/getChat"

    async with session.post(url, json={"chat_id": address}) as response:
        answer = await response.json()

    assert answer["description"] == "Bad Request: chat not found"


async def test_no_path_leads_out(sandbox: Sandbox, session: aiohttp.ClientSession) -> None:
    for path in ("../../etc/passwd", "%2e%2e/%2e%2e/etc/passwd", "..%2f..%2fetc%2fpasswd", "%00"):
        async with session.get(f"{sandbox.api}/file/bot{sandbox.token}/{path}") as response:
            assert response.status == 404


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=6,
)


@given(st.data())
@settings(max_examples=150)
def test_any_values_are_checked_or_refused(data: st.DataObject) -> None:
    method = data.draw(st.sampled_from(sorted(METHODS)))
    known = sorted(schema().methods[method])
    names = st.sampled_from(known) if known else st.text()
    params = data.draw(st.dictionaries(names, VALUES | VALUES.map(json.dumps), max_size=4))

    with contextlib.suppress(ApiError):
        assert checked(method, params).keys() <= params.keys()


SCALARS: dict[str, list[Any]] = {
    "int": [0, 1, 2, 3, -1, 2**40, 2**63, 2**64, -(2**63), 10**40],
    "float": [0.5, -1, 200, 1e308, -1e308, 10**400],
    "bool": [True, False],
    "str": [
        "",
        "x",
        "\x00",
        "\u2028",
        "1e999",
        "9" * 5000,
        "@ai_news_plus",
        "<b>x",
        "HTML",
        "default",
        "emoji",
        "article",
        "typing",
    ],
    "file": ["https://example.org/a.png"],
}


ADDRESSES = ["@ai_news_plus", "--5", "9" * 5000]


def any_of(kinds: str, random: Random, depth: int = 0) -> Any:
    """Make a value that passes the table, and so reaches the method."""
    kind = random.choice(alternatives(kinds.removesuffix("!")))
    if kind in SCALARS:
        return random.choice(SCALARS[kind])
    if kind[0] == "[":
        return [any_of(kind[1:-1], random, depth + 1) for _ in range(random.randrange(4))]
    return any_fields(schema().types[kind], random, depth + 1) if depth < 4 else {}


def any_fields(fields: dict[str, str], random: Random, depth: int = 0) -> dict[str, Any]:
    return {
        name: any_of(kinds, random, depth)
        for name, kinds in fields.items()
        if random.random() < (0.9 if kinds.endswith("!") else 0.4) and name not in EVERYWHERE
    }


@pytest.mark.parametrize("seed", range(12))
async def test_no_call_breaks_the_server(seed: int) -> None:
    random = Random(seed)
    sandbox = Sandbox()
    sandbox.chat("Forum").opens_topic("Topic")
    ann = sandbox.person("Ann")
    await ann.says("/start")
    for _ in range(400):
        method = random.choice(sorted(set(METHODS) - {"getUpdates", "leaveChat"}))
        params = any_fields(schema().methods[method], random)
        for name in {"chat_id", "from_chat_id"} & schema().methods[method].keys():
            params[name] = random.choice([*sandbox.world.chats, *ADDRESSES])
        with contextlib.suppress(ApiError):
            msgspec.json.encode(told(await sandbox.perform(method, params)))

    assert {call.error for call in sandbox.calls} > {None}
