"""The tables. Each column says what null means, each index which query it serves.

A migration never imports this module: it must go on describing the past.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
    false,
    text,
)

from bot.storage.instant import Instant
from bot.storage.records import BroadcastState, DeliveryState, Variant

metadata = MetaData(
    naming_convention={
        "pk": "%(table_name)s_pk",
        "ck": "%(table_name)s_%(constraint_name)s",
        "fk": "%(table_name)s_%(column_0_name)s_fk",
        "uq": "%(table_name)s_%(column_0_N_name)s_unique",
        "ix": "%(table_name)s_%(column_0_N_name)s",
    }
)

# SQLite numbers rows by itself only where the type is called INTEGER.
RowId = BigInteger().with_variant(Integer, "sqlite")


def one_of(column: str, values: type[BroadcastState | DeliveryState | Variant]) -> CheckConstraint:
    """Let *column* hold nothing but *values*, the first of which is the most frequent.

    SQLite looks through a list of IN anew for each row; a million rows take a second more.
    """
    return CheckConstraint(" OR ".join(f"{column} = '{value}'" for value in values), name=column)


chats = Table(
    "chats",
    metadata,
    Column("id", RowId, primary_key=True, autoincrement=False),
    Column("kind", Text, nullable=False),
    Column("title", Text),  # null: a person, or not known
    Column("username", Text),  # null: has none
    Column("language", Text),  # of ours, by what Telegram says of a person; null: not known
    Column("first_seen", Instant, nullable=False),
    Column("gone_at", Instant),  # null: can be reached, as far as we know
    Column("gone_reason", Text),  # null exactly where gone_at is
    CheckConstraint("(gone_at IS NULL) = (gone_reason IS NULL)", name="gone"),
)

verdicts = Table(
    "verdicts",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("path", Text, nullable=False, unique=True),  # in the archive
    Column("codes", Text, nullable=False),  # what is wrong, sorted, with blanks between
    Column("digest_id", Text),  # null: the file cannot be read
    Column("told_at", Instant),  # null: still to be told, or wrong no more
)

subscriptions = Table(
    "subscriptions",
    metadata,
    Column("chat_id", RowId, ForeignKey("chats.id"), primary_key=True, autoincrement=False),
    Column("topics", Text, nullable=False),  # JSON list; empty: everything
    Column("since", Instant, nullable=False),
)

preferences = Table(
    "preferences",
    metadata,
    Column("chat_id", RowId, ForeignKey("chats.id"), primary_key=True, autoincrement=False),
    Column("language", Text),  # null: Telegram's for this person
    Column("hour", SmallInteger),  # local; null: as soon as a digest is out
    Column("zone", Text),  # of hour, weekdays and quiet hours; null: the operator's
    Column("weekdays", SmallInteger, nullable=False),  # bits, Monday is 1: when digests may come
    Column("quiet_from", SmallInteger),  # hours in which nothing comes; null: there are none
    Column("quiet_to", SmallInteger),  # null exactly where quiet_from is
    CheckConstraint("hour BETWEEN 0 AND 23", name="hour"),
    CheckConstraint("weekdays BETWEEN 1 AND 127", name="weekdays"),
    CheckConstraint("(quiet_from IS NULL) = (quiet_to IS NULL)", name="quiet"),
    CheckConstraint("quiet_from <> quiet_to", name="quiet_ends"),
    # serves: which moments are wished for
    Index("preferences_timing", "hour", "zone", "weekdays", "quiet_from", "quiet_to"),
)

admin_menus = Table(
    "admin_menus",
    metadata,
    # Serves: who still has an admin's menu, though no longer an admin.
    Column("person_id", BigInteger, primary_key=True, autoincrement=False),
)

followed = Table(
    "followed",
    metadata,
    # Serves: in which messages of which chats admins follow a broadcast.
    Column("broadcast_id", RowId, primary_key=True, autoincrement=False),
    Column("chat_id", BigInteger, primary_key=True, autoincrement=False),
    Column("message_id", BigInteger, primary_key=True, autoincrement=False),
)

saved = Table(
    "saved",
    metadata,
    # Serves: whether a person keeps a story, and all that a person keeps.
    Column("person_id", BigInteger, primary_key=True, autoincrement=False),
    Column("digest_id", Text, primary_key=True),
    Column("item_key", Text, primary_key=True),
    Column("title", Text, nullable=False),  # names it where its digest is gone
    Column("saved_at", Instant, nullable=False),
)

targets = Table(
    "targets",
    metadata,
    Column("name", Text, primary_key=True),  # as the operator wrote it
    Column("chat_id", BigInteger, ForeignKey("chats.id"), nullable=False),
    Column("thread_id", BigInteger, nullable=False),  # 0: the chat itself
    Column("first_seen", Date, nullable=False),  # a digest of an earlier day is not pushed here
    Column("active", Boolean, nullable=False),  # false: no longer in the settings
)

broadcasts = Table(
    "broadcasts",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("digest_id", Text, unique=True),  # null: an announcement
    Column("content_hash", Text),  # of the digest as it was rendered; null: an announcement
    Column("admin_id", BigInteger),  # who drafted it; null: a digest
    Column("state", Text, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("started_at", Instant),  # null: a draft
    Column("resumed_at", Instant),  # since when it owes something again; null: it never did
    Column("recalled_at", Instant),  # null: it stands
    Column("through_at", Instant),  # all but what waits; null: not yet, or nothing did
    Column("finished_at", Instant),  # null: something is still owed
    Column("reported_at", Instant),  # null: nobody was told the result yet
    one_of("state", BroadcastState),
    # serves: what is being sent, and what is to be reported
    Index(
        "broadcasts_open",
        "state",
        sqlite_where=text("reported_at IS NULL"),
        postgresql_where=text("reported_at IS NULL"),
    ),
)

messages = Table(
    "messages",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("broadcast_id", RowId, ForeignKey("broadcasts.id"), nullable=False),
    Column("variant", Text, nullable=False),
    # of its readers; empty: for all whose language has none
    Column("language", Text, nullable=False, server_default=""),
    Column("part", SmallInteger, nullable=False),
    Column("body", Text, nullable=False),  # JSON of model.Message: what is sent, byte by byte
    Column("current", Boolean, nullable=False),  # false: corrected or taken back since
    one_of("variant", Variant),
    # serves: a broadcast says one thing at a time
    Index(
        "messages_current",
        "broadcast_id",
        "variant",
        "language",
        "part",
        unique=True,
        # As conditions are written; SQLite uses the index for no others.
        sqlite_where=text("current = 1"),
        postgresql_where=text("current"),
    ),
)

deliveries = Table(
    "deliveries",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("broadcast_id", RowId, nullable=False),
    Column("chat_id", BigInteger, nullable=False),
    Column("thread_id", BigInteger, nullable=False),  # 0: the chat itself
    Column("part", SmallInteger, nullable=False),
    Column("message", RowId),  # what the chat should see, a messages.id; null: nothing
    Column("state", Text, nullable=False),
    Column("due_at", Instant),  # null: not to be tried, or not before the part ahead of it
    Column("claimed_at", Instant),  # null: nobody is sending it
    Column("tried_at", Instant),  # the first try; null: never tried
    Column("settled_at", Instant),  # null: still owed
    Column("attempts", SmallInteger, nullable=False),
    Column("doubts", SmallInteger, nullable=False, server_default="0"),  # how often it was sent
    # and nobody heard whether it arrived
    Column("main_thread", Boolean, nullable=False, server_default=false()),  # its topic is gone
    Column("recall", Boolean, nullable=False, server_default=false()),  # it is to be taken back
    Column("turned", Boolean, nullable=False, server_default=false()),  # shows another page since
    Column("waits", Boolean, nullable=False, server_default=false()),  # for the chat's own moment
    Column("sent_id", BigInteger),  # Telegram's message id; 0: not known; null: not sent
    Column("pieces", Text, nullable=False, server_default="[]"),  # JSON list of message ids: what
    # has arrived of a text that was too long
    Column("reason", Text),  # null: nothing went wrong yet
    UniqueConstraint("broadcast_id", "chat_id", "thread_id", "part"),
    one_of("state", DeliveryState),
    CheckConstraint("(state = 'sending') = (claimed_at IS NOT NULL)", name="claimed"),
    CheckConstraint("state <> 'sent' OR sent_id IS NOT NULL", name="sent"),
)

# serves: claim what is due, find the next moment, see whether a broadcast is through
Index(
    "deliveries_due",
    deliveries.c.broadcast_id,
    deliveries.c.due_at,
    deliveries.c.id,
    sqlite_where=deliveries.c.due_at.is_not(None),
    postgresql_where=deliveries.c.due_at.is_not(None),
)
# serves: one try at a time in a chat, and recovery after a crash
Index(
    "deliveries_claimed",
    deliveries.c.chat_id,
    sqlite_where=deliveries.c.claimed_at.is_not(None),
    postgresql_where=deliveries.c.claimed_at.is_not(None),
)
