"""The page's paths, asked without a browser: what they give, and what they refuse."""

from __future__ import annotations

import re
from pathlib import Path

import aiohttp
import pytest

import bot.sandbox.page
from bot.sandbox import Sandbox
from bot.sandbox.files import Upload
from bot.sandbox.groups import Group
from bot.sandbox.people import Person

STATIC = Path(bot.sandbox.page.__file__).parent / "static"


async def test_the_page_allows_nothing_from_outside(
    sandbox: Sandbox, session: aiohttp.ClientSession
) -> None:
    async with session.get(sandbox.page) as response:
        policy = response.headers["Content-Security-Policy"]
        text = await response.text()

    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "require-trusted-types-for 'script'" in policy
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert "style=" not in text
    assert "//" not in text.replace("<!doctype", "")


def test_scripts_never_write_html_and_name_no_outside_address() -> None:
    for file in STATIC.glob("*.js"):
        text = file.read_text(encoding="utf-8")
        assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(", text)
        addresses = re.findall(r"https?://[\w.]+", text)
        assert set(addresses) <= {"http://www.w3.org", "https://t.me"}, file.name
        assert text.count("\n") <= 300, file.name


def test_all_words_are_used_and_translated() -> None:
    words = (STATIC / "words.js").read_text(encoding="utf-8")
    known = {a or b for a, b in re.findall(r'^  (?:"([^"]+)"|(\w+)): "', words, re.MULTILINE)}
    others = [file for file in STATIC.glob("*.js") if file.name != "words.js"]
    scripts = "".join(file.read_text(encoding="utf-8") for file in others)

    assert [word for word in known if f'"{word}"' not in scripts] == []
    assert set(re.findall(r'\bt\("([^"]+)"', scripts)) <= known


def test_every_reason_that_holds_people_back_is_worded() -> None:
    known = (STATIC / "reasons.js").read_text(encoding="utf-8")
    bot_folder = STATIC.parents[2]
    stage = [bot_folder / "cli" / "scenes.py", bot_folder / "sandbox" / "page" / "changes.py"]
    code = "".join(path.read_text(encoding="utf-8") for path in bot_folder.glob("sandbox/**/*.py"))
    held = re.findall(r'HeldBackError\(f?"([^"{:]+)', code)
    for path in stage:
        held += re.findall(r'raise LookupError\("([^"]+)"', path.read_text(encoding="utf-8"))

    assert len(held) > 10
    assert [reason for reason in sorted(held) if f'  "{reason}": "' not in known] == []


def test_all_modules_are_asked_for_at_once() -> None:
    index = (STATIC / "index.html").read_text(encoding="utf-8")

    for file in [*STATIC.glob("*.js"), *STATIC.glob("*.css")]:
        assert f'"/page/{file.name}"' in index


@pytest.mark.parametrize("path", ["../__init__.py", "..%2f__init__.py", "nothing.js", ".", "%00"])
async def test_only_the_pages_own_files_are_given(
    sandbox: Sandbox, session: aiohttp.ClientSession, path: str
) -> None:
    async with session.get(f"{sandbox.page}page/{path}") as response:
        assert response.status == 404


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://127.0.0.1:1"])
async def test_other_sites_may_neither_look_nor_act(
    sandbox: Sandbox, session: aiohttp.ClientSession, ann: Person, origin: str
) -> None:
    headers = {"Origin": origin}
    async with session.get(f"{sandbox.api}/control/page/overview", headers=headers) as response:
        assert response.status == 403
    wish = {"person": ann.id, "chat": ann.id, "text": "x"}
    url = f"{sandbox.api}/control/page/send"
    async with session.post(url, json=wish, headers=headers) as response:
        assert response.status == 403


@pytest.mark.parametrize(
    ("act", "wish"),
    [
        ("send", {"person": 1, "chat": 1, "text": "x"}),
        ("send", {"person": "x"}),
        ("send", {}),
        ("press", {"person": None, "chat": None}),
        ("choose", {"person": 7000001, "chat": 7000001, "result": "1"}),
        ("vote", {"person": 7000001, "chat": 7000001, "message_id": 1, "options": [0]}),
        ("stage", {"act": "next_day"}),
        ("block", {"person": 7000001}),
    ],
)
async def test_wishes_that_make_no_sense_are_refused(
    sandbox: Sandbox, session: aiohttp.ClientSession, ann: Person, act: str, wish: object
) -> None:
    async with session.post(f"{sandbox.api}/control/page/{act}", json=wish) as response:
        assert response.status == 400
        description = (await response.json())["description"]
        assert description.startswith("sandbox: ")
        assert "Error" not in description


class Tired:
    """A stagehand who can do nothing more."""

    async def next_day(self) -> None:
        """Find no digest."""
        raise LookupError("no digest of the archive can be dated anew")

    correct_today = restart = next_day


async def test_what_cannot_be_staged_is_said_in_words(
    sandbox: Sandbox, session: aiohttp.ClientSession
) -> None:
    sandbox.stagehand = Tired()

    url = f"{sandbox.api}/control/page/stage"
    async with session.post(url, json={"act": "next_day"}) as response:
        assert response.status == 200
        assert await response.json() == {
            "ok": False,
            "description": "no digest of the archive can be dated anew",
        }


@pytest.mark.parametrize("options", [[5], [-1], [0, 1]])
async def test_votes_that_a_poll_does_not_take_are_refused(
    sandbox: Sandbox, session: aiohttp.ClientSession, ann: Person, options: list[int]
) -> None:
    poll = {"chat_id": ann.id, "question": "?", "options": ["a", "b"]}
    sent = await sandbox.perform("sendPoll", poll)
    wish = {"person": ann.id, "chat": ann.id, "message_id": sent["message_id"], "options": options}

    async with session.post(f"{sandbox.api}/control/page/vote", json=wish) as response:
        assert response.status == 400


async def test_the_bot_hears_of_votes(
    sandbox: Sandbox, session: aiohttp.ClientSession, ann: Person
) -> None:
    poll = {"chat_id": ann.id, "question": "?", "options": ["a", "b"], "is_anonymous": False}
    sent = await sandbox.perform("sendPoll", poll)
    wish = {"person": ann.id, "chat": ann.id, "message_id": sent["message_id"], "options": [1]}

    async with session.post(f"{sandbox.api}/control/page/vote", json=wish) as response:
        assert response.status == 200

    updates = await sandbox.perform("getUpdates", {})
    answers = [update["poll_answer"] for update in updates if "poll_answer" in update]
    assert [answer["option_ids"] for answer in answers] == [[1]]
    totals = [update["poll"]["total_voter_count"] for update in updates if "poll" in update]
    assert totals == [1]
    await sandbox.perform("stopPoll", {"chat_id": ann.id, "message_id": sent["message_id"]})
    async with session.post(f"{sandbox.api}/control/page/vote", json=wish) as response:
        assert response.status == 400


async def test_a_file_that_is_no_picture_is_only_saved(
    sandbox: Sandbox, session: aiohttp.ClientSession
) -> None:
    page = Upload("page.html", "text/html", b"<script>alert(1)</script>")
    stored = sandbox.world.files.add(page)

    async with session.get(f"{sandbox.api}/control/page/file/{stored.id}") as response:
        assert response.content_type == "application/octet-stream"
        assert response.headers["Content-Disposition"] == "attachment"
    async with session.get(f"{sandbox.api}/control/page/file/none") as response:
        assert response.status == 400


async def test_history_is_given_in_pieces(
    sandbox: Sandbox, session: aiohttp.ClientSession, group: Group, ann: Person
) -> None:
    for number in range(270):
        await ann.says(str(number), group)

    async with session.get(f"{sandbox.api}/control/page/overview") as response:
        overview = await response.json()
    chat = next(one for one in overview["chats"] if one["id"] == group.id)
    assert [post["text"] for post in chat["posts"]] == [str(number) for number in range(210, 270)]
    assert chat["more"]
    query = {"chat": group.id, "before": chat["posts"][0]["message_id"]}
    async with session.get(f"{sandbox.api}/control/page/history", params=query) as response:
        older = await response.json()
    assert [post["text"] for post in older["posts"]] == [str(number) for number in range(110, 210)]
    assert older["more"]


async def test_who_missed_too_much_is_told_to_begin_anew(
    sandbox: Sandbox, session: aiohttp.ClientSession, ann: Person
) -> None:
    url = f"{sandbox.api}/control/page/events"
    for _ in range(5_002):
        sandbox.events.publish("commands", {})

    async with session.get(url, params={"since": 1}) as response:
        assert b"event: reset" in await response.content.readuntil(b"}\n\n")
    async with session.get(url, params={"since": 999_999}) as response:
        assert b"event: reset" in await response.content.readuntil(b"}\n\n")
    async with session.get(url, headers={"Last-Event-ID": "5000"}) as response:
        assert b"id: 5001" in await response.content.readuntil(b"}\n\n")
