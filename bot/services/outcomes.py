"""What one try to send came to, and who tries: the seam between delivery and Telegram."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import IntEnum, StrEnum
from typing import Protocol, TypeAlias

from msgspec import Struct

from bot.model import Message


class Address(Struct, frozen=True):
    """Where a message goes; *thread_id* is 0 for the chat itself."""

    chat_id: int
    thread_id: int = 0


class Priority(IntEnum):
    """Who goes first when the rate is short."""

    REPLY = 0
    BROADCAST = 1


class Refusal(StrEnum):
    """Why Telegram will not take a message that it understood."""

    TOPIC = "topic"
    RIGHTS = "rights"
    CONTENT = "content"


class Sent(Struct, frozen=True):
    """It arrived; *plain* tells why it had to go without markup."""

    message_id: int
    plain: str | None = None


class Partly(Struct, frozen=True):
    """A piece of a text that is too long arrived; *plain* tells what was wrong with the whole."""

    message_id: int
    plain: str


class Retry(Struct, frozen=True):
    """It did not arrive, and may later; *after* is Telegram's own word on when."""

    reason: str
    after: float | None = None
    whole_bot: bool = False


class Gone(Struct, frozen=True):
    """The chat cannot be reached any more."""

    reason: str


class Rejected(Struct, frozen=True):
    """This message will never be taken there."""

    reason: str
    kind: Refusal = Refusal.CONTENT


class Migrated(Struct, frozen=True):
    """The chat has another id now."""

    new_id: int


class InDoubt(Struct, frozen=True):
    """It may have arrived: the answer was lost, for so many *times*."""

    reason: str
    times: int = 1


Outcome: TypeAlias = Sent | Partly | Retry | Gone | Rejected | Migrated | InDoubt


class Sender(Protocol):
    """Tries once what it is asked, and never raises for what Telegram or the network did."""

    async def send(
        self, address: Address, message: Message, priority: Priority, *, pieces: int = 0
    ) -> Outcome:
        """Send *message*; *pieces* of it have arrived, where it is too long."""

    async def edit(
        self, address: Address, message_id: int, message: Message, priority: Priority
    ) -> Outcome:
        """Put *message* in the place of one that was sent."""

    async def delete(
        self, address: Address, message_ids: Sequence[int], priority: Priority
    ) -> Outcome:
        """Take back what was sent."""

    def waited(self) -> Mapping[str, float]:
        """Tell for how many seconds broadcasts' messages waited so far, by cause."""

    def queued(self) -> int:
        """Count the messages that wait for nothing but the bot's own rate."""
