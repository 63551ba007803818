"""``/status``: admins see what is under way and what waits."""

from __future__ import annotations

import re

from tests.conftest import Stage
from tests.services.test_mirror import Remote


async def test_an_admin_sees_what_is_being_sent_and_what_waits(bot: Stage) -> None:
    bot.sandbox.faults.add(method="sendMessage", chat=bot.group.id, retry_after=4, times=1)
    await bot.admin.says("/broadcast Meet us")
    await bot.admin.presses(await bot.admin.sees("Send it?"), "Send")
    await bot.admin.sees("On its way.")

    await bot.admin.says("/status")

    await bot.admin.sees("An announcement: 0 of 1 sent.")


async def test_an_admin_sees_who_waits_and_why(bot: Stage) -> None:
    bot.sandbox.faults.add(method="sendMessage", chat=bot.ann.id, retry_after=20, times=1)
    await bot.ann.says("/help")

    told = ""
    while "s more: Telegram asked to wait in this chat" not in told:
        await bot.admin.says("/status")
        told = (await bot.admin.sees("")).text


async def test_an_admin_sees_what_is_sent_later_and_why(bot: Stage) -> None:
    await bot.ann.sees("AI 日报", in_=bot.group)
    bot.sandbox.faults.add(method="sendMessage", chat=bot.group.id, retry_after=300, times=1)
    await bot.admin.says("/broadcast Meet us")
    await bot.admin.presses(await bot.admin.sees("Send it?"), "Send")

    told = ""
    while not re.search(r"1 request waits, (29\d|30\d) s more: Telegram asked to wait", told):
        await bot.admin.says("/status")
        told = (await bot.admin.sees("An announcement: 0 of 1")).text


async def test_when_all_is_quiet_it_says_so(stage: Stage) -> None:
    await stage.admin.says("/start")
    async with stage.running():
        await stage.admin.sees("Pushed")
        await stage.admin.says("/status")

        await stage.admin.sees("Nothing is being sent.")


async def test_an_admin_sees_that_the_archive_is_not_fetched_and_why(stage: Stage) -> None:
    remote = Remote(stage.folder)
    await stage.admin.says("/start")
    async with stage.running(
        digest_dir=stage.folder / "mirror", digest_git=f"file://{remote.bare}"
    ) as services:
        told = ""
        while "Fetching the archive" not in told:
            await stage.admin.says("/status")
            told = (await stage.admin.sees("Nothing is being sent.")).text
        assert re.search(r"has failed since 1/14/26, 8:\d\d.AM: .*remote", told)

        remote.push({"2026-01-14.md": "---\ntitle: One day\n---\n\n- News\n"})
        assert services.mirror
        services.mirror.wake()
        while "Fetching the archive" in told:
            await stage.admin.says("/status")
            told = (await stage.admin.sees("Nothing is being sent.")).text


async def test_others_do_not_see_it(bot: Stage) -> None:
    await bot.ann.says("/status")

    await bot.ann.sees("I do not know this command.")


async def test_what_is_taken_back_is_not_said_to_be_sent(bot: Stage) -> None:
    await bot.admin.says("/broadcast Wrong day")
    await bot.admin.presses(await bot.admin.sees("Send it?"), "Send")
    result = await bot.admin.sees("Announced: 1 of 1")
    bot.sandbox.faults.add(method="deleteMessages", status=502)
    await bot.admin.presses(result, "Take it back")
    await bot.admin.presses(await bot.admin.sees("It is deleted"), "Yes, take it back")
    await bot.admin.sees("Taking it back: 0 of 1 so far.")

    await bot.admin.says("/status")

    await bot.admin.sees("An announcement is being taken back: 0 of 1 so far.", within=10)


async def test_what_waits_for_its_own_chat_is_not_counted_again_while_the_whole_bot_waits(
    bot: Stage,
) -> None:
    readers = [bot.ann, bot.wei, bot.sandbox.person("Bo", language="en")]
    for reader in readers:
        await reader.says("/subscribe")
    await bot.admin.says("/broadcast Meet us")
    draft = await bot.admin.sees("Send it?")
    for chat in (bot.group.id, *(reader.id for reader in readers)):
        bot.sandbox.faults.add(method="sendMessage", chat=chat, retry_after=8, times=1)
    await bot.admin.presses(draft, "Send")

    told = ""
    while "s more: Telegram asked to wait" not in told:
        await bot.admin.says("/status")
        told = (await bot.admin.sees("An announcement: 0 of 4", within=30)).text

    assert sum(map(int, re.findall(r"(\d+) requests? wait", told))) <= 4
