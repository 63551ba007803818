"""Files, up and down."""

from __future__ import annotations

import io
import json

import aiohttp
import pytest

from bot.sandbox import Person, Sandbox
from tests.sandbox.conftest import Api, Refusal


async def test_a_persons_document_can_be_loaded(
    sandbox: Sandbox, api: Api, session: aiohttp.ClientSession, ann: Person
) -> None:
    await ann.sends_document("../day.md", "# 今天".encode(), caption="Publish this")

    updates = await api("getUpdates")
    message = updates[-1]["message"]
    file = await api("getFile", file_id=message["document"]["file_id"])

    assert (message["caption"], message["document"]["file_name"]) == ("Publish this", "../day.md")
    assert ".." not in file["file_path"]
    url = f"{sandbox.api}/file/bot{sandbox.token}/{file['file_path']}"
    async with session.get(url) as response:
        assert await response.read() == "# 今天".encode()
    async with session.get(url.replace(sandbox.token, "1:x")) as response:
        assert response.status == 404


async def test_an_upload_is_kept(
    sandbox: Sandbox, session: aiohttp.ClientSession, ann: Person
) -> None:
    form = aiohttp.FormData({"chat_id": str(ann.id), "caption": "Read"})
    form.add_field("document", b"words", filename="day.txt", content_type="text/plain")

    url = f"{sandbox.api}/bot{sandbox.token}/sendDocument"
    async with session.post(url, data=form) as response:
        message = (await response.json())["result"]

    assert message["document"]["file_size"] == 5
    assert (await ann.sees("Read")).raw["document"]["file_name"] == "day.txt"


async def test_an_album_may_hold_attached_files(
    sandbox: Sandbox, session: aiohttp.ClientSession, ann: Person
) -> None:
    media = [
        {"type": "photo", "media": "attach://one", "caption": "First"},
        {"type": "photo", "media": "https://a.b/two.png"},
    ]
    form = aiohttp.FormData({"chat_id": str(ann.id), "media": json.dumps(media)})
    form.add_field("one", b"picture", filename="one.png")

    url = f"{sandbox.api}/bot{sandbox.token}/sendMediaGroup"
    async with session.post(url, data=form) as response:
        album = (await response.json())["result"]

    assert [post["media_group_id"] for post in album] == [album[0]["media_group_id"]] * 2


@pytest.mark.parametrize(
    "kind", ["photo", "document", "video", "audio", "voice", "animation", "sticker"]
)
async def test_every_kind_of_file_is_shown(api: Api, ann: Person, kind: str) -> None:
    name = f"send{kind.title()}"

    sent = await api(name, chat_id=ann.id, **{kind: "https://a.b/file.bin?x=1"})

    shown = sent[kind][0] if kind == "photo" else sent[kind]
    again = await api(name, chat_id=ann.id, **{kind: shown["file_id"]})
    assert (again[kind][0] if kind == "photo" else again[kind]) == shown


@pytest.mark.parametrize(
    ("method", "params", "words"),
    [
        ("sendPhoto", {}, "there is no photo in the request"),
        ("sendPhoto", {"photo": "nonsense"}, "wrong file identifier/HTTP URL specified"),
        (
            "sendPhoto",
            {"photo": "http://a.b/c", "caption": "x" * 1025},
            "message caption is too long",
        ),
        ("getFile", {"file_id": "nonsense"}, "invalid file_id"),
        ("sendMediaGroup", {"media": []}, "media group must include 2-10 items"),
        (
            "editMessageMedia",
            {"media": {"media": "x"}},
            'can\'t parse InputMedia: type "" is unsupported for the input media',
        ),
    ],
)
async def test_what_is_no_file_is_refused(
    refusal: Refusal, ann: Person, method: str, params: dict[str, object], words: str
) -> None:
    said = await refusal(method, **({} if method == "getFile" else {"chat_id": ann.id}), **params)

    assert said == f"400 Bad Request: {words}"


async def test_empty_and_huge_uploads_are_refused(
    sandbox: Sandbox, session: aiohttp.ClientSession, ann: Person
) -> None:
    async def upload(size: int) -> str:
        form = aiohttp.FormData({"chat_id": str(ann.id)})
        form.add_field("photo", io.BytesIO(bytes(size)), filename="x.png")
        url = f"{sandbox.api}/bot{sandbox.token}/sendPhoto"
        async with session.post(url, data=form) as response:
            return str((await response.json())["description"])

    assert await upload(0) == "Bad Request: file must be non-empty"
    assert "is too big for a photo" in await upload(10 * 1024 * 1024 + 1)


async def test_a_file_too_large_to_load_is_refused(refusal: Refusal, ann: Person) -> None:
    await ann.sends_document("large.bin", bytes(20 * 1024 * 1024 + 1))
    file_id = ann.messages[-1].raw["document"]["file_id"]

    assert await refusal("getFile", file_id=file_id) == "400 Bad Request: file is too big"
