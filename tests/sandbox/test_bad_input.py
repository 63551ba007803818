"""Whatever comes over HTTP: Telegram's error or a 4xx, never a traceback."""

from __future__ import annotations

import contextlib
import json
from random import Random
from typing import Any

import aiohttp
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.sandbox import Sandbox
from bot.sandbox.errors import ApiError
from bot.sandbox.methods import METHODS
from bot.sandbox.schema import alternatives, checked, schema
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


BODIES = [
    ("application/json", b"{", "can't parse JSON object"),
    ("application/json", b"[1]", "can't parse JSON object"),
    ("application/json", b"[" * 100_000, "can't parse JSON object"),
    ("application/json", b'{"text":"\\ud800"}', "can't parse JSON object"),
    ("application/x-www-form-urlencoded", b"text=%ff", "strings must be encoded in UTF-8"),
    ("application/x-www-form-urlencoded", b"text=\xff", "strings must be encoded in UTF-8"),
    ("application/x-www-form-urlencoded", b"a=1&" * 2000, "too many fields"),
    ("multipart/form-data", b"x", "can't parse multipart body"),
    ("multipart/form-data; boundary=x", b"y", "can't parse multipart body"),
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
@settings(deadline=None, max_examples=150)
def test_any_values_are_checked_or_refused(data: st.DataObject) -> None:
    method = data.draw(st.sampled_from(sorted(METHODS)))
    known = sorted(schema().methods[method])
    names = st.sampled_from(known) if known else st.text()
    params = data.draw(st.dictionaries(names, VALUES | VALUES.map(json.dumps), max_size=4))

    with contextlib.suppress(ApiError):
        assert checked(method, params).keys() <= params.keys()


SCALARS: dict[str, list[Any]] = {
    "int": [0, 1, 2, 3, -1, 2**40],
    "float": [0.5, -1, 200],
    "bool": [True, False],
    "str": ["", "x", "@ai_news_plus", "<b>x", "HTML", "default", "emoji", "article", "typing"],
    "file": ["https://example.org/a.png"],
}


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


@pytest.mark.parametrize("seed", range(8))
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
            params[name] = random.choice([*sandbox.world.chats, "@ai_news_plus"])
        with contextlib.suppress(ApiError):
            await sandbox.perform(method, params)

    assert {call.error for call in sandbox.calls} > {None}
