"""Each text in tests/fixtures/digests is read as its twin, the JSON file beside it, says."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.digests.plain import blocks_text
from bot.model import Digest, Item, Report

FOLDER = Path(__file__).parent.parent / "fixtures/digests"
TEXTS = sorted(FOLDER.glob("*.md"))


def summary(report: Report) -> dict[str, object]:
    """Put what matters of a report into JSON."""
    problems = [f"{problem.code}:{problem.line or ''}" for problem in report.problems]
    digest = _digest(report.digest) if report.digest else None
    return {"status": report.status.value, "problems": problems, "digest": digest}


def _digest(digest: Digest) -> dict[str, object]:
    ordinals = {item.key: index for index, item in enumerate(digest.items)}
    return {
        "id": digest.id,
        "language": digest.language,
        "day": digest.day.isoformat(),
        "published": digest.published.isoformat() if digest.published else None,
        "title": digest.title,
        "cover": digest.cover,
        "headlines": [
            [headline.text, headline.origin.value, ordinals.get(headline.item or "")]
            for headline in digest.headlines
        ],
        "sections": [
            {"title": section.title, "items": [_item(item) for item in section.items]}
            for section in digest.sections
        ],
    }


def _item(item: Item) -> dict[str, object]:
    return {
        "title": item.title,
        "line": item.line,
        "url": item.url,
        "links": list(item.links),
        "body": [f"{type(block).__name__}: {blocks_text((block,))}" for block in item.body],
        "insights": [[insight.label, blocks_text(insight.body)] for insight in item.insights],
    }


@pytest.mark.parametrize("path", TEXTS, ids=lambda path: path.stem)
def test_a_text_is_read_as_its_twin_says(path: Path, read: Callable[..., Report]) -> None:
    expected = json.loads(path.with_suffix(".json").read_text("utf-8"))

    assert summary(read(path.read_bytes(), path.name)) == expected


def test_no_twin_is_alone() -> None:
    assert {path.stem for path in FOLDER.glob("*.json")} == {path.stem for path in TEXTS}
