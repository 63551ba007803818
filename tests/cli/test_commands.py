"""The commands, run as a person or a program runs them: in a process of their own."""

from __future__ import annotations

import asyncio
import json
import os
import re
import sqlite3
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bot.digests.library import Library
from bot.digests.topics import Topics
from bot.model import Message
from bot.search.index import Index
from bot.services.archive import Archive
from bot.storage import amendments
from bot.storage.database import Database
from tests.conftest import ROOT, Clock, Stage

GOOD = """---
title: 一天的新闻
date: 2026-01-14
summary: "- 新模型 <Alpha> 开源\\n- 老模型退役"
---
## 模型

### [新模型 <Alpha> 开源](https://example.com/alpha)

权重已经可以下载。

### 老模型退役

服务将在月底停止。
"""


def run(folder: Path, *words: str, stdin: str = "", **settings: str) -> Any:
    """Run a command in *folder*; its archive is the folder ``digests`` there."""
    kept = {name: os.environ[name] for name in os.environ if name.startswith(("COV", "PATH"))}
    return subprocess.run(
        [sys.executable, "-m", "bot", *words],
        cwd=folder,
        env={
            **kept,
            "PYTHONPATH": str(ROOT),
            "TOPICS_FILE": str(ROOT / "data" / "topics.toml"),
            "DIGEST_DIR": "digests",
            "INDEX_PATH": "index.db",
            "PYTHONUTF8": "1",
            **settings,
        },
        input=stdin,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def lines_of(result: Any) -> list[dict[str, Any]]:
    return [json.loads(line) for line in result.stdout.splitlines()]


async def fill_index(folder: Path) -> None:
    """Put the archive into the index, as the bot does."""
    topics, digests = Topics.load(ROOT / "data" / "topics.toml"), folder / "digests"
    async with Index.open(folder / "index.db", topics) as index:
        await Archive(digests, Library(digests, topics), index, lambda: None).refresh()


def change_unseen(path: Path, old: str, new: str) -> None:
    """Change a text so that nobody notices who does not read it."""
    status = path.stat()
    path.write_text(path.read_text().replace(old, new))
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    (tmp_path / "digests").mkdir()
    (tmp_path / "digests" / "2026-01-14.md").write_text(GOOD)
    return tmp_path


def test_the_bot_takes_no_memory_for_colours() -> None:
    script = (
        "import sys; from bot.cli import cli; cli(['run', '--help'], standalone_mode=False);"
        "assert 'structlog' in sys.modules; assert not {'rich', 'pygments'} & sys.modules.keys();"
        "cli(['check', '--help'], standalone_mode=False); assert 'rich' in sys.modules"
    )
    subprocess.run([sys.executable, "-c", script], cwd=ROOT, check=True, timeout=60)


def test_check_gives_a_line_a_file(archive: Path) -> None:
    result = run(archive, "check", "--format", "json")

    assert result.returncode == 0, result.stderr
    [line] = lines_of(result)
    assert line == {
        "path": "digests/2026-01-14.md",
        "status": "ready",
        "id": "20260114",
        "source": "",
        "date": "2026-01-14",
        "title": "一天的新闻",
        "headlines": ["新模型 <Alpha> 开源", "老模型退役"],
        "items": 2,
        "topics": line["topics"],
        "problems": [],
    }


def test_check_ends_with_1_where_a_file_is_invalid(archive: Path) -> None:
    (archive / "digests" / "broken.md").write_text("---\ntitle: [\n---\n# x\n")

    result = run(archive, "check", "--format", "json")

    assert result.returncode == 1
    invalid = next(line for line in lines_of(result) if line["status"] == "invalid")
    assert invalid["path"] == "digests/broken.md"
    [problem] = invalid["problems"]
    assert problem.keys() == {"code", "message", "line"}
    assert problem["line"]
    assert problem["message"]


def test_check_shows_people_a_table_and_the_remedies(archive: Path) -> None:
    (archive / "digests" / "empty.md").write_text("")

    result = run(archive, "check")

    assert result.returncode == 1
    assert "1 ready, 0 held, 0 skipped, 1 invalid" in result.stdout
    said = "empty.md: empty: the file is empty: write the digest or delete the file"
    assert f"\ndigests/{said}\n" in result.stdout


def test_check_names_the_place_of_a_problem_in_a_line_of_its_own(archive: Path) -> None:
    (archive / "digests" / "draft\n.md").write_text(GOOD.replace("title:", "draft: true\ntitle:"))

    told = run(archive, "check", COLUMNS="80").stdout

    assert "\ndigests/draft\\n.md:2: draft: this is marked as a draft: remove the mark" in told


def test_check_quotes_the_same_footer_once(archive: Path) -> None:
    for day in ("15", "16"):
        text = GOOD.replace("2026-01-14", f"2026-01-{day}") + "\n---\n\n欢迎关注公众号「日报」。\n"
        (archive / "digests" / f"2026-01-{day}.md").write_text(text)

    told = run(archive, "check").stdout

    assert told.count("left-out: 1 block reads like advertising (欢迎关注公众号「日报」。)") == 1


def test_check_folds_no_path_where_there_is_no_terminal(archive: Path) -> None:
    name = "a-rather-long-name-of-a-file-" * 5 + ".md"
    (archive / "digests" / name).write_text(GOOD)

    assert f"digests/{name}" in run(archive, "check").stdout


def test_check_names_the_folder_of_all_files_once_on_a_terminal(archive: Path) -> None:
    (archive / "digests" / "deep").mkdir()
    (archive / "digests" / "deep" / "2026-01-15.md").write_text(GOOD)

    told = run(archive, "check", FORCE_COLOR="1", NO_COLOR="1", COLUMNS="80").stdout

    assert told.count("digests/") == 1
    assert " deep/2026-01-15.md " in told


@pytest.mark.parametrize("words", [["check"], ["preview", "2026-01-14"], ["search", "Alpha"]])
def test_control_characters_of_a_digest_reach_no_terminal(archive: Path, words: list[str]) -> None:
    title = 'title: "Red \\x1b[31mAlpha\\x9b1m"'
    text = GOOD.replace("title: 一天的新闻", title).replace("已经", "\x1b[31m已经")
    (archive / "digests" / "2026-01-14.md").write_text(text)

    told = run(archive, *words).stdout

    assert "Alpha" in told
    assert "\x1b" not in told
    assert "\x9b" not in told


def test_check_takes_files_and_folders(archive: Path) -> None:
    elsewhere = archive / "draft.txt"
    elsewhere.write_text(GOOD)

    result = run(archive, "check", "draft.txt", "digests", "--format", "json")

    assert [line["path"] for line in lines_of(result)] == ["draft.txt", "digests/2026-01-14.md"]


def test_check_reads_a_folder_of_the_archive_as_its_source(archive: Path) -> None:
    folder = archive / "digests" / "weekly" / "2026"
    folder.mkdir(parents=True)
    (folder / "2026-01-15.md").write_text(GOOD.replace("01-14", "01-15"))

    every = lines_of(run(archive, "check", "--format", "json"))
    for place in ("digests/weekly", "digests/weekly/2026", "./digests/../digests/weekly/"):
        [line] = lines_of(run(archive, "check", place, "--format", "json"))
        assert line["id"] == "weekly-20260115"
        assert Path(line["path"]).name == "2026-01-15.md"
        assert (archive / line["path"]).is_file()
    assert [line["id"] for line in every] == ["20260114", "weekly-20260115"]


def test_check_without_an_archive_is_wrong_use(tmp_path: Path) -> None:
    result = run(tmp_path, "check")

    assert result.returncode == 2
    assert "DIGEST_DIR: digests is no folder" in result.stderr


def test_check_does_without_a_table_of_topics(archive: Path) -> None:
    result = run(archive, "check", "--format", "json", TOPICS_FILE="topics.toml")

    assert result.returncode == 0
    assert result.stderr == "TOPICS_FILE: there is no topics.toml: no topics are found\n"
    assert [line["topics"] for line in lines_of(result)] == [[]]


def test_a_broken_table_of_topics_is_wrong_use(archive: Path) -> None:
    (archive / "topics.toml").write_text("[[topic]\n")

    result = run(archive, "check", TOPICS_FILE="topics.toml")

    assert result.returncode == 2
    assert "TOPICS_FILE: topics.toml" in result.stderr


def test_preview_prints_what_would_be_sent(archive: Path) -> None:
    result = run(archive, "preview", "2026-01-14", "--format", "json")

    assert result.returncode == 0, result.stderr
    [message] = lines_of(result)
    assert message["method"] == "sendMessage"
    assert message["parse_mode"] == "HTML"
    assert '<a href="https://example.com/alpha">新模型 &lt;Alpha&gt; 开源</a>' in message["text"]
    assert message["reply_markup"]["inline_keyboard"]
    assert set(message) == {"method", "text", "parse_mode", "link_preview_options", "reply_markup"}


@pytest.mark.parametrize(
    ("view", "words"), [("today", "老模型"), ("read", "老模型"), ("item", "月底")]
)
def test_preview_shows_each_view_of_a_file(archive: Path, view: str, words: str) -> None:
    result = run(archive, "preview", "digests/2026-01-14.md", "--as", view)

    assert result.returncode == 0, result.stderr
    assert words in result.stdout


def test_preview_of_a_day_without_digests_ends_with_1(archive: Path) -> None:
    result = run(archive, "preview", "2026-01-13")

    assert result.returncode == 1
    assert result.stderr.endswith("has no digest of 2026-01-13\n")


def test_preview_of_a_file_that_cannot_be_read_says_why(archive: Path) -> None:
    (archive / "digests" / "open.md").write_text("---\ntitle: Open\n\nNo end.\n", encoding="utf-8")

    result = run(archive, "preview", "digests/open.md")

    assert result.returncode == 1
    assert re.match(r"open\.md, line \d+: \S", result.stderr), result.stderr


def test_preview_of_nonsense_is_wrong_use(archive: Path) -> None:
    result = run(archive, "preview", "soon")

    assert result.returncode == 2
    assert "neither a file nor a day" in result.stderr


def test_search_gives_a_line_a_hit(archive: Path) -> None:
    result = run(archive, "search", "alpha", "--format", "json")

    assert result.returncode == 0, result.stderr
    [hit] = lines_of(result)
    assert set(hit) == {
        "digest_id",
        "date",
        "digest",
        "section",
        "title",
        "url",
        "snippet",
        "topics",
    }
    assert hit["title"] == "新模型 <Alpha> 开源"
    assert hit["url"] == "https://example.com/alpha"


async def test_search_asks_the_bots_index_where_it_is_up_to_date(archive: Path) -> None:
    await fill_index(archive)
    digest = archive / "digests" / "2026-01-14.md"
    change_unseen(digest, "退役", "停用")

    assert "老模型退役" in run(archive, "search", "退役").stdout

    os.utime(digest)
    result = run(archive, "search", "退役")
    assert (result.stdout, result.stderr) == ("", "退役: nothing found\n")


@pytest.mark.parametrize(
    "fault", ["PRAGMA user_version = 99", "DELETE FROM bodies", "DROP TABLE files"]
)
async def test_search_answers_beside_an_index_that_it_cannot_read(
    fault: str, archive: Path
) -> None:
    await fill_index(archive)
    index = sqlite3.connect(archive / "index.db", isolation_level=None)
    index.execute(fault)
    index.close()
    before = (archive / "index.db").read_bytes()

    assert "老模型退役" in run(archive, "search", "退役").stdout
    assert (archive / "index.db").read_bytes() == before


def test_search_reads_queries_from_standard_input(archive: Path) -> None:
    result = run(archive, "search", "-", "--format", "json", stdin="alpha\n退役\nnothing\n")

    assert [hit["query"] for hit in lines_of(result)] == ["alpha", "退役"]


def test_search_keeps_to_its_bounds(archive: Path) -> None:
    bounds = {"--since": "2026-01-15", "--until": "2026-01-13", "--tag": "OpenAI"}

    for option, value in bounds.items():
        assert run(archive, "search", "alpha", option, value).stdout == ""
    assert "新模型" in run(archive, "search", "alpha", "--limit", "1").stdout


def test_search_leaves_out_what_must_not_occur(archive: Path) -> None:
    assert "老模型退役" in run(archive, "search", "模型", "-alpha").stdout
    assert "Alpha" not in run(archive, "search", "模型", "-alpha", "--limit", "9").stdout


def test_search_knows_which_day_is_today(archive: Path) -> None:
    assert "新模型" in run(archive, "search", "alpha until:昨天").stdout
    assert run(archive, "search", "alpha since:昨天").stdout == ""


def test_an_unknown_command_is_wrong_use(archive: Path) -> None:
    assert run(archive, "frobnicate").returncode == 2


def test_sandbox_alone_tells_how_to_reach_it(archive: Path) -> None:
    words = [sys.executable, "-m", "bot", "sandbox", "--no-bot"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(words, cwd=archive, env=environment, stdout=subprocess.PIPE) as process:
        assert process.stdout
        line = json.loads(process.stdout.readline())
        process.terminate()

    assert line["api"].startswith("http://127.0.0.1:")
    assert line["people"]["Ann"]
    assert line["chats"]["@ai_news_plus"]


def test_the_sandbox_shows_the_newest_day_and_answers(archive: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "bot", "sandbox"],
        cwd=archive,
        env={
            **os.environ,
            "PYTHONPATH": str(ROOT),
            "DIGEST_DIR": "digests",
            "TOPICS_FILE": str(ROOT / "data" / "topics.toml"),
        },
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdin
    assert process.stdout
    seen = ""
    while "老模型退役" not in seen:
        seen += process.stdout.readline()
    process.stdin.write("/help\n")
    process.stdin.flush()
    while "/subscribe" not in seen:
        seen += process.stdout.readline()
    process.terminate()
    process.communicate(timeout=30)

    assert process.returncode == 0
    assert "2026年1月14日" in seen


async def test_publish_pushes_an_old_day_once(stage: Stage) -> None:
    settings = {
        "BOT_TOKEN": stage.sandbox.token,
        "TELEGRAM_API": stage.sandbox.api,
        "DATABASE_URL": f"sqlite+aiosqlite:///{stage.folder / 'state.db'}",
    }
    for said in (
        "ai-daily-20260105-z33w: published",
        "ai-daily-20260105-z33w: was published already, nobody more is to get it",
    ):
        result = await asyncio.to_thread(run, stage.folder, "publish", "2026-01-05", **settings)
        assert result.returncode == 0, result.stderr
        assert said in result.stdout

    assert len(stage.posts()) == 1
    assert "2026年1月5日" in stage.posts()[0]

    now = datetime.now(UTC)
    async with Database.open(settings["DATABASE_URL"]) as database, database.transaction() as db:
        await amendments.recall(db, 1, Message("taken back"), now, now)
    result = await asyncio.to_thread(run, stage.folder, "publish", "2026-01-05", **settings)
    assert result.returncode == 1
    assert "ai-daily-20260105-z33w: was taken back" in result.stdout


async def test_publish_beside_a_running_bot_lets_that_one_send(stage: Stage) -> None:
    settings = {
        "BOT_TOKEN": stage.sandbox.token,
        "TELEGRAM_API": stage.sandbox.api,
        "DATABASE_URL": f"sqlite+aiosqlite:///{stage.folder / 'state.db'}",
    }
    stage.clock = Clock(datetime.now(UTC))
    async with stage.running():
        result = await asyncio.to_thread(run, stage.folder, "publish", "2026-01-05", **settings)
        assert result.returncode == 0, result.stderr

        await stage.ann.sees("2026年1月5日", in_=stage.group)


def test_publishing_a_day_without_digests_ends_with_1(archive: Path) -> None:
    result = run(archive, "publish", "soon", BOT_TOKEN="123456:" + "x" * 35)

    assert result.returncode == 2
