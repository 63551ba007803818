"""The bot's queue of updates: kept until confirmed, given to one poller at a time."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Iterable
from itertools import islice

from bot.sandbox import errors
from bot.sandbox.nouns import Json

# docs, Update
KINDS = frozenset(
    {
        "message",
        "edited_message",
        "channel_post",
        "edited_channel_post",
        "business_connection",
        "business_message",
        "edited_business_message",
        "deleted_business_messages",
        "guest_message",
        "message_reaction",
        "message_reaction_count",
        "inline_query",
        "chosen_inline_result",
        "callback_query",
        "shipping_query",
        "pre_checkout_query",
        "purchased_paid_media",
        "poll",
        "poll_answer",
        "my_chat_member",
        "chat_member",
        "chat_join_request",
        "chat_boost",
        "removed_chat_boost",
        "managed_bot",
    }
)
# docs, getUpdates: what comes where allowed_updates is empty: all but these.
OPT_IN = frozenset({"chat_member", "message_reaction", "message_reaction_count"})
# docs, "Getting updates": they are kept for no longer than 24 hours.
LIFETIME = 24 * 3600
FIRST_ID = 100_000_001


class Updates:
    """Number, keep, hand out and confirm updates."""

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._queue: deque[tuple[float, Json]] = deque()
        self.count = 0
        self._poller: asyncio.Future[str] | None = None
        self._news = asyncio.Event()
        self.allowed: frozenset[str] | None = None

    def __len__(self) -> int:
        self._forget_old()
        return len(self._queue)

    def push(self, kind: str, payload: Json) -> None:
        """Queue an update, unless the bot did not ask for its kind."""
        wanted = kind not in OPT_IN if self.allowed is None else kind in self.allowed
        if not wanted:
            return
        update = {"update_id": FIRST_ID + self.count, kind: payload}
        self._queue.append((self._now(), update))
        self.count += 1
        self._news.set()

    def allow(self, kinds: Iterable[str] | None) -> None:
        """Remember which kinds the bot wants; None leaves it as it was (docs, getUpdates).

        Unknown ones are passed over, and none is all but those that must be asked for (server).
        """
        if kinds is not None:
            self.allowed = frozenset(kinds) & KINDS or None

    def clear(self) -> None:
        """Drop all that is pending."""
        self._queue.clear()

    def confirm(self, offset: int) -> None:
        """Forget what is before *offset*; a negative one keeps only so many from the end."""
        if offset < 0:
            while len(self._queue) > -offset:
                self._queue.popleft()
            return
        while self._queue and self._queue[0][1]["update_id"] < offset:
            self._queue.popleft()

    def waiting(self, limit: int | None = None) -> list[Json]:
        """List what is pending, oldest first."""
        self._forget_old()
        return [update for _, update in islice(self._queue, limit)]

    def has(self, update: Json) -> bool:
        """Tell whether an update is still pending."""
        self._forget_old()
        return any(one is update for _, one in self._queue)

    def drop(self, update: Json) -> None:
        """Forget an update that was taken, wherever it stands."""
        self._queue = deque(entry for entry in self._queue if entry[1] is not update)

    async def poll(self, offset: int, limit: int, wait: float) -> list[Json]:
        """Answer getUpdates: at once if something is pending, else when it comes."""
        self.end_poll(
            "terminated by other getUpdates request; "
            "make sure that only one bot instance is running"
        )
        self.confirm(offset)
        if not self.waiting(1) and wait > 0:
            await self._wait(wait)
        return self.waiting(limit)

    def end_poll(self, reason: str) -> None:
        """Answer a poller that is waiting with a conflict (server, abort_long_poll)."""
        if self._poller is not None and not self._poller.done():
            self._poller.set_result(reason)

    async def arrival(self) -> None:
        """Wait until something is pending."""
        while not self._queue:
            await self._next()

    async def arrival_after(self, number: int) -> None:
        """Wait until an update came after so many."""
        while self.count <= number:
            await self._next()

    async def _next(self) -> None:
        self._news.clear()
        await self._news.wait()

    async def _wait(self, seconds: float) -> None:
        poller = self._poller = asyncio.get_running_loop().create_future()
        arrival = asyncio.ensure_future(self.arrival())
        try:
            await asyncio.wait(
                {poller, arrival}, timeout=seconds, return_when=asyncio.FIRST_COMPLETED
            )
        finally:
            arrival.cancel()
            if self._poller is poller:
                self._poller = None
        if poller.done():
            raise errors.conflict(poller.result())

    def _forget_old(self) -> None:
        while self._queue and self._queue[0][0] < self._now() - LIFETIME:
            self._queue.popleft()
