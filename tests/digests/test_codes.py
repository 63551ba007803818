"""The codes are documented as they work."""

from __future__ import annotations

from pathlib import Path

from bot.digests.problems import VERDICTS, Code
from bot.model import Status

DOCUMENT = Path(__file__).parent.parent.parent / "docs/archive.md"


def test_each_code_is_documented_with_what_it_makes_of_a_file() -> None:
    text = DOCUMENT.read_text("utf-8")

    for code in Code:
        assert f"| `{code}` | {VERDICTS.get(code, Status.READY)} |" in text, code
