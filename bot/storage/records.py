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


class Task(StrEnum):
    """What a delivery asks for."""

    SEND = "send"
    EDIT = "edit"
    DELETE = "delete"


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


class Edition(Struct, frozen=True):
    """The messages of a broadcast for some; *language* is empty where it is for all the others."""

    variant: Variant
    language: str
    parts: tuple[Message, ...]


class Rendered(Struct, frozen=True):
    """The messages of a broadcast: for groups, for a person, and for one of a known language."""

    group: tuple[Message, ...]
    private: tuple[Message, ...]
    translations: dict[str, tuple[Message, ...]] = {}

    def editions(self) -> tuple[Edition, ...]:
        """Give the messages by whom they are for."""
        return (
            Edition(Variant.GROUP, "", self.group),
            Edition(Variant.PRIVATE, "", self.private),
            *(Edition(Variant.PRIVATE, *one) for one in self.translations.items()),
        )


class Posted(Struct, frozen=True):
    """A digest that was published, and the content that its posts show."""

    digest_id: str
    broadcast_id: int
    content_hash: str | None


class Delivery(Struct, frozen=True):
    """A claimed delivery: one message owed to one chat.

    *message* is what the chat should see, None for nothing; *sent_id* is where it sees an older
    one, None where it sees none. *pieces* have arrived of a text that is not taken as a whole; the
    first of them is 0 and stands for the refusal. *doubts* are tries that may have arrived, too.
    """

    id: int
    broadcast_id: int
    chat_id: int
    thread_id: int
    part: int
    message: int | None
    attempts: int
    tried_at: datetime
    main_thread: bool = False
    recall: bool = False
    sent_id: int | None = None
    doubts: int = 0
    pieces: tuple[int, ...] = ()

    @property
    def task(self) -> Task:
        """Tell what is to be done, so that the chat sees what it should."""
        if self.message is None:
            return Task.DELETE
        return Task.SEND if self.sent_id is None else Task.EDIT

    @property
    def this_try(self) -> tuple[int, int, datetime]:
        """Tell this try from every other, of this delivery too."""
        return self.id, self.attempts, self.tried_at

    @property
    def piece(self) -> int | None:
        """Tell which piece is to be sent, from 0 on; None for the whole."""
        return len(self.pieces) - 1 if self.pieces else None

    @property
    def topic(self) -> int:
        """Tell to which topic it goes; 0 for the chat itself."""
        return 0 if self.main_thread else self.thread_id

    @property
    def private(self) -> bool:
        """Tell whether it goes to a person: only people have positive ids."""
        return self.chat_id > 0


class Settlement(Struct, frozen=True):
    """What is written down of a *delivery*, as it is after its try."""

    delivery: Delivery
    state: DeliveryState
    due_at: datetime | None = None
    reason: str | None = None


class Delay(Struct, frozen=True):
    """So many messages wait for the same *reason*, the last of them for so many seconds more."""

    messages: int
    reason: str
    left: float


class Doubt(Struct, frozen=True):
    """A post of which nobody knows whether it arrived; it is sent again at *until*.

    *thread_id* is 0 for the chat itself; *chat_title* is None where it is not known, *digest_id*
    for an announcement.
    """

    delivery_id: int
    chat_id: int
    thread_id: int
    chat_title: str | None
    digest_id: str | None
    until: datetime


class Instead(StrEnum):
    """What is done with a message that Telegram did not take as it was."""

    MAIN_THREAD = "main thread"
    PLAIN = "plain"


class Refused(Struct, frozen=True):
    """A message that Telegram did not take as it was, and why; *instead* is None if it is lost.

    *chat_title* is None where it is not known, *digest_id* for an announcement.
    """

    delivery: Delivery
    reason: str
    instead: Instead | None
    chat_title: str | None = None
    digest_id: str | None = None


NOT_KNOWN = "not known whether it arrived"
"""Why a delivery failed that may have arrived."""
NO_NUMBER = "the number of its message is not known"
"""Why a post stands that an admin vouched for."""
RETIRED = "no longer a target"
"""Why a place got nothing that the settings named when it was to get it."""


class Progress(Struct, frozen=True):
    """How far a broadcast is, in chats' messages; *failed* and *skipped* count by reason.

    Of those *pending* some are *waiting* for their chat's own moment, and some *retrying*: a try
    failed. Those *never_sent* were still waiting when it was taken back. Of those *sent* some are
    being corrected (*correcting*).
    """

    total: int
    sent: int
    failed: dict[str, int]
    skipped: dict[str, int]
    pending: int
    in_doubt: int
    done: bool
    taken_back: bool = False
    recalled: int = 0
    waiting: int = 0
    retrying: int = 0
    never_sent: int = 0
    correcting: int = 0

    @property
    def standing(self) -> int:
        """Count what chats see, or may see: nobody knows of some."""
        return self.sent + self.failed.get(NOT_KNOWN, 0)

    @property
    def to_recall(self) -> int:
        """Count all that a recall is to take back, and has."""
        return self.recalled + self.standing + self.pending

    @property
    def at_hand(self) -> int:
        """Count what is still to be done and does not wait for its chat's own moment."""
        return self.pending + self.correcting + self.in_doubt - self.waiting

    @property
    def through(self) -> bool:
        """Tell whether nothing is left, or nothing but what waits."""
        return self.done or not self.at_hand


class UnderWay(Struct, frozen=True):
    """A broadcast that still owes something; *digest_id* is None for an announcement."""

    digest_id: str | None
    progress: Progress


class Missed(Struct, frozen=True):
    """A place in a group that did not get all of a broadcast; *chat_title* is None if not known."""

    chat_id: int
    thread_id: int
    chat_title: str | None
    reason: str


class Summary(Struct, frozen=True):
    """The result of a broadcast that is through; *started_at* is when it last began to owe.

    Where its progress is not done yet, *finished_at* is when nothing was left but what waits.
    *again* tells that it was through before: it owed something anew, or to those who waited.
    *missed* names groups; there may be more. *followed* are chats and messages in which admins see
    how far it is.
    """

    broadcast_id: int
    digest_id: str | None
    admin_id: int | None
    started_at: datetime
    finished_at: datetime
    recalled: bool
    stopped: bool
    again: bool
    progress: Progress
    opening: Message | None = None
    missed: tuple[Missed, ...] = ()
    followed: tuple[tuple[int, int], ...] = ()
