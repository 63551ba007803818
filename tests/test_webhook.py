"""The whole bot behind its HTTP server: who may bring updates, and word of new digests."""

from __future__ import annotations

import asyncio
import hmac
import json
import re
import shutil
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from bot.sandbox import Person
from tests.conftest import Stage, free_port, webhook
from tests.test_app import QUIET, errors_of, post_of, process, until

WORD = "between us and no other"
HEADER = "X-Telegram-Bot-Api-Secret-Token"


async def post(url: str, body: object, headers: Mapping[str, str]) -> int:
    async with (
        aiohttp.ClientSession() as session,
        session.post(url, json=body, headers=headers) as response,
    ):
        return response.status


def help_asked(who: Person, number: int) -> dict[str, Any]:
    person = {"id": who.id, "first_name": "Ann", "is_bot": False, "language_code": "en"}
    command = [{"type": "bot_command", "offset": 0, "length": 5}]
    message = {
        "message_id": number,
        "date": 1_700_000_000,
        "chat": {"id": who.id, "type": "private", "first_name": "Ann"},
        "from": person,
        "text": "/help",
        "entities": command,
    }
    return {"update_id": number, "message": message}


def helped(who: Person) -> int:
    """Count the answers that are help and nothing else."""
    return sum(view.text.startswith("/today – ") for view in who.messages)


@pytest.fixture
def way() -> str:
    return "webhook"


async def test_only_telegram_brings_updates_and_repeats_them_in_vain(bot: Stage) -> None:
    set_to = bot.sandbox.world.webhook
    await bot.ann.says("/start")
    await bot.ann.sees("Welcome!")
    update = help_asked(bot.ann, 1)

    assert await post(set_to.url, update, {}) == 403
    assert await post(set_to.url, update, {HEADER: "guessed"}) == 403
    assert await post(set_to.url, update, {HEADER: set_to.secret}) == 200
    assert await post(set_to.url, update, {HEADER: set_to.secret}) == 200
    await bot.ann.says("/nonsense")
    await bot.ann.sees("I do not know")

    assert helped(bot.ann) == 1


async def test_what_is_acknowledged_before_the_end_is_handled(stage: Stage) -> None:
    async with stage.running():
        await post_of(stage, "AI 日报")
        await stage.ann.says("/start")
        await stage.ann.sees("Welcome!")
        set_to = stage.sandbox.world.webhook
        headers = {HEADER: set_to.secret}
        # Each in a chat of its own: one chat may get an answer a second.
        readers = [stage.sandbox.person(f"Reader {number}", started=True) for number in range(5)]
        posts = [
            post(set_to.url, help_asked(reader, number), headers)
            for number, reader in enumerate(readers)
        ]
        assert await asyncio.gather(*posts) == [200] * 5

    assert [helped(reader) for reader in readers] == [1] * 5


@pytest.mark.parametrize("secret", [None, WORD])
async def test_telegram_is_given_a_secret_of_its_own(stage: Stage, secret: str | None) -> None:
    given = set()
    for _ in range(2):
        async with stage.running(webhook_secret=secret):
            await until(lambda: bool(stage.sandbox.world.webhook.secret))
            given.add(stage.sandbox.world.webhook.secret)
            stage.sandbox.world.webhook.remove()

    assert all(re.fullmatch("[A-Za-z0-9_-]{32,256}", found) for found in given)
    assert WORD not in given
    # Of one word the same is made, so that several processes agree.
    assert len(given) == (1 if secret else 2)


async def test_an_address_that_telegram_refuses_is_one_clear_line(stage: Stage) -> None:
    environment = {
        "HTTP_LISTEN": f"127.0.0.1:{free_port()}",
        "WEBHOOK_URL": "http://bot.example.org/updates",
    }
    async with process(stage, **environment) as running:
        errors = await errors_of(running)

    assert running.returncode == 2
    assert "WEBHOOK_URL: Bad webhook: an https url must be provided" in errors
    assert "Traceback" not in errors


# --- word of new digests ------------------------------------------------------------------------


async def git(folder: Path, *words: str) -> None:
    author = {"GIT_AUTHOR_NAME": "a", "GIT_AUTHOR_EMAIL": "a@b.c"}
    committer = {"GIT_COMMITTER_NAME": "a", "GIT_COMMITTER_EMAIL": "a@b.c"}
    done = await asyncio.create_subprocess_exec(
        "git", *words, cwd=folder, env={"PATH": "/usr/bin:/bin", **author, **committer}
    )
    assert await done.wait() == 0


async def commit(work: Path) -> None:
    await git(work, "add", "--all")
    await git(work, "commit", "--quiet", "--message=more")
    await git(work, "push", "--quiet", "origin", "HEAD:main")


@pytest.fixture
async def work(stage: Stage) -> Path:
    """Have the archive in a remote, without the newest day's digest: a checkout to push from."""
    newest = max((stage.archive / "ai-daily").glob("*.md"))
    shutil.move(newest, stage.folder / "newest.md")
    work = shutil.move(stage.archive, stage.folder / "work")
    remote = stage.folder / "remote.git"
    await git(stage.folder, "init", "--quiet", "--bare", "--initial-branch=main", str(remote))
    await git(Path(work), "init", "--quiet", "--initial-branch=main")
    await git(Path(work), "remote", "add", "origin", str(remote))
    await commit(Path(work))
    return Path(work)


def signature(body: bytes, word: str) -> dict[str, str]:
    return {"X-Hub-Signature-256": f"sha256={hmac.new(word.encode(), body, sha256).hexdigest()}"}


async def pushed(url: str, word: str) -> int:
    # As `post` writes it: the signature covers its bytes.
    body = {"ref": "refs/heads/main"}
    return await post(url, body, signature(json.dumps(body).encode(), word))


@pytest.mark.parametrize("way", ["polling", "webhook"])
async def test_word_of_a_new_digest_has_it_posted_at_once(stage: Stage, work: Path) -> None:
    chosen = webhook(free_port())
    if stage.way == "polling":
        del chosen["webhook_url"]
    settings = {**chosen, "digest_git": str(stage.folder / "remote.git"), "webhook_secret": WORD}
    url = f"http://{chosen['http_listen']}/hooks/archive"
    async with stage.running(**settings):
        await until(lambda: any(stage.archive.rglob("*.md")))
        await asyncio.sleep(QUIET)
        shutil.move(stage.folder / "newest.md", work / "ai-daily" / "2026-01-14.md")
        await commit(work)

        assert await pushed(url, "a guess") == 403
        await asyncio.sleep(QUIET)
        assert stage.posts() == []

        assert await pushed(url, WORD) == 202
        assert "2026年1月14日" in await post_of(stage, "AI 日报")
