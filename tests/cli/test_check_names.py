"""``check`` as a process: names that no topic covers."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def check(archive: Path, *arguments: str) -> str:
    """Run the command; give what it prints."""
    return subprocess.run(
        [sys.executable, "-m", "bot", "check", str(archive), *arguments],
        cwd=ROOT,
        env={**os.environ, "COLUMNS": "200", "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    ).stdout


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
