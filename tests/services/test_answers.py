"""What was heard before a crash, and not yet written into the outbox."""

from __future__ import annotations

import asyncio
import io
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from structlog.testing import capture_logs

from bot.model import Message
from bot.services.answers import Answers
from bot.services.ledger import Ledger
from bot.services.outcomes import (
    Address,
    Gone,
    InDoubt,
    Migrated,
    Outcome,
    Partly,
    Refusal,
    Rejected,
    Retry,
    Sent,
)
from bot.services.settling import Answer
from bot.storage.journal import Journal
from bot.storage.records import Delivery
from tests.databases import ON_SQLITE, locked
from tests.services.stage import ADMIN, GROUP, Stage

texts, numbers = st.text(max_size=20), st.integers(-(2**62), 2**62)
outcomes: st.SearchStrategy[Outcome] = st.one_of(
    st.builds(Sent, numbers, st.none() | texts),
    st.builds(Partly, numbers, texts),
    st.builds(Retry, texts, st.none() | st.floats(allow_nan=False, allow_infinity=False)),
    st.builds(Gone, texts),
    st.builds(Rejected, texts, st.sampled_from(Refusal)),
    st.builds(Migrated, numbers),
    st.builds(InDoubt, texts),
)
deliveries: st.SearchStrategy[Delivery] = st.builds(
    Delivery,
    id=numbers,
    chat_id=numbers,
    tried_at=st.datetimes(timezones=st.just(UTC)),
    pieces=st.lists(numbers, max_size=3).map(tuple),
)
answers: st.SearchStrategy[list[Answer]] = st.lists(st.tuples(deliveries, outcomes), max_size=4)


async def heard(stage: Stage, url: str, tries: int) -> None:
    """Hear the answers to so many tries, and die while somebody else has the database."""
    before = len(stage.telegram.tries)
    stage.telegram.hold = asyncio.Event()
    task = asyncio.create_task(stage.worker().run())
    await stage.tried(before + tries)
    async with locked(url):
        stage.telegram.hold.set()
        while len(stage.database.journal.read()) < tries:  # noqa: ASYNC110 - polls a file
            await asyncio.sleep(0.005)
        task.cancel()
        await asyncio.wait([task])
    stage.telegram.hold = None


@given(answers, st.integers(0, 4), st.binary(max_size=20))
def test_a_later_process_reads_what_was_heard(given: list[Answer], done: int, junk: bytes) -> None:
    file = io.BytesIO()
    ours = Answers(Journal(file))
    for answer in given:
        ours.add(answer)
    ours.drop(done)
    file.write(b"\n{" + junk)

    with capture_logs() as logs:
        assert Answers(Journal(file)).of_former_process() == given[done:] == ours.all()
    assert [log["event"] for log in logs] == ["torn notes of answers, may be sent again"]


def test_a_note_that_is_no_text_is_torn() -> None:
    file = io.BytesIO()
    delivery = Delivery(1, 1, 1, 0, 0, 1, 1, datetime(2026, 1, 1, tzinfo=UTC))
    Answers(Journal(file)).add((delivery, Gone("blocked")))
    file.write(file.getvalue().replace(b"blocked", b"bl\xffcked"))

    assert Answers(Journal(file)).of_former_process() == [(delivery, Gone("blocked"))]


@ON_SQLITE
async def test_torn_notes_are_told_once_however_long_the_start_takes(
    stage: Stage, either_url: str
) -> None:
    for entry in (b"[{", b"}]"):
        stage.database.journal.add(entry)

    with capture_logs() as logs:
        async with locked(either_url), stage.working():
            while len([log for log in logs if "delays" in log]) < 2:  # noqa: ASYNC110
                await asyncio.sleep(0.01)

    assert [log["count"] for log in logs if log["event"].startswith("torn")] == [2]


async def test_what_was_heard_is_not_sent_again(stage: Stage, either_url: str) -> None:
    await stage.people(1, 2)
    await stage.group()
    broadcast = await stage.announce()
    await heard(stage, either_url, 3)

    async with stage.working():
        progress = await stage.through(broadcast)

    assert progress.sent == 3
    assert not stage.ears.doubts
    assert not stage.database.journal.read()
    assert dict(stage.telegram.arrived) == {Address(chat): ["hi"] for chat in (1, 2, GROUP)}


async def test_the_next_part_follows_what_was_heard(stage: Stage, either_url: str) -> None:
    await stage.people(1)
    broadcast = await stage.announce("one", "two")
    await heard(stage, either_url, 1)

    async with stage.working():
        await stage.through(broadcast)

    assert stage.telegram.arrived[Address(1)] == ["one", "two"]


async def test_a_piece_that_was_heard_of_is_not_sent_again(stage: Stage, either_url: str) -> None:
    await stage.people(1)
    stage.telegram.answers(1, Partly(0, "too long"))
    broadcast = await stage.announce()
    await heard(stage, either_url, 1)
    stage.telegram.answers(1, Partly(7, "too long"))
    await heard(stage, either_url, 1)

    async with stage.working():
        await stage.through(broadcast)

    assert stage.telegram.arrived[Address(1)] == ["hi, piece 0", "hi, piece 1"]


async def test_a_refusal_that_was_heard_is_told(stage: Stage, either_url: str) -> None:
    await stage.people(1)
    stage.telegram.answers(1, Rejected("no"))
    broadcast = await stage.announce()
    await heard(stage, either_url, 1)

    async with stage.working():
        progress = await stage.through(broadcast)

    assert progress.failed == {"no": 1}
    assert stage.ears.refusals == [1]


@pytest.mark.parametrize(
    ("outcome", "reason"), [(Gone("blocked"), "blocked"), (Retry("flood", 3600), None)]
)
async def test_who_is_not_to_be_asked_again_is_not(
    stage: Stage, either_url: str, outcome: Outcome, reason: str | None
) -> None:
    await stage.people(1)
    stage.telegram.answers(1, outcome)
    broadcast = await stage.announce()
    await heard(stage, either_url, 1)

    async with stage.working() as worker:
        progress = await stage.until(broadcast, pending=0 if reason else 1)
        worker.wake()
        assert len(stage.telegram.tries) == 1
        stage.clock.pass_by(hours=2)
        await stage.through_waits(worker, broadcast)

    assert progress.failed == ({reason: 1} if reason else {})


@pytest.mark.parametrize("outcome", [Retry("server error"), InDoubt("lost")])
async def test_a_try_that_failed_before_a_long_absence_is_made_again(
    stage: Stage, either_url: str, outcome: Outcome
) -> None:
    await stage.people(1)
    stage.telegram.answers(1, outcome)
    broadcast = await stage.announce()
    await heard(stage, either_url, 1)
    stage.clock.pass_by(hours=25)

    stage.telegram.answers(1, *[Retry("server error")] * 2)
    async with stage.working() as worker:
        progress = await stage.through_waits(worker, broadcast)

    assert progress.sent == 1


async def test_a_lost_answer_that_was_heard_of_is_asked_about(
    stage: Stage, either_url: str
) -> None:
    await stage.group()
    stage.telegram.answers(GROUP, InDoubt("lost"))
    broadcast = await stage.announce()
    await heard(stage, either_url, 1)

    async with stage.working() as worker:
        await stage.ears.heard.wait()
        (doubt,) = stage.ears.doubts
        assert doubt.until == stage.clock() + timedelta(minutes=30)
        await worker.resolve(doubt.delivery_id, sent=True)
        await stage.through(broadcast)

    assert len(stage.telegram.tries) == 1


async def test_a_note_of_one_try_is_not_taken_for_another(stage: Stage, either_url: str) -> None:
    await stage.people(1)
    stage.telegram.answers(1, Retry("busy", 5))
    broadcast = await stage.announce()
    await heard(stage, either_url, 1)
    stale = Answers(stage.database.journal).of_former_process()
    async with stage.working():
        await stage.until_retry(broadcast)
    stage.clock.pass_by(seconds=10)
    await stage.killed()

    assert not await settled_from(stale, stage)


async def test_a_note_of_one_post_is_not_taken_for_another(stage: Stage, either_url: str) -> None:
    _, stale = await sent(stage, either_url)
    await stage.announce("at the same moment")
    await stage.killed()

    assert not await settled_from(stale, stage)


async def test_a_note_of_a_post_is_not_taken_for_its_recall(stage: Stage, either_url: str) -> None:
    broadcast, stale = await sent(stage, either_url)
    stage.clock.pass_by(seconds=10)
    assert await stage.broadcasts.recall(broadcast, ADMIN, Message("taken back"))
    stage.telegram.hold = asyncio.Event()
    task = asyncio.create_task(stage.worker().run())
    await stage.until_state(broadcast, "sending")
    task.cancel()
    await asyncio.wait([task])

    assert not await settled_from(stale, stage)


async def sent(stage: Stage, url: str) -> tuple[int, list[Answer]]:
    """Send an announcement; give it, and the note by which it was settled."""
    await stage.people(1)
    broadcast = await stage.announce()
    await heard(stage, url, 1)
    notes = Answers(stage.database.journal).of_former_process()
    async with stage.working():
        await stage.through(broadcast)
    return broadcast, notes


async def settled_from(notes: list[Answer], stage: Stage) -> Sequence[Answer]:
    """Start with these, and tell what was not known."""
    assert notes
    ledger = Ledger(stage.database, stage.clock(), None)
    return (await ledger.recover(notes, stage.clock())).settled
