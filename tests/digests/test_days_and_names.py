"""A digest's day, and the names that outlive edits."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from bot.digests import dates
from bot.digests.identity import digest_id, item_keys, told_apart
from bot.digests.scripts import language_of, share_in, weight
from bot.model import Digest, Report, Status

DAY = date(2026, 1, 2)
NOON = datetime(2026, 1, 2, 12, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "when"),
    [
        (DAY, (DAY, None)),
        (NOON, (DAY, NOON)),
        (NOON.replace(tzinfo=None), (DAY, NOON)),
        ("2026-01-02", (DAY, None)),
        ("2026/1/2", (DAY, None)),
        ("2026年1月2日", (DAY, None)),
        ("20260102", (DAY, None)),
        ("2026-01-02T12:30:00.000000Z", (DAY, NOON)),
        ("Fri, 02 Jan 2026 12:30:00 +0000", (DAY, NOON)),
        ("2026-01-02 around noon", (DAY, None)),
        ("1026-01-02T12:30:00", None),
        ("2026-02-30", None),
        (date(1026, 1, 2), None),
        ("soon", None),
        (20260102, None),
    ],
)
def test_dates_of_all_shapes(value: object, when: tuple[date, datetime | None] | None) -> None:
    for field in dates.FIELDS:
        assert dates.authored({field: value}) == when


def test_the_day_is_the_one_that_the_author_wrote() -> None:
    late = datetime(2026, 1, 2, 23, 30, tzinfo=timezone(timedelta(hours=8)))

    assert dates.authored({"date": late}) == (DAY, late)


@pytest.mark.parametrize(
    ("path", "day"),
    [
        ("2026-01-02.md", DAY),
        ("daily/2026-1-2-words.md", DAY),
        ("26-01-02-words.md", DAY),
        ("20260102.md", DAY),
        ("2026/01/02.md", DAY),
        ("news/2026/01/02/index-of-day.md", DAY),
        ("2026-W08.md", date(2026, 2, 22)),
        ("2026-W60.md", None),
        ("2026-13-02.md", None),
        ("words.md", None),
        ("202512240649-words.md", None),
    ],
)
def test_the_day_in_a_name(path: str, day: date | None) -> None:
    named = dates.in_path(path)

    assert (named.day if named else None) == day


def test_a_heading_tells_the_day_where_nothing_else_does(read: Callable[..., Report]) -> None:
    digest = read("# News of 2026年1月2日\n\n## One\n\ntext\n\n## Two\n\ntext", "news.md").digest

    assert digest is not None
    assert digest.day == DAY


@pytest.mark.parametrize(
    ("path", "source", "expected"),
    [
        ("2026-01-02.md", "", "20260102"),
        ("2026-01-01-83b0083f-d713-4bb2-a696-eb6ff8fb23fb.md", "", "20260102-aenr"),
        ("x/2025-10-14-0640-en.md", "x", "x-20260102-0640"),
        ("x/2025-10-14T06-40.md", "x", "x-20260102-0640"),
        ("x/2026-01-29-news-2.md", "x", "x-20260102-2"),
        ("x/2026-01-29-news-2026.md", "x", "x-20260102-gwck"),
        ("x/letter-7.md", "x", "x-20260102-7"),
    ],
)
def test_ids_come_from_source_day_and_edition(path: str, source: str, expected: str) -> None:
    assert digest_id(path, source, DAY) == expected


@pytest.mark.parametrize("source", ["日报", "a" * 40, "with space", "a/b"])
def test_ids_are_safe_for_any_source(source: str) -> None:
    name = digest_id("2026-01-02.md", source, DAY)

    assert name.replace("-", "").isalnum()
    assert name.isascii()
    assert len(name) < 20
    assert name != digest_id("2026-01-02.md", source + "x", DAY)


def _report(path: str) -> Report:
    digest = Digest("old", "", "en", DAY, "t", (), (), path)
    return Report(path, Status.READY, digest)


def test_ids_are_told_apart_the_same_way_in_any_set() -> None:
    paths = ["2026-01-01-a.md", "2026-01-02-a.md", "2026-01-02-b.md", "c/2026-01-02-a.md"]
    skipped = Report("d.md", Status.SKIPPED)

    first = list(told_apart([*map(_report, paths), skipped]))
    again = list(told_apart(first))
    names = [report.digest.id for report in first if report.digest]

    assert len(set(names)) == 4
    assert again == first


def test_a_digest_keeps_its_id_when_another_of_its_day_comes_before_it() -> None:
    alone = list(told_apart(map(_report, ["2026-01-02.md"])))
    joined = list(told_apart(map(_report, ["2026-01-02-extra.md", "2026-01-02.md"])))

    assert alone[0] == joined[1]


def test_an_id_survives_a_change_of_the_day_in_the_name() -> None:
    before = list(told_apart(map(_report, ["2026-01-01-a.md", "2026-01-02-b.md"])))
    after = list(told_apart(map(_report, ["2026-01-01-a.md", "2026-01-03-b.md"])))

    assert [r.digest and r.digest.id for r in before] == [r.digest and r.digest.id for r in after]


def test_keys_outlive_corrections(digest_of: Callable[..., Digest]) -> None:
    body = "---\ndate: 2026-01-02\n---\n# T\n\n## [One](https://x.org/1)\n\n{}\n\n## Two\n\n{}"

    before, after = digest_of(body.format("a", "b")), digest_of(body.format("c d", "e"))

    assert [item.key for item in before.items] == [item.key for item in after.items]
    assert before.content_hash != after.content_hash


def test_keys_outlive_the_deletion_of_another_story_of_the_same_link(
    digest_of: Callable[..., Digest],
) -> None:
    stories = [f"## Story {n}\n\nWords. [Link](https://example.org/)\n\n" for n in "abc"]
    before, after = (
        digest_of("# 2026-01-02\n\n" + "".join(some)) for some in (stories, stories[1:])
    )

    assert {item.url for item in before.items} == {"https://example.org/"}
    assert [item.key for item in before.items[1:]] == [item.key for item in after.items]


def test_equal_keys_get_numbers() -> None:
    first, second, third = item_keys(["a", "a", "b"])

    assert second == f"{first}2"
    assert third[:6] != first


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("今天的新闻 about OpenAI", "zh-CN"),
        ("今日のニュースをお届けします", "ja"),
        ("오늘의 소식", "ko"),
        ("Новости дня", "ru"),
        ("أخبار اليوم", "ar"),
        ("חדשות היום", "he"),
        ("the news of the day", "en"),
        ("las noticias de la semana que viene", "es"),
        ("les nouvelles pour une semaine", "fr"),
        ("die Nachrichten und das Wetter", "de"),
        ("bu hafta ve daha fazla", "tr"),
        ("123 ...", ""),
    ],
)
def test_languages_are_guessed(text: str, language: str) -> None:
    assert language_of(text) == language
    assert share_in(language, text) > 0.4


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("hi", "आज नया मॉडल सामने आया और सब खुश हैं।"),
        ("el", "Ένα νέο μοντέλο κυκλοφόρησε σήμερα."),
        ("fa", "\ufee3\ufeaa\ufedd \ufe9f\ufeaa\ufbfe\ufeaa"),
        ("zh-CN", "\U00020000\U00020001\U00020002\U00020003"),
    ],
)
def test_letters_of_every_script_weigh(language: str, text: str) -> None:
    assert weight(text) >= 7
    assert share_in(language, text) == 1
    assert share_in("ko", text) == 0


def test_a_name_in_latin_letters_makes_no_text_english() -> None:
    assert not language_of("Η εταιρεία OpenAI παρουσίασε ένα νέο μοντέλο.")
