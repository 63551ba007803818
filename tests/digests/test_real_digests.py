"""What the library makes of real digests, against what a person makes of them."""

from __future__ import annotations

import tomllib
from pathlib import Path

from bot.model import Digest, Report

HERE = Path(__file__).parent


def test_each_real_file_has_the_status_that_a_person_gives_it(
    real_reports: dict[str, Report],
) -> None:
    table = tomllib.loads((HERE / "real_statuses.toml").read_text("utf-8"))["file"]
    expected = {row["path"]: (row["status"], row.get("codes", []), row.get("id")) for row in table}

    found = {
        name: (
            report.status.value,
            [problem.code for problem in report.problems],
            report.digest.id if report.digest else None,
        )
        for name, report in real_reports.items()
    }

    assert found == expected


def test_all_real_files_are_in_the_table(real_reports: dict[str, Report], corpora: Path) -> None:
    files = {path.relative_to(corpora).as_posix() for path in corpora.rglob("*.*")}

    assert files == set(real_reports)


def test_headlines_find_their_items(real_reports: dict[str, Report]) -> None:
    labels = tomllib.loads((HERE / "real_matches.toml").read_text("utf-8"))["ai-daily"]
    digests = {digest.id: digest for digest in _of("ai-daily", real_reports)}
    verdicts = [
        verdict for name, wanted in labels.items() for verdict in _verdicts(digests[name], wanted)
    ]
    matched = [right for found, right in verdicts if found]

    assert len(verdicts) >= 60
    assert sum(matched) / len(matched) >= 0.95
    assert sum(found and right for found, right in verdicts) / len(verdicts) >= 0.9


def test_real_keys_are_unique(real_reports: dict[str, Report]) -> None:
    for report in real_reports.values():
        keys = [item.key for item in report.digest.items] if report.digest else []
        assert len(keys) == len(set(keys)), report.path


def test_real_items_say_where_they_stand(real_reports: dict[str, Report]) -> None:
    for report in real_reports.values():
        lines = [item.line for item in report.digest.items] if report.digest else []
        assert lines == sorted(lines), report.path
        assert all(lines), report.path


def _of(folder: str, reports: dict[str, Report]) -> list[Digest]:
    return [
        report.digest
        for name, report in reports.items()
        if name.startswith(f"{folder}/") and report.digest
    ]


def _verdicts(digest: Digest, wanted: list[list[int]]) -> list[tuple[bool, bool]]:
    """Tell for each headline whether it was matched, and whether rightly."""
    ordinals = {item.key: index for index, item in enumerate(digest.items)}
    found = [
        ordinals[headline.item] if headline.item is not None else None
        for headline in digest.headlines
    ]
    return [
        (ordinal is not None, ordinal in right if ordinal is not None else not right)
        for ordinal, right in zip(found, wanted, strict=True)
    ]
