"""A client that believes nothing: every answer must fit aiogram's models to the last field."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

import aiohttp
import pytest
from pydantic import BaseModel, TypeAdapter

from bot.sandbox import Group, Person, Sandbox

Api = Callable[..., Awaitable[Any]]
Refusal = Callable[..., Awaitable[str]]


class RefusedError(Exception):
    """The sandbox refused."""

    def __init__(self, answer: dict[str, Any]) -> None:
        super().__init__(f"{answer['error_code']} {answer['description']}")


@cache
def returning(method: str) -> TypeAdapter[Any]:
    """Find aiogram's model of what a method returns; its slow import waits for its use."""
    with untraced():
        import aiogram.methods

        name = method[0].upper() + method[1:]
        return TypeAdapter(getattr(aiogram.methods, name).__returning__)


@contextmanager
def untraced() -> Iterator[None]:
    """Build other people's models without measuring coverage, which takes thrice as long."""
    trace = sys.gettrace()
    sys.settrace(None)
    try:
        yield
    finally:
        sys.settrace(trace)


def with_newer_fields(value: Any) -> Any:
    """Add what aiogram's models require since Bot API 10.1: the sandbox speaks 10.0."""
    if isinstance(value, list):
        return [with_newer_fields(entry) for entry in value]
    if not isinstance(value, dict):
        return value
    rights = "can_manage_chat" in value
    newer = {"can_send_welcome_messages": False} if rights else {}
    return {name: with_newer_fields(entry) for name, entry in value.items()} | newer


def unknown_fields(value: object, path: str = "result") -> list[str]:
    """List the fields of an answer that aiogram's models do not know."""
    if isinstance(value, list | tuple):
        return [
            one
            for index, entry in enumerate(value)
            for one in unknown_fields(entry, f"{path}[{index}]")
        ]
    if not isinstance(value, BaseModel):
        return []
    found = [f"{path}.{name}" for name in value.model_extra or {}]
    for name in type(value).model_fields:
        found += unknown_fields(getattr(value, name), f"{path}.{name}")
    return found


async def polling(sandbox: Sandbox) -> None:
    """Wait until a poll is waiting for news."""
    async with asyncio.timeout(20):
        while sandbox.world.updates._poller is None:  # noqa: ASYNC110 - it sets no event
            await asyncio.sleep(0.01)


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    async with Sandbox() as sandbox:
        yield sandbox


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


@pytest.fixture
def api(sandbox: Sandbox, session: aiohttp.ClientSession) -> Api:
    """Call a method in JSON; raise what is refused, check what is answered."""
    returning("getUpdates")  # the slow import, before anyone waits for an answer

    async def call(method: str, **params: object) -> Any:
        url = f"{sandbox.api}/bot{sandbox.token}/{method}"
        async with session.post(url, json=params) as response:
            answer = await response.json()
        assert response.status == answer.get("error_code", 200)
        if not answer["ok"]:
            raise RefusedError(answer)
        parsed = returning(method).validate_python(with_newer_fields(answer["result"]))
        assert unknown_fields(parsed) == []
        return answer["result"]

    return call


@pytest.fixture
def refusal(api: Api) -> Refusal:
    """Call a method that must be refused; return the code and the words."""

    async def call(method: str, **params: object) -> str:
        with pytest.raises(RefusedError) as caught:
            await api(method, **params)
        return str(caught.value)

    return call


@pytest.fixture
async def ann(sandbox: Sandbox) -> Person:
    """Somebody who has started the bot."""
    ann = sandbox.person("Ann", language="en", username="ann")
    await ann.says("/start")
    return ann


@pytest.fixture
def group(sandbox: Sandbox) -> Group:
    return sandbox.chat("@ai_news_plus")


@pytest.fixture
def owner(sandbox: Sandbox, group: Group) -> Person:
    """The group's owner."""
    owner = sandbox.person("Owner")
    group.has_owner(owner)
    return owner


@pytest.fixture
def bob(sandbox: Sandbox, group: Group) -> Person:
    """A member of the group."""
    bob = sandbox.person("Bob", username="bobby")
    group.has_member(bob)
    return bob
