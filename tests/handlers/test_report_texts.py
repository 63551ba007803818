"""What admins read of broadcasts, to the word."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from msgspec import structs

from bot.handlers import report_texts
from bot.locale import words
from bot.storage.records import Delivery, Doubt, Missed, Progress, Refused, Summary

NOW = datetime(2026, 1, 14, 1, 0, tzinfo=UTC)
W = words("en")


def delivery(*, main_thread: bool) -> Delivery:
    return Delivery(1, 1, -100, 5, 0, 1, 1, NOW, main_thread=main_thread)


@pytest.mark.parametrize(("thread_id", "place"), [(0, "News"), (5, "News/5")])
def test_a_question_about_a_post_names_its_topic(thread_id: int, place: str) -> None:
    doubt = Doubt(1, -100, thread_id, "News", None, NOW)

    asked = report_texts.question(doubt, None, ZoneInfo("UTC"), W)

    assert f"A post to {place} was on its way" in asked.text


@pytest.mark.parametrize(("main_thread", "place"), [(True, "-100"), (False, "-100/5")])
def test_a_refusal_names_the_topic_that_refused(main_thread: bool, place: str) -> None:
    refused = Refused(delivery(main_thread=main_thread), "no rights", None)

    told = report_texts.refusal(refused, None, W)

    assert told.text == f"Telegram refused a message to {place}: no rights"


def test_how_far_it_is_leaves_nobody_out() -> None:
    counts = Progress(1203, 1200, {}, {}, pending=2, in_doubt=1, done=False, waiting=1, retrying=1)

    told = report_texts.how_far(1, counts, W)

    assert told.text.splitlines() == [
        "1,200 of 1,203 sent.",
        "1 is tried again later.",
        "1 may have arrived: without an answer it is sent again.",
        "1 waits for the time that it chose.",
    ]


def test_large_counts_are_written_alike() -> None:
    counts = Progress(6000, 0, {"no rights": 1001}, {"kicked": 1002}, 0, 0, done=True)
    back = Progress(6000, 1003, {}, {}, 1004, 0, done=False, recalled=1005, never_sent=1006)
    told = [
        report_texts.how_far(1, counts, W).text,
        report_texts.recalled(back, W),
        report_texts.recalled(structs.replace(back, pending=0, done=True), W),
    ]

    assert "\n".join(told).splitlines() == [
        "0 of 6,000 sent.",
        "1,001 failed: no rights",
        "1,002 left out: the bot was put out of the chat",
        "Taking it back: 1,005 of 3,012 so far.",
        "Taken back: 1,005 of 2,008. 1,003 could not be, and still stand.",
        "Never sent: 1,006.",
    ]


def test_a_result_names_the_groups_that_missed_it() -> None:
    counts = Progress(4, 1, {"no rights": 1}, {"kicked": 2}, pending=0, in_doubt=0, done=True)
    missed = (Missed(-100, 5, "News", "no rights"), Missed(-200, 0, None, "kicked"))
    summary = Summary(
        broadcast_id=1,
        digest_id="d",
        admin_id=None,
        started_at=NOW,
        finished_at=NOW,
        recalled=False,
        stopped=False,
        again=False,
        progress=counts,
        missed=missed,
    )

    told = report_texts.result(summary, lambda _: "The digest", W)

    assert told.text.splitlines() == [
        "Pushed The digest: 1 of 4 sent.",
        "1 failed: no rights",
        "2 left out: the bot was put out of the chat",
        "• News/5: no rights",
        "• -200: the bot was put out of the chat",
    ]
