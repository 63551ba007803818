"""Polls and quizzes: what they show, and how people vote."""

from __future__ import annotations

import pytest

from bot.sandbox import Group, Person, Sandbox
from bot.sandbox.voting import vote
from tests.sandbox.conftest import Api, Refusal


async def test_votes_are_counted_told_and_taken_back(
    sandbox: Sandbox, api: Api, group: Group, bob: Person
) -> None:
    await api(
        "sendPoll", chat_id=group.id, question="Which?", options=["One", "Two"], is_anonymous=False
    )
    post = list(group.chat.posts.values())[-1]

    vote(sandbox.world, bob.user, post, [1])
    vote(sandbox.world, bob.user, post, [])

    updates = await api("getUpdates")
    assert [one["poll"]["total_voter_count"] for one in updates if "poll" in one] == [1, 0]
    answers = [one["poll_answer"]["option_ids"] for one in updates if "poll_answer" in one]
    assert answers == [[1], []]


async def test_nobody_votes_for_what_there_is_not(
    sandbox: Sandbox, api: Api, group: Group, bob: Person
) -> None:
    sent = await api("sendPoll", chat_id=group.id, question="Which?", options=["One", "Two"])
    post = group.chat.posts[sent["message_id"]]

    for chosen, words in (([2], "no such option"), ([0, 1], "only one option")):
        with pytest.raises(ValueError, match=words):
            vote(sandbox.world, bob.user, post, chosen)
    await api("stopPoll", chat_id=group.id, message_id=sent["message_id"])
    with pytest.raises(ValueError, match="closed"):
        vote(sandbox.world, bob.user, post, [0])


async def test_a_copied_poll_is_a_new_one(
    sandbox: Sandbox, api: Api, group: Group, bob: Person
) -> None:
    sent = await api("sendPoll", chat_id=group.id, question="Which?", options=["One", "Two"])
    vote(sandbox.world, bob.user, group.chat.posts[sent["message_id"]], [1])
    where = {"chat_id": group.id, "from_chat_id": group.id}
    await api("stopPoll", chat_id=group.id, message_id=sent["message_id"])

    await api("copyMessage", **where, message_id=sent["message_id"])
    await api("copyMessages", **where, message_ids=[sent["message_id"]])

    old, *copies = [message.raw["poll"] for message in group.messages]
    assert old["total_voter_count"] == 1
    assert len({poll["id"] for poll in (old, *copies)}) == 3
    for poll in copies:
        assert (poll["total_voter_count"], poll["is_closed"]) == (0, False)
        assert [option["voter_count"] for option in poll["options"]] == [0, 0]


async def test_a_quiz_says_what_is_right_and_why(api: Api, group: Group) -> None:
    sent = await api(
        "sendPoll",
        chat_id=group.id,
        question="Which?",
        options=["One", "Two"],
        type="quiz",
        correct_option_ids=[1],
        explanation="<b>Two</b>",
        explanation_parse_mode="HTML",
    )

    poll = sent["poll"]
    assert (poll["type"], poll["correct_option_ids"]) == ("quiz", [1])
    assert poll["explanation_entities"] == [{"type": "bold", "offset": 0, "length": 3}]


@pytest.mark.parametrize(
    ("params", "words"),
    [
        ({"type": "vote"}, "unsupported poll type specified"),
        ({"type": "quiz"}, "wrong correct option ID specified"),
        ({"type": "quiz", "correct_option_ids": [2]}, "wrong correct option ID specified"),
        (
            {"type": "quiz", "correct_option_ids": [0], "explanation": "x" * 201},
            "message is too long",
        ),
        ({"open_period": 60}, "sandbox: sendPoll does not support open_period"),
    ],
)
async def test_odd_polls_are_refused(
    refusal: Refusal, group: Group, params: dict[str, object], words: str
) -> None:
    poll = {"chat_id": group.id, "question": "Which?", "options": ["One", "Two"]}

    assert (await refusal("sendPoll", **poll, **params)).endswith(words)


async def test_a_closed_poll_is_not_closed_again(api: Api, refusal: Refusal, ann: Person) -> None:
    poll = await api(
        "sendPoll", chat_id=ann.id, question="Which?", options=["One", "Two"], is_closed=True
    )

    words = await refusal("stopPoll", chat_id=ann.id, message_id=poll["message_id"])

    assert words == "400 Bad Request: poll has already been closed"
