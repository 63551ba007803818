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


class Sent(Struct, frozen=True, tag=True):
    """It arrived; *plain* tells why it had to go without markup."""

    message_id: int
    plain: str | None = None


class Partly(Struct, frozen=True, tag=True):
    """A piece arrived of a text that is not taken as a whole, which *plain* tells the reason of.

    0 stands for the refusal itself: written down first, it makes a lost answer that of a piece.
    """

    message_id: int
    plain: str


class Retry(Struct, frozen=True, tag=True):
    """It did not arrive, and may later; *after* is Telegram's own word on when."""

    reason: str
    after: float | None = None
    whole_bot: bool = False


class Gone(Struct, frozen=True, tag=True):
    """The chat cannot be reached any more."""

    reason: str


class Rejected(Struct, frozen=True, tag=True):
    """This message will never be taken there."""

    reason: str
    kind: Refusal = Refusal.CONTENT


class Migrated(Struct, frozen=True, tag=True):
    """The chat has another id now."""

    new_id: int


class InDoubt(Struct, frozen=True, tag=True):
    """It may have arrived: the answer was lost."""

    reason: str


Outcome: TypeAlias = Sent | Partly | Retry | Gone | Rejected | Migrated | InDoubt


class Sender(Protocol):
    """Tries once what it is asked, and never raises for what Telegram or the network did."""

    async def send(
        self, address: Address, message: Message, priority: Priority, *, piece: int | None = None
    ) -> Outcome:
        """Send *message*, or a *piece* of it, from 0 on, where it is not taken as a whole."""

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

    def resting(self) -> int:
        """Count the broadcasts' messages that wait for their chats."""
