"""The sandbox as a command: alone for any bot, with a script as a smoke test, on its stage."""

from __future__ import annotations

import errno
import json
import os
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import pytest

from bot.cli.scenes import Scenes, copy_archive, dated
from bot.digests.library import Library
from bot.digests.topics import Topics
from tests.conftest import ROOT

DIGEST = """---
title: 一天的新闻
date: {day}
summary: "- 新模型开源\\n- 老模型退役"
---
## 模型

### 新模型开源

权重已经可以下载，{day} 起。

### 老模型退役

服务将在月底停止。
"""
TOPICS = Topics.load(ROOT / "data" / "topics.toml")


def environment(archive: Path) -> dict[str, str]:
    kept = {name: os.environ[name] for name in os.environ if name.startswith(("COV", "PATH"))}
    return kept | {
        "PYTHONPATH": str(ROOT),
        "TOPICS_FILE": str(ROOT / "data" / "topics.toml"),
        "DIGEST_DIR": str(archive),
        "PYTHONUTF8": "1",
        "LANGUAGE": "en",
    }


@contextmanager
def running(folder: Path, *words: str) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [sys.executable, "-m", "bot", "sandbox", *words],
        cwd=folder,
        env=environment(folder / "digests"),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    with process:
        yield process
        process.terminate()
        process.communicate(timeout=60)


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    folder = tmp_path / "digests"
    folder.mkdir()
    for day in ("2026-01-13", "2026-01-14"):
        (folder / f"{day}.md").write_text(DIGEST.format(day=day), encoding="utf-8")
    return folder


@pytest.fixture
def scenes(archive: Path) -> Scenes:
    return Scenes(archive, Library(archive, TOPICS))


def test_alone_it_prints_one_line_for_programs(archive: Path) -> None:
    with running(archive.parent, "--no-bot") as process:
        assert process.stdout is not None
        state = json.loads(process.stdout.readline())

    assert set(state) == {"api", "token", "page", "people", "chats"}
    assert state["page"].startswith(state["api"])
    assert set(state["people"]) == {"Ann", "Bo", "Admin"}


def status_of(url: str) -> int:
    try:
        with urllib.request.urlopen(url, timeout=20) as response:  # noqa: S310
            return int(response.status)
    except urllib.error.HTTPError as error:
        with error:
            return error.code


def test_trouble_is_there_from_the_beginning(archive: Path) -> None:
    faults = archive.parent / "faults.json"
    faults.write_text('[{"method": "getMe", "status": 502, "times": 1}]', encoding="utf-8")

    with running(archive.parent, "--no-bot", "--limits", "--faults", str(faults)) as process:
        assert process.stdout is not None
        state = json.loads(process.stdout.readline())
        bot = f"{state['api']}/bot{state['token']}"
        message = f"{bot}/sendMessage?chat_id=@ai_news_plus&text=x"
        assert [status_of(f"{bot}/getMe") for _ in range(2)] == [502, 200]
        assert {status_of(message) for _ in range(21)} == {200, 429}


@pytest.mark.parametrize("text", ["[", '{"status": 500}', '[{"status": 5}]', '[{"wrong": 1}]'])
def test_faults_that_cannot_be_are_named(archive: Path, text: str) -> None:
    faults = archive.parent / "faults.json"
    faults.write_text(text, encoding="utf-8")

    complaint = refusal(archive.parent, "--no-bot", "--faults", str(faults))

    assert complaint.startswith(f"Error: --faults {faults}: ")


def play(archive: Path, *lines: str) -> subprocess.CompletedProcess[str]:
    script = archive.parent / "script.txt"
    script.write_text("\n".join(["# A comment", "", *lines]), encoding="utf-8")
    return subprocess.run(
        [sys.executable, "-m", "bot", "sandbox", "--script", str(script)],
        cwd=archive.parent,
        env=environment(archive),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_a_script_is_played_to_its_end(archive: Path) -> None:
    before = {path: path.read_bytes() for path in archive.iterdir()}

    result = play(archive, "/today", "@group /today")

    assert result.returncode == 0, result.stderr
    assert result.stdout.startswith("▶ http://127.0.0.1:")
    assert result.stdout.count("新模型开源") >= 3
    assert {path: path.read_bytes() for path in archive.iterdir()} == before


def test_a_script_that_says_nothing_ends_after_the_post(archive: Path) -> None:
    result = play(archive)

    assert result.returncode == 0, result.stderr
    assert "新模型开源" in result.stdout


def test_a_script_ends_with_1_if_a_line_came_to_nothing(archive: Path) -> None:
    result = play(archive, "/today", "99")

    assert result.returncode == 1
    assert result.stderr == "not done or not answered: 99\n"


@pytest.mark.parametrize("method", ["sendMessage", "getUpdates"])
def test_a_script_ends_with_1_if_any_call_was_refused(archive: Path, method: str) -> None:
    script = archive.parent / "script.txt"
    script.write_text("/today", encoding="utf-8")

    with running(archive.parent, "--script", str(script)) as process:
        assert process.stdout is not None
        address = process.stdout.readline().removeprefix("▶").strip()
        flood = {"method": method, "retry_after": 1, "times": 1}
        faults = urllib.request.Request(  # noqa: S310
            f"{address}control/faults",
            json.dumps(flood).encode(),
            {"Content-Type": "application/json"},
        )
        with urllib.request.urlopen(faults, timeout=20) as response:  # noqa: S310
            assert response.status == 200
        _, complaints = process.communicate(timeout=120)

    assert process.returncode == 1
    assert f"refused: {method}: Too Many Requests: retry after 1" in complaints


def refusal(folder: Path, *words: str) -> str:
    """Run the command where it cannot do as it is told; give the error that it names."""
    with running(folder, *words) as process:
        said, complaint = process.communicate(timeout=60)
    assert (process.returncode, said) == (2, "")
    assert "Traceback" not in complaint
    return complaint.splitlines()[-1]


def test_a_script_is_not_passed_over_where_there_is_no_bot(archive: Path) -> None:
    script = archive.parent / "script.txt"
    script.write_text("/today", encoding="utf-8")

    assert "--script" in refusal(archive.parent, "--no-bot", "--script", str(script))


@pytest.mark.parametrize("words", [["--no-bot"], ["--no-open"]])
def test_a_port_that_is_taken_is_named(archive: Path, words: list[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]

        complaint = refusal(archive.parent, *words, "--port", str(port))

    assert complaint == f"Error: --port {port}: {os.strerror(errno.EADDRINUSE)}"


def test_a_script_in_another_encoding_is_named(archive: Path) -> None:
    script = archive.parent / "script.txt"
    script.write_text("/search 模型", encoding="gb18030")

    assert "script.txt is not UTF-8" in refusal(archive.parent, "--script", str(script))


def test_an_archive_that_is_not_there_is_named(tmp_path: Path) -> None:
    result = play(tmp_path / "nowhere")

    assert result.returncode == 2
    assert "DIGEST_DIR" in result.stderr


def test_a_new_day_brings_a_digest_of_its_own(scenes: Scenes, archive: Path) -> None:
    assert scenes.newest_day() == date(2026, 1, 14)

    assert [scenes.add_day(), scenes.add_day()] == [date(2026, 1, 15), date(2026, 1, 16)]

    assert scenes.newest_day() == date(2026, 1, 16)
    assert "2026-01-15 起" in (archive / "2026-01-15.md").read_text(encoding="utf-8")


def test_corrections_go_from_headline_to_headline_and_begin_anew(
    scenes: Scenes, archive: Path
) -> None:
    newest = archive / "2026-01-14.md"
    original = newest.read_text(encoding="utf-8")
    seen = []
    for _ in range(4):
        scenes.correct(" (edited)")
        text = newest.read_text(encoding="utf-8")
        seen.append([f"### {name} (edited)" in text for name in ("新模型开源", "老模型退役")])
        assert text != original or len(seen) == 3

    assert seen == [[True, False], [True, True], [False, False], [True, False]]


def test_a_headline_that_is_not_in_the_file_is_not_corrected(scenes: Scenes, archive: Path) -> None:
    newest = archive / "2026-01-14.md"
    text = newest.read_text(encoding="utf-8")
    newest.write_text(text.replace("模型", "**模型**"), encoding="utf-8")

    with pytest.raises(LookupError, match="no headline can be changed"):
        scenes.correct(" (edited)")


def test_an_empty_archive_has_no_scenes(tmp_path: Path) -> None:
    scenes = Scenes(tmp_path, Library(tmp_path, TOPICS))

    assert scenes.newest_day() is None
    with pytest.raises(LookupError, match="no digest yet"):
        scenes.add_day()
    with pytest.raises(LookupError, match="no headline can be changed"):
        scenes.correct("!")


def test_digests_that_cannot_be_dated_anew_are_left_alone(archive: Path, scenes: Scenes) -> None:
    for path in archive.iterdir():
        text = path.read_text(encoding="utf-8").replace("2026-01-", "January 2026, ")
        path.write_text(text.replace("date:", "published-on:"), encoding="utf-8")
        path.rename(path.with_name(f"{path.stem.replace('-', '.')}.md"))
    before = sorted(archive.iterdir())
    for path in before:
        (path.with_name("2026-01-15.md")).write_text("taken", encoding="utf-8")

    with pytest.raises(LookupError):
        scenes.add_day()


def test_dates_are_replaced_in_all_their_forms() -> None:
    text = "2026-01-05 2026/01/05 2026.01.05 20260105 2026年1月5日 2026-01-06"

    assert dated(text, date(2026, 1, 5), date(2026, 2, 10)) == (
        "2026-02-10 2026/02/10 2026.02.10 20260210 2026年2月10日 2026-01-06"
    )


def test_what_is_hidden_is_not_copied(archive: Path, tmp_path: Path) -> None:
    (archive / ".git").mkdir()
    (archive / "gone.md").symlink_to(archive / "nowhere.md")

    copy_archive(archive, tmp_path / "copy")

    assert sorted(path.name for path in (tmp_path / "copy").iterdir()) == [
        "2026-01-13.md",
        "2026-01-14.md",
    ]
