"""Typing ``@bot words`` in any chat."""

from __future__ import annotations

import pytest

from bot.sandbox.nouns import Json
from bot.sandbox.people import Person
from tests.conftest import Stage


async def asks(bot: Stage, person: Person, words: str, offset: str = "") -> Json:
    """Type inline, or scroll on to *offset*; give the bot's whole answer."""
    world = bot.sandbox.world
    question = world.questions.ask(person.user)
    query = {"id": question.id, "from": person.user.view(), "query": words, "offset": offset}
    world.updates.push("inline_query", query)
    return await question.answer


async def test_words_offer_stories_that_can_be_sent_anywhere(bot: Stage) -> None:
    offers = await bot.ann.types_inline("glm-image")

    assert "GLM-Image" in offers[0]["title"]
    assert offers[0]["description"].startswith("Wed, Jan 14, 2026 · ")
    await bot.ann.chooses(offers[0], bot.group)
    sent = bot.group.messages[-1]
    assert "GLM-Image" in sent.text
    assert any(entity["type"] == "bold" for entity in sent.entities)
    await bot.ann.presses(sent, "Read in full")
    await bot.ann.sees("昇腾")


async def test_a_story_sent_into_the_private_chat_is_no_question(bot: Stage) -> None:
    offers = await bot.ann.types_inline("glm-image")
    await bot.ann.chooses(offers[0])
    await bot.ann.says("/help")
    await bot.ann.sees("/today")

    assert not [message for message in bot.ann.messages if "found" in message.text]


async def test_no_words_offer_the_newest_headlines(bot: Stage) -> None:
    offers = await bot.wei.types_inline(" ")

    assert len(offers) > 3
    assert all("2026年1月14日" in offer["description"] for offer in offers)


async def test_scrolling_on_offers_more_until_there_is_none(bot: Stage) -> None:
    answer = await asks(bot, bot.ann, "AI")
    ids = [offer["id"] for offer in answer["results"]]
    assert answer["next_offset"] == "20"

    while answer["next_offset"]:
        answer = await asks(bot, bot.ann, "AI", answer["next_offset"])
        ids += [offer["id"] for offer in answer["results"]]

    assert len(ids) > 20
    assert ids == [str(number) for number in range(len(ids))]


@pytest.mark.parametrize("offset", ["-1", "x", "²", "99999999", "9" * 60])
async def test_any_offset_is_answered(bot: Stage, offset: str) -> None:
    answer = await asks(bot, bot.ann, "AI", offset)

    assert len(answer["results"]) <= 20


@pytest.mark.parametrize("words", ['"', "qqqqzzzz", "x" * 256, "\u200d", "tag:"])
async def test_any_words_are_answered(bot: Stage, words: str) -> None:
    answer = await asks(bot, bot.ann, words)

    assert not answer["next_offset"]


async def test_an_answer_that_comes_too_late_is_let_go(bot: Stage) -> None:
    world = bot.sandbox.world
    query = {"id": "1", "from": bot.ann.user.view(), "query": "AI", "offset": ""}
    world.updates.push("inline_query", query)

    assert await bot.ann.types_inline("AI")


async def test_refused_markup_is_offered_in_plain_words(
    bot: Stage, capsys: pytest.CaptureFixture[str]
) -> None:
    refusal = "Bad Request: can't parse entities: Unsupported start tag"
    bot.sandbox.faults.add(method="answerInlineQuery", times=1, status=400, description=refusal)

    offers = await bot.ann.types_inline("glm-image")
    await bot.ann.chooses(offers[0], bot.group)

    assert not bot.group.messages[-1].entities
    assert not bot.group.messages[-1].buttons, "they may be what was refused"
    assert "GLM-Image" in bot.group.messages[-1].text
    assert "ai-daily-20260114" in capsys.readouterr().out.partition("markup refused")[2]
