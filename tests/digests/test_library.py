"""The library against real files and folders."""

from __future__ import annotations

import contextlib
import os
import pickle
import socket
from collections.abc import Callable
from datetime import date
from itertools import count
from pathlib import Path

import pytest

from bot.digests import norms
from bot.digests.library import Library
from bot.digests.topics import Topics
from bot.model import Report, Source, Status

BODY = "\n## One\n\nThe first story of the day, told in a line.\n\n## Two\n\nThe second one.\n"
Archive = Callable[[dict[str, str | bytes]], Path]
# No two files say the same: the second one would be held.
_NUMBERS = count(1)


def text(day: str = "2026-01-02", **fields: str) -> str:
    """Write a digest."""
    lines = "".join(f"{name}: {value}\n" for name, value in fields.items())
    return f"---\ntitle: A day\ndate: {day}\n{lines}---\n{BODY}\n## Number {next(_NUMBERS)}\n"


def load(root: Path, today: date | None = None) -> dict[str, Report]:
    """Load an archive; give each file's report."""
    library = Library(root, Topics(()), (lambda: today) if today else None)
    return {report.path: report for report in library.load()}


def ids(root: Path) -> dict[str, str]:
    return {path: report.digest.id for path, report in load(root).items() if report.digest}


REPORT = "## 系统诊断报告\n\n各组件运行正常，未发现严重问题。\n\n## 建议\n\n无需采取任何措施。\n"


@pytest.mark.parametrize(
    ("body", "files", "expected"),
    [
        (REPORT, 10, ["garbage"]),
        (REPORT, 8, []),
        (REPORT + "\n## OpenAI\n\n发布新模型。\n", 10, []),
        (REPORT + "\n[详情](https://example.org/a)\n", 10, []),
        (REPORT + "今天的新闻很长。" * 80, 10, []),
    ],
)
def test_a_short_text_beside_the_subject_of_its_source_is_held(
    body: str, files: int, expected: list[str], archive: Archive, topics: Topics
) -> None:
    head = "---\ntitle: 日报\ndate: 2026-01-{:02}\n---\n"
    texts = [
        f"{head.format(n)}\n## OpenAI 之{n}\n\n发布。\n\n## 其他\n\n小事。"
        for n in range(2, files + 1)
    ]
    named: dict[str, str | bytes] = {f"{n}.md": one for n, one in enumerate(texts)}
    root = archive(named | {"x.md": head.format(1) + body})

    reports = {report.path: report for report in Library(root, topics).load()}

    assert [code for code in codes(reports["x.md"]) if code != "machine-text"] == expected
    assert not codes(reports["0.md"])


def codes(report: Report) -> list[str]:
    return [problem.code for problem in report.problems]


def test_each_folder_is_a_source_and_files_beside_them_are_one_without_a_name(
    archive: Archive,
) -> None:
    root = archive({"a.md": text(), "daily/b.md": text(), "daily/2026/01/c.md": text("2026-01-03")})

    assert [source.name for source in Library(root, Topics(())).sources()] == ["", "daily"]
    assert ids(root) == {
        "a.md": "20260102-5mp4",
        "daily/2026/01/c.md": "daily-20260103-kfmt",
        "daily/b.md": "daily-20260102-nlkb",
    }


def test_a_source_is_described_by_its_file(archive: Archive) -> None:
    toml = (
        'title = "Daily"\nlanguage = "de"\ndrop = ["second"]\ntargets = ["@abcd"]\npush_at = "9:30"'
    )
    root = archive({"daily/source.toml": toml, "daily/a.md": text()})

    (source,) = Library(root, Topics(())).sources()
    digest = load(root)["daily/a.md"].digest

    assert (source.title, source.language, source.targets) == ("Daily", "de", ("@abcd",))
    assert source.push_at == "9:30"
    assert digest is not None
    assert [item.body for item in digest.items][1] == ()


@pytest.mark.parametrize(
    "toml",
    [
        "",
        "title = ",
        "titel = 'x'",
        "push_at = 'noon'",
        "targets = ['@ok_group', 'no chat']",
        "drop = 1",
        b"\xff",
    ],
)
def test_a_broken_source_file_is_reported_and_holds_its_digests(
    toml: str | bytes, archive: Archive
) -> None:
    root = archive({"daily/source.toml": toml, "daily/a.md": text(), "other/b.md": text()})

    reports = load(root)

    assert codes(reports["daily/source.toml"]) == ["bad-source-file"]
    assert reports["daily/source.toml"].status is Status.INVALID
    assert reports["daily/a.md"].status is Status.HELD
    assert codes(reports["daily/a.md"]) == ["bad-source-file"]
    assert reports["other/b.md"].status is Status.READY


def test_a_broken_source_file_says_what_is_wrong_once(archive: Archive) -> None:
    root = archive({"daily/source.toml": "titel = 'A'", "daily/a.md": text(), "daily/b.md": text()})

    reports = load(root)

    [fault] = reports["daily/source.toml"].problems
    assert "titel is no key; the keys are title, language, categories" in fault.message
    assert fault.about == "titel"
    [referring] = reports["daily/a.md"].problems
    assert "(see daily/source.toml)" in referring.message
    assert referring.about == "titel"


def test_the_prevailing_category_is_the_digests(archive: Archive) -> None:
    days = {f"{n}.md": text(f"2026-01-0{n}", category="AI 日报") for n in range(1, 5)}
    root = archive({**days, "books.md": text(category="读书"), "none.md": text()})

    reports = load(root)

    assert codes(reports["books.md"]) == ["other-category"]
    assert reports["books.md"].status is Status.SKIPPED
    assert reports["none.md"].status is Status.READY


@pytest.mark.parametrize(
    ("digests", "others"),
    [
        (["AI 日报"], ["读书"]),
        (["AI日报", "AI 日报"], ["读书", "读书", "读书", "读书"]),
        (["Daily News"], ["Books", "Tools"]),
        (["[AI, News]"], ["AI", "Books"]),
        (["ニュース"], ["本"]),
        (["AI"] * 4, ["Books", "Books"]),
        (["AI"] * 19, ["News"]),
    ],
)
def test_of_several_categories_that_of_digests_is_found(
    digests: list[str], others: list[str], archive: Archive
) -> None:
    files: dict[str, str | bytes]
    files = {f"d{n}.md": text(category=name) for n, name in enumerate(digests)}
    files |= {f"o{n}.md": text(category=name) for n, name in enumerate(others)}

    found = {path: str(report.status) for path, report in load(archive(files)).items()}

    assert found == {path: "ready" if path.startswith("d") else "skipped" for path in files}


@pytest.mark.parametrize("names", [["AI", "Books"], ["a", "a", "b", "b"], ["a", "b", "[c, d]"]])
def test_where_no_category_is_clear_all_are_held(names: list[str], archive: Archive) -> None:
    root = archive({f"{n}.md": text(category=name) for n, name in enumerate(names)})

    reports = load(root)

    assert all(codes(report) == ["unclear-category"] for report in reports.values())
    (root / "source.toml").write_text('categories = ["AI", "a", "b", "c", "Books"]', "utf-8")
    assert {report.status for report in load(root).values()} == {Status.READY}


def test_an_empty_field_does_not_take_the_next_line(archive: Archive) -> None:
    files = {f"{n}.md": text(f"2026-01-0{n}", category="", lang="") for n in range(1, 6)}
    root = archive({**files, "a.md": text("2026-01-08", category="AI")})

    assert {report.status for report in load(root).values()} == {Status.READY}
    assert norms.completed(Source(""), [text(lang="")] * 5).language == "en"


def test_a_category_may_stand_below_its_name(archive: Archive) -> None:
    days = {f"{n}.md": text(f"2026-01-0{n}", category="\n  - News") for n in range(1, 4)}
    reports = load(archive({**days, "b.md": text("2026-01-09", category="Books")}))

    assert [path for path, report in reports.items() if not report.digest] == ["b.md"]


def test_categories_of_a_few_files_among_many_without_say_nothing(archive: Archive) -> None:
    root = archive(
        {
            "a.md": text(category="AI"),
            "b.md": text(category="Books"),
            **{f"{n}.md": text() for n in range(6)},
        }
    )

    assert {report.status for report in load(root).values()} == {Status.READY}


@pytest.mark.parametrize("field", ["[News, AI]", "\n  - News\n  - AI", "'News'", "News"])
def test_a_file_may_have_several_categories(field: str, archive: Archive) -> None:
    root = archive({"a.md": text(category=field), "source.toml": 'categories = ["News"]'})

    assert load(root)["a.md"].status is Status.READY


def test_named_categories_decide(archive: Archive) -> None:
    days = {f"{n}.md": text(f"2026-01-0{n}", category="a") for n in range(1, 5)}
    root = archive({**days, "b.md": text(category="b"), "source.toml": 'categories = ["b"]'})

    assert [path for path, report in load(root).items() if report.digest] == ["b.md"]


def test_a_text_in_another_script_than_its_source_is_held(archive: Archive) -> None:
    chinese = "## 甲\n\n今天的第一件事写在这里。\n\n## 乙\n\n第二件事也写在这里。\n"
    days = {f"{n}.md": f"---\ndate: 2026-01-0{n}\n---\n{chinese}" for n in range(1, 6)}
    root = archive({**days, "odd.md": text("2026-01-09")})

    assert codes(load(root)["odd.md"]) == ["garbage"]


@pytest.mark.parametrize(("language", "expected"), [("en", []), ("zh-CN", ["garbage"])])
def test_a_text_in_the_script_of_the_language_that_it_names_is_not(
    language: str, expected: list[str], archive: Archive
) -> None:
    chinese = "## 甲\n\n今天的第一件事写在这里。\n\n## 乙\n\n第二件事也写在这里。\n"
    days = {f"{n}.md": f"---\ndate: 2026-01-0{n}\n---\n{chinese}" for n in range(1, 6)}
    root = archive({**days, "odd.md": text("2026-01-09", lang=language)})

    assert codes(load(root)["odd.md"]) == expected


@pytest.mark.parametrize("language", ["Chinese", "中文", "cn", "zh_Hans", "Chinese (Simplified)"])
def test_a_language_may_have_any_name(language: str, archive: Archive) -> None:
    body = "## 甲\n\n今天的第一件事写在这里。\n\n## 乙\n\n第二件事也写在这里。\n"
    head = f"---\ndate: 2026-01-{{:02}}\nlang: {language}\n---\n"
    files: dict[str, str | bytes] = {f"{n}.md": f"{head.format(n)}{body}" for n in range(1, 6)}

    assert {report.status for report in load(archive(files)).values()} == {Status.READY}
    archive({"source.toml": f'language = "{language}"'})
    assert {report.status for report in load(archive(files)).values()} == {Status.READY}


def test_hidden_files_other_suffixes_and_index_pages_are_no_digests(archive: Archive) -> None:
    root = archive(
        {
            ".git/a.md": text(),
            ".hidden.md": text(),
            "lost+found/#12.md": text(),
            "notes.txt": "Just notes.",
            "digest.txt": text(),
            "picture.png": b"\x89PNG",
            "daily/_index.md": text(),
            "README.md": "# About",
        }
    )

    reports = load(root)

    assert set(reports) == {"README.md", "daily/_index.md", "digest.txt"}
    assert {codes(report)[0] for path, report in reports.items() if path.endswith(".md")} == {
        "index-page"
    }


def test_capital_suffixes_and_marks_of_byte_order_make_no_other_files(archive: Archive) -> None:
    root = archive({"A.MD": text(), "b.txt": "\ufeff" + text("2026-01-03"), "C.TXT": "Notes."})

    assert {path: report.status for path, report in load(root).items()} == {
        "A.MD": Status.READY,
        "b.txt": Status.READY,
    }


def test_links_out_of_the_archive_are_refused_and_those_within_followed(archive: Archive) -> None:
    root = archive({"a.md": text()})
    secret = root.parent / "secret.md"
    secret.write_text(text())
    (root / "out.md").symlink_to(secret)
    (root / "within.md").symlink_to(root / "a.md")
    (root / "broken.md").symlink_to(root / "nowhere.md")
    (root / "folder").symlink_to(root.parent)

    reports = load(root)

    assert codes(reports["out.md"]) == ["outside-archive"]
    assert codes(reports["broken.md"]) == ["unreadable"]
    assert codes(reports["within.md"]) == ["duplicate"]
    assert codes(reports["folder"]) == ["outside-archive"]
    assert set(reports) == {"a.md", "out.md", "within.md", "broken.md", "folder"}


def test_what_cannot_be_read_is_reported_and_the_rest_loads(archive: Archive) -> None:
    root = archive({"a.md": text(), "big.md": b"a" * 5_000_001, "bad.md": b"\xff\xfe"})
    os.mkfifo(root / "pipe.md")
    (root / "folder.md").mkdir()

    reports = load(root)

    assert {path: codes(report) for path, report in reports.items()} == {
        "a.md": [],
        "bad.md": ["not-utf8"],
        "big.md": ["too-large"],
    }


def test_pipes_sockets_devices_and_links_in_circles_do_not_stop_the_rest(archive: Archive) -> None:
    root = archive({"a.md": text(), "daily/b.md": text()})
    for name in ("pipe.md", "source.toml", "daily/source.toml"):
        os.mkfifo(root / name)
    (root / "zero.md").symlink_to("/dev/zero")
    (root / "round.md").symlink_to(root / "round.md")
    (root / "daily" / "up").symlink_to(root)
    with socket.socket(socket.AF_UNIX) as listener:
        # By a short path: those of sockets may have a hundred letters.
        with contextlib.chdir(root):
            listener.bind("socket.md")
        reports = load(root)

    assert {path: codes(report) for path, report in reports.items()} == {
        "a.md": ["bad-source-file"],
        "daily/b.md": ["bad-source-file"],
        "round.md": ["unreadable"],
    }


def test_a_file_that_has_become_a_pipe_is_reported(archive: Archive) -> None:
    root = archive({"a.md": text()})
    library = Library(root, Topics(()))
    (file,) = library.files()
    (root / "a.md").unlink()
    os.mkfifo(root / "a.md")

    assert codes(library.read(file)) == ["unreadable"]


def test_a_file_that_is_gone_when_it_is_read_is_reported(archive: Archive) -> None:
    root = archive({"a.md": text()})
    library = Library(root, Topics(()))
    (file,) = library.files()
    (root / "a.md").unlink()

    report = library.read(file)

    assert codes(report) == ["unreadable"]
    assert "No such file" in report.problems[0].message


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_folder_without_rights_is_reported(archive: Archive) -> None:
    root = archive({"a.md": text(), "shut/b.md": text()})
    (root / "shut").chmod(0)

    assert codes(load(root)["shut"]) == ["unreadable"]


def test_odd_names_are_reported_or_taken(archive: Archive) -> None:
    root = archive({"line\nbreak.md": text()})
    os.close(os.open(os.fsencode(root) + b"/\xff.md", os.O_CREAT | os.O_WRONLY))

    reports = load(root)

    assert reports["line\nbreak.md"].status is Status.READY
    assert codes(reports["\N{REPLACEMENT CHARACTER}.md"]) == ["bad-name"]


def test_two_digests_of_a_day_are_told_apart_by_their_paths_alone(archive: Archive) -> None:
    root = archive({"2026-01-01-aaaa.md": text(), "2026-01-02-bbbb.md": text()})
    before = ids(root)
    (root / "2026-01-02-bbbb.md").write_text(text(draft="false"))

    assert len(set(before.values())) == 2
    assert ids(root) == before


def test_a_day_to_come_is_held_by_the_clock_given(archive: Archive) -> None:
    root = archive({"a.md": text("2026-01-09")})

    assert codes(load(root, date(2026, 1, 2))["a.md"]) == ["future-day"]
    assert codes(load(root, date(2026, 1, 8))["a.md"]) == []


def test_a_missing_archive_is_empty_or_reported(tmp_path: Path) -> None:
    reports = load(tmp_path / "nowhere")

    assert [codes(report) for report in reports.values()] == [["unreadable"]]


def test_a_library_goes_to_other_processes(archive: Archive) -> None:
    library = Library(archive({"a.md": text()}), Topics(()))

    (file,) = pickle.loads(pickle.dumps(library)).files()  # noqa: S301

    assert library.read(file).status is Status.READY
