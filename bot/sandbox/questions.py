"""What people asked the bot and wait to see answered: presses of buttons, inline queries."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from itertools import count

from bot.sandbox import errors
from bot.sandbox.nouns import Json, User

# seen: an answer that comes a minute after the press is refused.
LIFETIME = 60.0


@dataclass(frozen=True, slots=True)
class Question:
    """A press or an inline query that awaits its answer."""

    id: str
    user: User
    asked_at: float
    answer: asyncio.Future[Json]


@dataclass(frozen=True, slots=True)
class Offer:
    """What someone typed after `@bot` and where, and what the bot's last answer said besides.

    *offset* is where the next page of results begins, *button* stands above them.
    """

    words: str
    chat_type: str
    offset: str = ""
    button: Json | None = None


class Questions:
    """Take each answer once, while the person still waits."""

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._ids = count(880_000_000_000_000_001)
        self._open: dict[str, Question] = {}

    def ask(self, user: User) -> Question:
        """Open a question."""
        future: asyncio.Future[Json] = asyncio.get_running_loop().create_future()
        question = Question(str(next(self._ids)), user, self._now(), future)
        self._open[question.id] = question
        return question

    def asker(self, question_id: str) -> User | None:
        """Tell who waits for an answer."""
        question = self._open.get(question_id)
        return question.user if question else None

    def answer(self, question_id: str, answer: Json) -> Question:
        """Close a question with the bot's answer."""
        question = self._open.pop(question_id, None)
        if question is None or self._now() - question.asked_at > LIFETIME:
            # tdlib, QUERY_ID_INVALID is worded so by the server
            raise errors.bad_request(
                "query is too old and response timeout expired or query ID is invalid"
            )
        if not question.answer.done():
            question.answer.set_result(answer)
        return question
