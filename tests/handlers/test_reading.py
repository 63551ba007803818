"""Readers' commands, spoken in a private chat and in the group."""

from __future__ import annotations

import shutil
from datetime import timedelta

import pytest

from tests.conftest import Stage


async def test_start_welcomes_and_says_what_can_be_said(bot: Stage) -> None:
    await bot.ann.says("/start")

    welcome = await bot.ann.sees("Welcome!")
    for command in ("/today", "/search", "/tag", "/subscribe", "/unsubscribe"):
        assert command in welcome.text


async def test_each_person_is_answered_in_their_language(bot: Stage) -> None:
    await bot.wei.says("/help")

    await bot.wei.sees("今天的日报")


async def test_today_shows_the_day_and_leads_to_others(bot: Stage) -> None:
    await bot.ann.says("/today")
    today = await bot.ann.sees("2026")
    assert "Jan 14" in today.text

    await bot.ann.presses(today, "‹ Jan 13")
    assert (await bot.ann.sees("Jan 13")).edited

    await bot.ann.presses(today, "Calendar")
    assert "January 2026" in (await bot.ann.sees("January 2026")).text


@pytest.mark.parametrize(
    ("asked", "shown"),
    [
        ("/today 2026-01-10", "Jan 10"),
        ("/today 昨天", "Jan 13"),
        ("/today -1", "Jan 13"),
        ("/today 1-12", "Jan 12"),
        ("/today monday", "Jan 12"),
        ("/week 2026-01-08", "11, 2026"),
        ("/week 上周", "11, 2026"),
        ("/week 上个月", "I know no such day"),
    ],
)
async def test_a_day_can_be_named_in_many_ways(bot: Stage, asked: str, shown: str) -> None:
    await bot.ann.says(asked)

    await bot.ann.sees(shown)


async def test_a_day_without_digests_gives_the_newest_and_says_so(bot: Stage) -> None:
    await bot.ann.says("/today 2026-01-15")

    shown = await bot.ann.sees("Jan 14")
    assert "Jan 15, 2026; this is the newest" in shown.text


async def test_a_day_before_all_gives_the_first_and_does_not_call_it_new(bot: Stage) -> None:
    await bot.ann.says("/today 2001-01-15")

    assert "this is the nearest day" in (await bot.ann.sees("Jan 15, 2001")).text


@pytest.mark.parametrize("asked", ["/today 2026-02-30", "/today soon", "/today 99999-01-01"])
async def test_what_is_no_day_is_answered_with_examples(bot: Stage, asked: str) -> None:
    await bot.ann.says(asked)

    await bot.ann.sees("I know no such day. Write, for example")


async def test_a_digest_is_read_to_its_items_by_buttons_alone(bot: Stage) -> None:
    post = await bot.ann.sees("AI 日报", in_=bot.group)
    await bot.ann.presses(post, "阅读全文")
    contents = await bot.ann.sees("GLM-Image")

    await bot.ann.presses(contents, contents.buttons[1][0])
    section = await bot.ann.sees("1.")
    await bot.ann.presses(section, "1")
    item = await bot.ann.sees("深度解读")

    assert item.message_id == contents.message_id
    assert any(entity["type"] == "expandable_blockquote" for entity in item.entities)


async def test_search_finds_and_opens_a_story(bot: Stage) -> None:
    await bot.ann.says("/search glm-image")
    found = await bot.ann.sees("GLM-Image")
    assert "glm-image" in found.text
    assert any(entity["type"] == "bold" for entity in found.entities)

    await bot.ann.presses(found, "1")
    story = await bot.ann.sees("昇腾")
    assert story.message_id > found.message_id, "the list stays where it is"


@pytest.mark.parametrize(("command", "data"), [("search", "q"), ("tag", "t")])
async def test_a_page_that_is_no_more_gives_the_first(bot: Stage, command: str, data: str) -> None:
    await bot.ann.says(f"/{command} OpenAI")
    found = await bot.ann.sees("stories")

    await bot.ann.presses_button(found, {"text": "9", "callback_data": f"{data}:9999:OpenAI"})
    await bot.ann.says("/help")
    await bot.ann.sees("/today")

    assert not any("Nothing found" in view.text for view in bot.ann.messages)


async def test_words_alone_are_searched_in_private(bot: Stage) -> None:
    await bot.wei.says("智谱")

    assert "条" in (await bot.wei.sees("智谱")).text


async def test_a_search_without_words_says_how(bot: Stage) -> None:
    await bot.ann.says("/search")

    told = await bot.ann.sees("What shall I look for?")
    for said in ("OR", "-video", "#NVIDIA", "since:", "in:title"):
        assert said in told.text


@pytest.mark.parametrize("asked", ["/search qqqqzzzz", "/tag qqqqzzzz"])
async def test_nothing_found_is_said_and_leads_on(bot: Stage, asked: str) -> None:
    await bot.ann.says(asked)
    nothing = await bot.ann.sees("Nothing found for “qqqqzzzz”")

    await bot.ann.presses(nothing, "Topics")
    await bot.ann.sees("Topics of the last 30 days")


async def test_a_day_alone_is_offered(bot: Stage) -> None:
    await bot.ann.says("yesterday")
    found = await bot.ann.sees("yesterday")
    await bot.ann.presses(found, "Tue, Jan 13, 2026")
    assert (await bot.ann.sees("Jan 13")).edited

    await bot.ann.says("/search 2026-01-13", bot.group)
    found = await bot.ann.sees("2026-01-13", in_=bot.group)
    await bot.ann.presses(found, "Tue, Jan 13, 2026")
    assert (await bot.ann.sees("Jan 13", in_=bot.group)).edited


async def test_topics_lead_to_their_stories(bot: Stage) -> None:
    await bot.ann.says("/tag")
    cloud = await bot.ann.sees("Topics of the last 30 days")

    await bot.ann.presses(cloud, cloud.buttons[0][0])
    await bot.ann.sees(f"#{cloud.buttons[0][0]}")


async def test_an_alias_leads_to_its_topic(bot: Stage) -> None:
    await bot.ann.says("/tag nvidia")

    await bot.ann.sees("#英伟达")


async def test_a_near_miss_leads_to_its_topic(bot: Stage) -> None:
    await bot.ann.says("/tag opnai")
    missed = await bot.ann.sees("Nothing found")

    await bot.ann.presses(missed, "OpenAI")
    await bot.ann.sees("#OpenAI")


async def test_a_search_is_narrowed_to_the_last_days(bot: Stage) -> None:
    await bot.ann.says("/search AI")
    found = await bot.ann.sees("stories")

    await bot.ann.presses(found, "Last 7 days")
    narrowed = await bot.ann.sees("since:2026-01-08")
    await bot.ann.presses(narrowed, "Any time")
    assert "since:" not in (await bot.ann.sees("stories")).text


async def test_an_unknown_command_says_what_can_be_said(bot: Stage) -> None:
    await bot.ann.says("/frobnicate")

    assert "/today" in (await bot.ann.sees("I do not know this command.")).text


async def test_in_the_group_answers_are_replies_and_lead_to_the_private_chat(bot: Stage) -> None:
    await bot.ann.says(f"/today@{bot.sandbox.bot.username}", bot.group)

    shown = await bot.ann.sees("Jan 14", in_=bot.group)
    assert shown.raw["reply_to_message"]["text"].startswith("/today@")
    await bot.ann.presses(shown, shown.buttons[0][0])
    await bot.ann.sees("GLM-Image")


async def test_in_the_group_unknown_commands_are_left_to_other_bots(bot: Stage) -> None:
    await bot.ann.says("/frobnicate", bot.group)
    await bot.ann.says("/search@digest_sandbox_bot", bot.group)

    await bot.ann.sees("What shall I look for?", in_=bot.group)
    assert not any("I do not know" in text for text in bot.posts())


@pytest.mark.parametrize(
    "payload", ["", "d_nothing", "i8_20260114zzzzzz", "__", "a" * 64, "s_!!", "subscribe2"]
)
async def test_any_deep_link_is_answered_kindly(bot: Stage, payload: str) -> None:
    await bot.ann.says(f"/start {payload}")

    await bot.ann.sees("/")


async def test_a_link_to_the_search_asks_for_words(bot: Stage) -> None:
    post = await bot.ann.sees("AI 日报", in_=bot.group)

    await bot.ann.presses(post, "搜索")
    await bot.ann.sees("What shall I look for?")


async def test_the_week_rolls_up_its_stories_and_turns_pages(bot: Stage) -> None:
    await bot.ann.says("/week")
    week = await bot.ann.sees("Week of Jan 8")
    assert "Jan 14, 2026" in week.text

    await bot.ann.presses(week, "›")
    assert "9. " in (await bot.ann.sees("9. ")).text
    await bot.ann.presses(week, "‹ Earlier")
    earlier = await bot.ann.sees("Week of Jan 1")
    await bot.ann.presses(earlier, "1")
    assert (await bot.ann.sees("Sources:")).message_id > week.message_id


async def test_a_week_without_digests_gives_the_newest_one(stage: Stage) -> None:
    stage.clock.jump(timedelta(days=30))
    async with stage.running():
        await stage.ann.says("/week")

        await stage.ann.sees("Week of Jan 8")


async def test_in_the_group_the_week_is_short(bot: Stage) -> None:
    await bot.ann.says("/week", bot.group)

    shown = await bot.ann.sees("Week of Jan 8", in_=bot.group)
    assert "5. " in shown.text
    assert "6. " not in shown.text


async def test_an_archive_without_digests_says_so(stage: Stage) -> None:
    shutil.rmtree(stage.archive)
    stage.archive.mkdir()
    async with stage.running():
        for command in ("/week", "/today"):
            await stage.ann.says(command)
            await stage.ann.sees("The archive has no digest yet.")


async def test_a_button_pressed_twice_leaves_the_page_as_it_is(
    bot: Stage, capsys: pytest.CaptureFixture[str]
) -> None:
    await bot.ann.says("/today")
    shown = await bot.ann.sees("Jan 14")
    rows = shown.raw["reply_markup"]["inline_keyboard"]
    [earlier] = [one for row in rows for one in row if one["text"] == "‹ Jan 13"]
    await bot.ann.presses_button(shown, earlier)
    once = await bot.ann.sees("Jan 13")

    await bot.ann.presses_button(shown, earlier)
    await bot.ann.says("/help")
    await bot.ann.sees("/search")

    [twice] = [one for one in bot.ann.messages if one.message_id == shown.message_id]
    assert (twice.entities, twice.buttons) == (once.entities, once.buttons)
    assert "markup refused" not in capsys.readouterr().out


@pytest.mark.parametrize("method", ["sendMessage", "editMessageText"])
@pytest.mark.parametrize(
    "why", ["can't parse entities: Unsupported start tag", "BUTTON_DATA_INVALID"]
)
async def test_refused_markup_is_answered_in_plain_words_alone(
    bot: Stage, method: str, why: str, capsys: pytest.CaptureFixture[str]
) -> None:
    await bot.ann.says("/today")
    shown = await bot.ann.sees("Jan 14")
    refusal = f"Bad Request: {why}"
    bot.sandbox.faults.add(method=method, chat=bot.ann.id, times=1, status=400, description=refusal)

    if method == "sendMessage":
        await bot.ann.says("/today 2026-01-13")
    else:
        await bot.ann.presses(shown, "‹ Jan 13")

    plain = await bot.ann.sees("Jan 13")
    assert not any(entity["type"] == "bold" for entity in plain.entities)
    assert not plain.buttons, "they may be what was refused"
    [line] = [one for one in capsys.readouterr().out.splitlines() if "markup refused" in one]
    assert "ai-daily-20260113" in line, "it is told which digest has it"
