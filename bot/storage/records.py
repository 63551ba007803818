"""What storage gives and takes: nouns of sending, free of SQL."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from msgspec import Struct

from bot.model import Message


class Variant(StrEnum):
    """For whom a broadcast's messages were rendered."""

    GROUP = "group"
    PRIVATE = "private"


class BroadcastState(StrEnum):
    """How far a broadcast is."""

    DRAFT = "draft"
    SENDING = "sending"
    DONE = "done"
    CANCELLED = "cancelled"


class DeliveryState(StrEnum):
    """How far a delivery is (docs/delivery.md shows how one follows from the other)."""

    PENDING = "pending"
    SENDING = "sending"
    RETRY = "retry"
    IN_DOUBT = "in_doubt"
    SENT = "sent"
    FAILED = "failed"
    SKIPPED = "skipped"
    RECALLED = "recalled"


class ChatSeen(Struct, frozen=True):
    """A chat as an update showed it; *kind* is Telegram's word for its type."""

    id: int
    kind: str
    title: str | None = None
    username: str | None = None
    language: str | None = None


class Target(Struct, frozen=True):
    """A place that digests are pushed to; *first_seen* is the day on which it was configured."""

    name: str
    chat_id: int
    thread_id: int
    first_seen: date


class Rendered(Struct, frozen=True):
    """The messages of a broadcast: for groups, and for a person."""

    group: tuple[Message, ...]
    private: tuple[Message, ...]


class Delivery(Struct, frozen=True):
    """A claimed delivery: one message owed to one chat."""

    id: int
    broadcast_id: int
    chat_id: int
    thread_id: int
    part: int
    message: int
    attempts: int
    tried_at: datetime
    main_thread: bool = False

    @property
    def private(self) -> bool:
        """Tell whether it goes to a person: only people have positive ids."""
        return self.chat_id > 0


class Settlement(Struct, frozen=True):
    """What became of a delivery, as it is written down."""

    delivery: Delivery
    state: DeliveryState
    due_at: datetime | None = None
    sent_id: int | None = None
    reason: str | None = None
    main_thread: bool = False


class Doubt(Struct, frozen=True):
    """A post of which nobody knows whether it arrived; it is sent again at *until*."""

    delivery_id: int
    broadcast_id: int
    chat_id: int
    part: int
    until: datetime
    reason: str


class Progress(Struct, frozen=True):
    """How far a broadcast is, in chats' messages; *failed* counts by reason."""

    total: int
    sent: int
    failed: dict[str, int]
    skipped: dict[str, int]
    pending: int
    in_doubt: int
    done: bool


class Summary(Struct, frozen=True):
    """The result of a broadcast that is through."""

    broadcast_id: int
    digest_id: str | None
    admin_id: int | None
    started_at: datetime
    finished_at: datetime
    progress: Progress
