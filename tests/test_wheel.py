"""What is installed is whole, without the checkout."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.conftest import ROOT

DIGEST = """---
title: One day
date: 2026-01-14
---

## Models

- OpenAI brings a model that reads whole books at once, and says what is in them.
- Nobody else says anything today, which is news as well, as editors know.
"""


@pytest.fixture(scope="session")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Unpack the wheel into a folder."""
    folder = tmp_path_factory.mktemp("installed")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    for wheel in folder.glob("*.whl"):
        with zipfile.ZipFile(wheel) as packed:
            packed.extractall(folder)
    return folder


def topics_found(installed: Path, folder: Path) -> list[str]:
    """Run the installed bot in a folder, and give the topics of its digest."""
    (folder / "digests").mkdir()
    (folder / "digests" / "2026-01-14.md").write_text(DIGEST)
    kept = {name: os.environ[name] for name in os.environ if name.startswith(("COV", "PATH"))}
    done = subprocess.run(
        [sys.executable, "-m", "bot", "check", "--format", "json", "digests"],
        cwd=folder,
        env={**kept, "PYTHONPATH": str(installed)},
        check=True,
        capture_output=True,
        text=True,
        timeout=60,
    )
    found: list[str] = json.loads(done.stdout)["topics"]
    return found


def test_an_installed_bot_brings_its_table_of_topics(installed: Path, tmp_path: Path) -> None:
    assert topics_found(installed, tmp_path) == ["OpenAI"]


def test_a_table_of_ones_own_is_preferred_to_the_installed_one(
    installed: Path, tmp_path: Path
) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "topics.toml").write_text('[[topic]]\nname = "Books"\n')

    assert topics_found(installed, tmp_path) == ["Books"]
