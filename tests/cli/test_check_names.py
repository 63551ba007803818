"""``check`` as a process: files of odd names, and names that no topic covers."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def check(archive: Path, *arguments: str, status: int = 0) -> str:
    """Run the command; give what it prints."""
    done = run("check", str(archive), *arguments)
    assert done.returncode == status, done.stderr
    return done.stdout


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a command of the bot, in a locale in which no odd name may be printed."""
    return subprocess.run(
        [sys.executable, "-m", "bot", *arguments],
        cwd=ROOT,
        env={**os.environ, "COLUMNS": "200", "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def write(archive: Path) -> None:
    for day in (2, 3, 4):
        (archive / f"2026-01-0{day}.md").write_text(
            f"---\ntitle: Day {day}\ndate: 2026-01-0{day}\n---\n\n"
            "## One\n\nThe makers of Zorblax met OpenAI again, and all went well.\n\n"
            "## Two\n\nA second story, long enough to be read, without any name in it.\n",
            encoding="utf-8",
        )


def test_frequent_names_that_no_topic_covers_are_listed_for_people(tmp_path: Path) -> None:
    write(tmp_path)

    told = check(tmp_path)

    assert "Zorblax (3)" in told
    assert "OpenAI (" not in told


def test_programs_get_a_line_a_file_and_nothing_else(tmp_path: Path) -> None:
    write(tmp_path)

    assert check(tmp_path, "--format", "json").count("\n") == 3


@pytest.mark.parametrize("form", ["text", "json"])
def test_a_link_that_leads_out_of_its_folder_is_told_where_it_lies(
    form: str, tmp_path: Path
) -> None:
    write(tmp_path)
    (tmp_path / "series").mkdir()
    link = tmp_path / "series/link.md"
    link.symlink_to("../2026-01-02.md")

    told = check(link, "--format", form, status=1)

    assert str(link) in told
    assert "outside-archive" in told
    assert "Traceback" not in run("preview", str(link)).stderr


@pytest.mark.parametrize("form", ["text", "json"])
def test_a_path_of_any_bytes_is_named(form: str, tmp_path: Path) -> None:
    folder = tmp_path / os.fsdecode(b"\xff")
    try:
        folder.mkdir()
    except OSError as error:
        pytest.skip(f"this file system takes UTF-8 alone: {error}")
    write(folder)

    for path in (folder, folder / "2026-01-02.md"):
        assert f"{tmp_path}/\N{REPLACEMENT CHARACTER}/2026-01-02.md" in check(
            path, "--format", form
        )
    (folder / "2026-01-02.md").rename(tmp_path / os.fsdecode(b"\xff.md"))
    assert "bad-name" in check(tmp_path / os.fsdecode(b"\xff.md"), "--format", form, status=1)
