"""The limiter, on a loop whose time the tests own."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Coroutine
from datetime import timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, Any, TypeAlias, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st
from telegram.error import RetryAfter

from bot.services.outcomes import Priority
from bot.telegram_api.asking import read_ask
from bot.telegram_api.errors import Halted
from bot.telegram_api.figures import figures
from bot.telegram_api.lanes import Cause

if TYPE_CHECKING:
    from tests.telegram_api.conftest import Office, VirtualLoop

Plan: TypeAlias = list[tuple[float, int, Priority, float | None]]
Run: TypeAlias = Callable[[Callable[[], Coroutine[Any, Any, None]]], None]
BROADCAST = Priority.BROADCAST


def most_within(moments: list[float], window: float) -> int:
    """Count the most requests in any half-open span of *window* seconds."""
    ordered = sorted(moments)
    return max(sum(at <= other < at + window for other in ordered) for at in ordered)


def test_the_bot_sends_at_its_rate_and_no_faster(office: Office, virtual_time: Run) -> None:
    async def main() -> None:
        await asyncio.gather(*(office.ask(chat) for chat in range(1, 301)))

    virtual_time(main)
    assert most_within(office.moments(), 1.0) <= 30
    assert 299 / max(office.moments()) >= 28.5


def test_only_what_is_paid_for_goes_faster_than_is_free(
    new_office: type[Office], virtual_time: Run
) -> None:
    office = new_office(rate=1000.0)

    async def main() -> None:
        paid = (
            office.ask(chat, "paid", priority=BROADCAST, allow_paid_broadcast=True)
            for chat in range(1, 2001)
        )
        edits = (
            office.ask(chat, "free", method="editMessageText", message_id=1, priority=BROADCAST)
            for chat in range(2001, 2201)
        )
        await asyncio.gather(*edits, *paid, *(office.ask(chat) for chat in range(2201, 2301)))

    virtual_time(main)
    free = [at for at, _, label in office.left if label != "paid"]
    assert most_within(free, 1.0) <= 30
    assert 299 / max(free) >= 28.5
    assert max(office.moments(chat)[0] for chat in range(2201, 2301)) < 4
    during = [at for at in office.moments() if at < 2]
    assert most_within(during, 1.0) <= 1000
    assert len(during) > 1900


def test_a_chat_gets_one_message_a_second(office: Office, virtual_time: Run) -> None:
    async def main() -> None:
        await asyncio.gather(*(office.ask(7) for _ in range(5)))

    virtual_time(main)
    assert all(later - earlier >= 1 for earlier, later in pairwise(office.moments()))


def test_a_group_gets_twenty_messages_a_minute(office: Office, virtual_time: Run) -> None:
    async def main() -> None:
        for _ in range(45):
            while True:
                try:
                    await office.ask(-7)
                    break
                except Halted as error:
                    await asyncio.sleep(error.seconds)

    virtual_time(main)
    assert most_within(office.moments(), 60.0) == 20


def test_a_flood_wait_halts_its_own_chat_only(office: Office, virtual_time: Run) -> None:
    async def main() -> None:
        office.failing.append(RetryAfter(10))
        with pytest.raises(RetryAfter):
            await office.ask(1, priority=BROADCAST)
        await asyncio.gather(office.ask(1), office.ask(2), office.ask(3))

    virtual_time(main)
    assert office.moments(1)[1] >= 10
    assert max(office.moments(2) + office.moments(3)) < 1


def test_the_later_of_two_flood_waits_counts(office: Office, virtual_time: Run) -> None:
    async def main() -> None:
        office.failing += [RetryAfter(20), RetryAfter(5)]
        first, second = (
            office.ask(1, paced=1),
            office.ask(1, method="editMessageText", message_id=3),
        )
        await asyncio.gather(first, second, return_exceptions=True)
        await office.ask(1)

    virtual_time(main)
    assert office.moments(1)[-1] >= 20


def test_flood_waits_of_several_chats_halt_the_whole_bot(office: Office, virtual_time: Run) -> None:
    async def main() -> None:
        office.failing += [RetryAfter(9), RetryAfter(7), RetryAfter(8)]
        waits = (office.ask(chat) for chat in (1, 2, 3))
        await asyncio.gather(*waits, return_exceptions=True)
        await asyncio.gather(*(office.ask(chat) for chat in range(4, 64)))

    virtual_time(main)
    others = [at for at, chat, _ in office.left if chat not in (1, 2, 3)]
    assert min(others) >= 7
    assert most_within(others, 1.0) <= 30  # no herd when the wait is over


def test_a_broadcast_does_not_sit_out_a_long_flood_wait(office: Office, virtual_time: Run) -> None:
    async def main() -> None:
        office.failing.append(RetryAfter(43_837))
        with pytest.raises(RetryAfter):
            await office.ask(1, priority=BROADCAST)
        with pytest.raises(Halted) as refused:
            await office.ask(1, priority=BROADCAST)
        assert refused.value.seconds > 43_000
        assert refused.value.cause is Cause.CHAT_HALTED

    virtual_time(main)


def test_a_long_wait_of_one_chat_is_not_that_of_the_bot(office: Office, virtual_time: Run) -> None:
    refused: list[Halted] = []

    async def ask(chat: int) -> None:
        try:
            await office.ask(chat, priority=BROADCAST)
        except Halted as error:
            refused.append(error)
        except RetryAfter:
            pass

    async def main() -> None:
        office.failing += [RetryAfter(43_837), RetryAfter(8), RetryAfter(8)]
        await asyncio.gather(*(ask(chat) for chat in (1, 2, 3)), ask(1), ask(4))
        await asyncio.gather(ask(1), ask(4))

    virtual_time(main)
    assert {(error.cause, error.seconds > 43_000) for error in refused} == {
        (Cause.CHAT_HALTED, True),
        (Cause.BOT_HALTED, False),
    }


def test_who_is_refused_hears_of_the_limit_that_is_reached(
    office: Office, virtual_time: Run
) -> None:
    async def refused(asked: Coroutine[Any, Any, Any]) -> Cause:
        with pytest.raises(Halted) as error:
            await asked
        return error.value.cause

    async def main() -> None:
        for _ in range(20):
            await office.ask(-1)
        assert await refused(office.ask(-1, priority=BROADCAST)) is Cause.GROUP_RATE
        line = [asyncio.create_task(office.ask(2)) for _ in range(21)]
        await asyncio.sleep(0)
        assert await refused(office.ask(2)) is Cause.CHAT_RATE
        await asyncio.gather(*line)

    virtual_time(main)


def test_who_waits_is_sent_away_by_a_long_halt(office: Office, virtual_time: Run) -> None:
    async def main() -> None:
        office.failing.append(RetryAfter(600))
        results = await asyncio.gather(*(office.ask(1) for _ in range(3)), return_exceptions=True)
        assert [type(result) for result in results] == [RetryAfter, Halted, Halted]

    virtual_time(main)


def test_people_pass_before_broadcasts(office: Office, virtual_time: Run) -> None:
    async def main() -> None:
        async with asyncio.TaskGroup() as tasks:
            for chat in range(1, 61):
                tasks.create_task(office.ask(chat, "broadcast", priority=BROADCAST))
            await asyncio.sleep(0.5)
            tasks.create_task(office.ask(1000, "reply"))

    virtual_time(main)
    assert 0.5 <= office.moments(1000)[0] <= 0.55


def test_a_reply_passes_a_broadcast_in_the_same_chat(office: Office, virtual_time: Run) -> None:
    async def main() -> None:
        async with asyncio.TaskGroup() as tasks:
            for label in ("first", "broadcast", "reply"):
                priority = None if label == "reply" else BROADCAST
                tasks.create_task(office.ask(1, label, priority=priority))

    virtual_time(main)
    assert office.labels() == ["first", "reply", "broadcast"]


def test_a_post_in_a_lively_group_waits_for_few_answers(office: Office, virtual_time: Run) -> None:
    async def main() -> None:
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(office.ask(-1, "reply"))
            tasks.create_task(office.ask(-1, "post", priority=BROADCAST))
            for _ in range(12):
                tasks.create_task(office.ask(-1, "reply"))

    virtual_time(main)
    assert office.labels().index("post") == 6


def test_an_answer_sits_a_short_flood_wait_out(office: Office, virtual_time: Run) -> None:
    async def main() -> None:
        office.failing += [RetryAfter(3), RetryAfter(20)]
        assert await office.ask(1, "answer") == {"label": "answer"}

    virtual_time(main)
    assert office.moments() == pytest.approx([0, 3, 23], abs=0.1)


def test_an_answer_is_given_up_where_flood_waits_last(office: Office, virtual_time: Run) -> None:
    async def main() -> None:
        office.failing += [RetryAfter(20), RetryAfter(20)]
        with pytest.raises(RetryAfter):
            await office.ask(1, "answer")

    virtual_time(main)
    assert len(office.left) == 2


def test_an_edit_that_was_told_to_wait_yields_to_a_newer_one(
    office: Office, virtual_time: Run
) -> None:
    async def main() -> None:
        office.failing.append(RetryAfter(3))
        edits = (office.ask(-5, n, method="editMessageText", message_id=1) for n in range(3))
        assert await asyncio.gather(*edits) == [{"label": 2}] * 3

    virtual_time(main)
    assert office.labels() == [0, 2]


def test_edits_that_were_told_to_wait_fail_together(office: Office, virtual_time: Run) -> None:
    async def main() -> None:
        office.failing += [RetryAfter(3), ValueError("no")]
        edits = (office.ask(-5, n, method="editMessageText", message_id=1) for n in range(3))
        results = await asyncio.gather(*edits, return_exceptions=True)
        assert [type(result) for result in results] == [ValueError] * 3

    virtual_time(main)


def test_a_loop_that_was_held_up_does_not_catch_up_beyond_the_limit(
    office: Office, virtual_time: Run
) -> None:
    async def main() -> None:
        loop = cast("VirtualLoop", asyncio.get_running_loop())
        tasks = [asyncio.create_task(office.ask(chat)) for chat in range(1, 151)]
        for _ in range(15):
            await asyncio.sleep(0.3)
            loop.now += 0.07
        await asyncio.gather(*tasks)

    virtual_time(main)
    assert most_within(office.moments(), 1.0) <= 30
    assert 149 / max(office.moments()) >= 28.0


def test_what_is_asked_for_at_once_leaves_evenly(office: Office, virtual_time: Run) -> None:
    async def main() -> None:
        await asyncio.gather(*(office.ask(chat) for chat in range(1, 101)))

    virtual_time(main)
    moments = office.moments()
    assert max(later - one for one, later in pairwise(moments)) < 1.5 / 30


def test_edits_of_one_message_that_wait_are_merged(office: Office, virtual_time: Run) -> None:
    async def main() -> None:
        edits = (office.ask(-5, n, method="editMessageText", message_id=1) for n in range(6))
        answers = await asyncio.gather(*edits)
        assert answers == [{"label": 0}, *[{"label": 5}] * 5]

    virtual_time(main)
    assert office.labels() == [0, 5]


def test_edits_of_different_kinds_are_all_made(office: Office, virtual_time: Run) -> None:
    async def main() -> None:
        await office.ask(-5)
        edits = [
            office.ask(-5, method, method=method, message_id=1)
            for method in ("editMessageText", "editMessageReplyMarkup", "editMessageText")
        ]
        await asyncio.gather(*edits)

    virtual_time(main)
    assert office.labels() == [None, "editMessageText", "editMessageReplyMarkup"]


def test_merged_edits_fail_together(office: Office, virtual_time: Run) -> None:
    async def main() -> None:
        await office.ask(-5)
        office.failing.append(ValueError("no"))
        edits = (office.ask(-5, n, method="editMessageText", message_id=1) for n in range(3))
        results = await asyncio.gather(*edits, return_exceptions=True)
        assert [type(result) for result in results] == [ValueError] * 3

    virtual_time(main)


def test_cancelled_edits_take_those_before_along(office: Office, virtual_time: Run) -> None:
    async def main() -> None:
        await office.ask(-5)
        tasks = [
            asyncio.create_task(office.ask(-5, n, method="editMessageText", message_id=1))
            for n in range(2)
        ]
        await asyncio.sleep(0.1)
        tasks[1].cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        assert all(task.cancelled() for task in tasks)

    virtual_time(main)
    assert len(office.left) == 1


def test_who_gives_up_waiting_holds_nobody_up(office: Office, virtual_time: Run) -> None:
    async def main() -> None:
        tasks = [asyncio.create_task(office.ask(1, n)) for n in range(3)]
        await asyncio.sleep(0.1)
        tasks[1].cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    virtual_time(main)
    assert office.labels() == [0, 2]


def test_it_says_who_waits_and_why(office: Office, virtual_time: Run) -> None:
    async def main() -> None:
        office.failing.append(RetryAfter(4))
        low = Priority.BROADCAST
        tasks = [
            asyncio.create_task(office.ask(chat, chat, priority=low))
            for chat in (1, 1, 2, 2, -3, -3)
        ]
        await asyncio.sleep(0.2)
        causes = {waiting.chat: waiting.cause for waiting in office.limiter.waiting()}
        left = {waiting.chat: waiting.left for waiting in office.limiter.waiting()}
        assert causes == {1: Cause.CHAT_HALTED, 2: Cause.CHAT_RATE, -3: Cause.CHAT_RATE}
        assert left[1] == pytest.approx(3.8)
        await asyncio.gather(*tasks, return_exceptions=True)
        assert office.limiter.waiting() == []
        assert office.limiter.waited[Cause.CHAT_HALTED] >= 3

    virtual_time(main)


Asked: TypeAlias = list[tuple[int, Priority]]
ASKED = st.tuples(st.sampled_from([-2, -1, 1, 2, 3, 4, 5, 6]), st.sampled_from(Priority))


@given(st.lists(ASKED, min_size=1, max_size=50), st.lists(st.floats(0.1, 9), max_size=3))
def test_what_it_says_of_who_waits_comes_true(
    new_office: type[Office], virtual_time: Run, asked: Asked, floods: list[float]
) -> None:
    office = new_office(rate=5.0)
    office.failing.extend(RetryAfter(timedelta(seconds=flood)) for flood in floods)

    async def one(number: int, chat: int, priority: Priority) -> None:
        with contextlib.suppress(RetryAfter):
            await office.ask(chat, number, priority=priority)

    async def main() -> None:
        tasks = [asyncio.create_task(one(n, *each)) for n, each in enumerate(asked)]
        await asyncio.sleep(0.5)
        now = asyncio.get_running_loop().time()
        said = office.limiter.waiting()
        gone = len(office.left)
        assert office.limiter.queued() <= len(said)
        assert all(waiting.waited <= now for waiting in said)
        await asyncio.gather(*tasks)
        for chat in {waiting.chat for waiting in said}:
            soonest = min(waiting.left for waiting in said if waiting.chat == chat)
            later = [at for at, of, _ in office.left[gone:] if of == chat]
            assert not later or later[0] >= now + soonest - 0.001
        assert office.limiter.waiting() == []
        assert (office.limiter.queued(), office.limiter.resting()) == (0, 0)

    virtual_time(main)


@pytest.mark.parametrize(("priority", "resting"), [(BROADCAST, 2), (Priority.REPLY, 0)])
def test_posts_that_wait_for_a_chat_are_told_from_who_waits_for_the_bot(
    office: Office, virtual_time: Run, priority: Priority, resting: int
) -> None:
    async def main() -> None:
        asked = (office.ask(chat, priority=priority) for chat in (7, 7, 7, 8, 9))
        tasks = [asyncio.create_task(one) for one in asked]
        await asyncio.sleep(0)
        assert (office.limiter.queued(), office.limiter.resting()) == (2, resting)
        await asyncio.gather(*tasks)

    virtual_time(main)


def test_its_figures_count_who_waits_by_cause(office: Office, virtual_time: Run) -> None:
    async def main() -> None:
        async with asyncio.TaskGroup() as tasks:
            for _ in range(3):
                tasks.create_task(office.ask(1))
            await asyncio.sleep(0.5)
            shown = figures(office.limiter)
        assert 'requests{cause="messages a second in the chat"} 2\n' in shown
        assert 'requests{cause="flood wait of the bot"} 0\n' in shown

    virtual_time(main)


def test_who_stands_behind_another_waits_longer(office: Office, virtual_time: Run) -> None:
    async def main() -> None:
        tasks = [asyncio.create_task(office.ask(1)) for _ in range(4)]
        await asyncio.sleep(0.05)
        said = office.limiter.waiting()
        assert [waiting.cause for waiting in said] == [Cause.CHAT_RATE] * 3
        assert [waiting.left for waiting in said] == pytest.approx([1.0, 2.05, 3.1])
        await asyncio.gather(*tasks)

    virtual_time(main)


def test_lines_stay_short(office: Office, virtual_time: Run) -> None:
    async def main() -> None:
        results = await asyncio.gather(
            *(office.ask(1) for _ in range(1000)), return_exceptions=True
        )
        assert sum(isinstance(result, Halted) for result in results) >= 970

    virtual_time(main)


def test_nothing_is_remembered_of_chats_that_are_quiet(office: Office, virtual_time: Run) -> None:
    async def main() -> None:
        await asyncio.gather(*(office.ask(chat) for chat in range(-20, 20)))
        await asyncio.sleep(62)
        assert not office.limiter._lanes
        assert not office.limiter._timers

    virtual_time(main)


def test_requests_that_send_nothing_do_not_wait(office: Office, virtual_time: Run) -> None:
    async def main() -> None:
        await asyncio.gather(*(office.ask(1, method="getChat") for _ in range(100)))
        await office.limiter.process_request(_true, (), {}, "getMe", {}, None)
        assert asyncio.get_running_loop().time() == 0

    virtual_time(main)


async def _true() -> bool:
    return True


@pytest.mark.parametrize(
    ("method", "data", "cost", "paced"),
    [
        ("sendMessage", {}, 1, True),
        ("sendMediaGroup", {"media": [1, 2, 3]}, 3, True),
        ("copyMessages", {"message_ids": [1, 2]}, 2, True),
        ("sendChatAction", {}, 0, False),
        ("editMessageText", {"message_id": 1}, 1, False),
        ("deleteMessage", {}, 0, False),
        ("deleteMessages", {"message_ids": [1, 2]}, 2, False),
    ],
)
def test_requests_cost_the_messages_that_they_send(
    method: str, data: dict[str, object], cost: int, paced: bool
) -> None:
    ask = read_ask(method, {"chat_id": 5, **data}, Priority.REPLY)

    assert ask is not None
    assert (ask.cost, ask.paced) == (cost, paced)


def test_a_number_written_as_text_is_the_same_chat() -> None:
    asked = [read_ask("sendMessage", {"chat_id": chat}, Priority.REPLY) for chat in ("-5", -5)]

    assert asked[0] == asked[1]


@given(
    st.lists(
        st.tuples(
            st.floats(0, 30),
            st.integers(-2, 4).filter(bool),
            st.sampled_from(Priority),
            st.one_of(st.none(), st.floats(0.5, 40)),
        ),
        max_size=60,
    )
)
def test_no_limit_is_broken_whatever_comes(
    new_office: type[Office], virtual_time: Run, plan: Plan
) -> None:
    office = new_office(rate=3.0)

    async def one(at: float, chat: int, priority: Priority, flood: float | None) -> None:
        await asyncio.sleep(at)
        if flood is not None:
            office.failing.append(RetryAfter(timedelta(seconds=flood)))
        try:
            await office.ask(chat, priority=priority)
        except RetryAfter:
            return

    async def main() -> None:
        await asyncio.gather(*(one(*each) for each in plan))
        assert office.limiter.waiting() == []

    virtual_time(main)
    if office.left:
        assert most_within(office.moments(), 1.0) <= 3
    for chat in {chat for _, chat, _ in office.left}:
        assert most_within(office.moments(chat), 1.0) <= 1
        assert int(chat) > 0 or most_within(office.moments(chat), 60.0) <= 20


def test_a_pressed_button_is_answered_also_while_the_bot_is_halted() -> None:
    assert read_ask("answerCallbackQuery", {"callback_query_id": "1"}, Priority.REPLY) is None
