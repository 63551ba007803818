"""``preview --format html``: the samples as a page."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("view", ["post", "read", "item"])
def test_a_day_is_written_as_one_page(view: str) -> None:
    command = [sys.executable, "-m", "bot", "preview", "2026-01-14", "--as", view]
    environment = {**os.environ, "LANGUAGE": "en", "DIGEST_DIR": "data/digests"}

    result = subprocess.run(
        [*command, "--format", "html"], cwd=ROOT, env=environment, capture_output=True, check=True
    )

    page = result.stdout.decode()
    assert page.startswith('<!doctype html>\n<html lang="en">')
    assert page.endswith("</html>\n")
    assert page.count("<article>") == page.count("</article>") > 1
    assert "GLM-Image" in page
    assert 'class="button"' in page
