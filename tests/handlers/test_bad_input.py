"""Whatever is said, pressed, edited or forged: a kind answer or silence, and nothing changes."""

from __future__ import annotations

from base64 import urlsafe_b64encode
from collections.abc import AsyncIterator
from datetime import date
from itertools import count
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.rendering.callback_data import MAX_BYTES, encode
from bot.rendering.callbacks import (
    Arrived,
    Callback,
    Choose,
    Contents,
    Day,
    Dismiss,
    Drop,
    Forget,
    HowFar,
    ItemPage,
    Month,
    Nothing,
    Open,
    PushAnyway,
    Recall,
    Save,
    SavedPage,
    Search,
    SectionPage,
    Send,
    SettingsPage,
    Stop,
    Topic,
    Topics,
    Unsave,
    Week,
)
from bot.sandbox import MessageView
from bot.sandbox.nouns import Json
from bot.sandbox.people import PATIENCE, Person
from bot.sandbox.pressing import wait
from tests.conftest import Stage

ANONYMOUS = {
    "id": 1087968824,
    "is_bot": True,
    "first_name": "Group",
    "username": "GroupAnonymousBot",
}
FORMS = "csiodwmqtkbxarlpyvufzegn"
ENDS = (
    "m:9999:12",
    "m:1:1",
    "d:9999-12-31:0",
    "w:9999-12-31:0",
    "d:0001-01-01:0",
    "w:0001-01-01:0",
)
"""The first and the last days that there are."""
DIGEST = "ai-daily-20260114-kfst"
OURS: tuple[Callback, ...] = (
    Contents(DIGEST),
    SectionPage(DIGEST, 1, 0, "abcdef"),
    ItemPage(DIGEST, "abcdef"),
    Open(DIGEST, "abcdef"),
    Day(date(2026, 1, 14)),
    Week(date(2026, 1, 14)),
    Month(2026, 1),
    Search("GLM"),
    Topic("OpenAI"),
    Topics(),
    Send(1),
    Drop(1),
    Arrived(1, sent=True),
    Recall(1, sure=True),
    HowFar(1),
    Stop(1, sure=True),
    PushAnyway(1),
    Dismiss(1),
    Save(DIGEST, "abcdef"),
    Unsave(DIGEST, "abcdef"),
    SavedPage(),
    Forget(DIGEST, "abcdef"),
    SettingsPage("hour"),
    Choose("hour", "20"),
    Nothing(),
)


def stranger(stage: Stage, number: int) -> Person:
    """Give one of many people: each is answered once a second."""
    return stage.sandbox.person(f"P{number}", language="en")


def deliver(stage: Stage, kind: str, payload: Json) -> None:
    """Hand the bot an update that it did not ask for, as one from before its start may come."""
    updates = stage.ann.world.updates
    asked, updates.allowed = updates.allowed, None
    updates.push(kind, payload)
    updates.allowed = asked


async def settled(stage: Stage) -> None:
    """Wait until the bot has taken what was sent before."""
    await stage.wei.says("/help")
    await stage.wei.sees("/today")


@pytest.fixture
async def calm(bot: Stage, capsys: pytest.CaptureFixture[str]) -> AsyncIterator[Stage]:
    """Run the bot, and see at the end that it met no fault and subscribed or told nobody."""
    posts = bot.posts()
    yield bot
    await settled(bot)
    assert "update not handled" not in capsys.readouterr().out
    assert bot.posts()[: len(posts)] == posts
    await bot.ann.says("/subscribe")
    await bot.ann.sees("Done!")


def payloads() -> list[str]:
    """Make what may stand behind /start: forms that are nearly ours, and anything."""
    random = Random(7)
    raw = [bytes(random.randrange(256) for _ in range(20)) for _ in range(8)]
    encoded = [urlsafe_b64encode(one).decode().rstrip("=") for one in raw]
    return [
        *(f"s_{one}" for one in encoded),
        *(one.decode("latin-1") for one in raw),
        *("d_", "d_../../etc", "d_%00", "d_é", "i_", "i0_a", "i99_x", "i2_ab", "i2_abcdef"),
        *("s_AA", "s_AAAA", "s_====", "subscribe subscribe", "Subscribe", "💥" * 64, "a" * 4000),
        *("' OR 1=1 --", "{0}", "%s%n", "\u202e", "\x00", "<b>", "d_ai-daily-20260114'"),
    ]


async def test_any_deep_link_is_answered(calm: Stage) -> None:
    for number, payload in enumerate(payloads()):
        person = stranger(calm, number)
        await person.says(f"/start {payload}")
        assert "went wrong" not in (await person.sees("")).text


@pytest.mark.parametrize("command", ["/today", "/search", "/tag", "/week"])
async def test_any_words_behind_a_command_are_answered(calm: Stage, command: str) -> None:
    nasty = ["0", "-0", "99999-12-31", "0000-00-00", "2026-13-45", "-99999999999", "12-0", "٣"]
    nasty += ['"', "(", "a AND OR", "-x", "#", "# #", "*", "NEAR(", "\\", "%", "{x}", "\u2067"]
    for number, words in enumerate(nasty):
        person = stranger(calm, number)
        await person.says(f"{command} {words}")
        assert "went wrong" not in (await person.sees("")).text


async def press(person: Person, message: MessageView, data: str) -> None:
    """Press a button with any data, as a tampered client can."""
    await person.presses_button(message, {"text": "x", "callback_data": data})


def tampered() -> list[str]:
    """Make data that is nearly ours."""
    random = Random(11)
    values = ["0", "-1", "9999", "2026-01-14", "2026-02-30", "9999-12-31", "0001-01-01", "ai", "é"]
    values += ["ai-daily-20260114", "99999999999999999999", "True", "", "a:b", "💥", "\x00", "'"]
    made = (
        f"{random.choice(FORMS)}:{':'.join(random.choices(values, k=random.randint(0, 4)))}"
        for _ in range(120)
    )
    return [data for data in made if len(data.encode()) <= MAX_BYTES]


async def test_tampered_buttons_are_answered(calm: Stage) -> None:
    await calm.ann.says("/today")
    message = await calm.ann.sees("Jan 14")

    for data in tampered():
        await press(calm.ann, message, data)


@pytest.mark.parametrize("data", ENDS)
async def test_the_ends_of_time_are_answered(calm: Stage, data: str) -> None:
    assert await ask(calm, calm.ann, data) is not None


NUMBERS = count()


async def ask(stage: Stage, person: Person, data: str) -> Json | None:
    """Press a button with any data, below a message that stands there no more."""
    world, person.private.started = stage.sandbox.world, True
    question = world.questions.ask(person.user)
    gone = {"chat": person.private.view(), "message_id": 77, "date": 0}
    query = {"id": question.id, "from": person.user.view(), "chat_instance": "1"}
    world.updates.push("callback_query", query | {"message": gone, "data": data})
    return await wait(question, PATIENCE)


@st.composite
def forged(draw: st.DrawFn) -> str:
    """Change some bytes of what our own buttons say."""
    data = bytearray(encode(draw(st.sampled_from(OURS))).encode())
    for _ in range(draw(st.integers(0, 3))):
        at, byte = draw(st.integers(0, len(data))), draw(st.binary(max_size=2))
        data[at : at + draw(st.integers(0, 2))] = byte
    return bytes(data[:MAX_BYTES]).decode(errors="ignore") or "x"


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=forged())
async def test_any_bytes_of_a_button_are_answered(calm: Stage, data: str) -> None:
    assert await ask(calm, stranger(calm, next(NUMBERS)), data) is not None


@settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))
@given(payload=st.one_of(st.text(max_size=64), st.from_regex("[A-Za-z0-9_-]{1,64}")))
async def test_any_bytes_of_a_deep_link_are_answered(calm: Stage, payload: str) -> None:
    person = stranger(calm, next(NUMBERS))

    await person.says(f"/start {payload}".strip())

    assert "went wrong" not in (await person.sees("")).text


async def test_a_press_below_a_message_that_is_gone_is_shown_anew(bot: Stage) -> None:
    assert await ask(bot, bot.ann, encode(Day(date(2026, 1, 13))))

    await bot.ann.sees("Jan 13")


async def test_a_press_below_what_was_sent_inline_is_answered(calm: Stage) -> None:
    world, ann = calm.sandbox.world, calm.ann
    question = world.questions.ask(ann.user)
    query = {"id": question.id, "from": ann.user.view(), "chat_instance": "1"}
    forged_query = query | {"inline_message_id": "abc", "data": encode(Day(date(2026, 1, 13)))}
    world.updates.push("callback_query", forged_query)

    answer = await wait(question, PATIENCE)

    assert answer
    assert "no longer works" in answer["text"]


@pytest.mark.parametrize("number", [2048, 4096])
async def test_4096_emoji_are_answered(calm: Stage, number: int) -> None:
    await calm.ann.says("😀" * number)

    await calm.ann.sees("Nothing found")


async def test_a_command_in_a_caption_is_not_done(calm: Stage) -> None:
    await calm.ann.sends_document("a.txt", b"text", "/subscribe")

    await calm.ann.sees("I read words only")


async def test_an_edited_command_is_not_done_again(calm: Stage) -> None:
    await calm.ann.says("hello there")
    await calm.ann.sees("Nothing found")
    said = calm.ann.messages[0]
    before = len(calm.ann.messages)

    await calm.ann.edits(said, "/subscribe")
    deliver(calm, "edited_message", said.raw | {"text": "/subscribe", "edit_date": said.date})
    await settled(calm)

    assert len(calm.ann.messages) == before


async def test_a_channels_posts_are_passed_over(calm: Stage) -> None:
    entity = {"type": "bot_command", "offset": 0, "length": 6}
    chat = {"id": -1009999999999, "type": "channel", "title": "A channel"}
    post = {"message_id": 5, "date": 1768348800, "chat": chat, "sender_chat": chat}
    for kind in ("channel_post", "edited_channel_post"):
        deliver(calm, kind, post | {"text": "/today", "entities": [entity]})

    await settled(calm)

    assert not [call for call in calm.sandbox.calls if call.params.get("chat_id") == chat["id"]]


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("/today", "1月14日"),
        ("/week", "一周回顾"),
        ("/subscribe", "私聊"),
        ("/broadcast hi", "只有本机器人的管理员"),
    ],
)
async def test_an_anonymous_admin_is_answered_as_anyone(
    calm: Stage, text: str, answer: str
) -> None:
    await calm.ann.says("/help", calm.group)
    await calm.ann.sees("/today", in_=calm.group)
    asked = next(view for view in calm.group.messages if view.text == "/help")
    length = len(text.split()[0])
    entities = [{"type": "bot_command", "offset": 0, "length": length}]
    group = asked.raw["chat"]
    forged = {"from": ANONYMOUS, "sender_chat": group, "text": text, "entities": entities}

    deliver(calm, "message", asked.raw | forged)

    await calm.ann.sees(answer, in_=calm.group)


async def test_an_update_of_a_kind_unknown_is_passed_over(calm: Stage) -> None:
    deliver(calm, "something_new", {"id": 1})
