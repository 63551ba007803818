"""The first tables: chats, subscriptions, targets, broadcasts, messages, deliveries."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

ROW_ID = sa.BigInteger().with_variant(sa.Integer, "sqlite")
INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Create the first tables."""
    _create_chats()
    _create_targets()
    _create_broadcasts()
    _create_messages()
    _create_deliveries()
    _index_deliveries()


def _create_chats() -> None:
    op.create_table(
        "chats",
        sa.Column("id", ROW_ID, autoincrement=False, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("title", sa.Text),
        sa.Column("username", sa.Text),
        sa.Column("language", sa.Text),
        sa.Column("first_seen", INSTANT, nullable=False),
        sa.Column("gone_at", INSTANT),
        sa.Column("gone_reason", sa.Text),
        sa.PrimaryKeyConstraint("id", name="chats_pk"),
        sa.CheckConstraint("(gone_at IS NULL) = (gone_reason IS NULL)", name="chats_gone"),
    )
    op.create_table(
        "subscriptions",
        sa.Column("chat_id", ROW_ID, autoincrement=False, nullable=False),
        sa.Column("topics", sa.Text, nullable=False),
        sa.Column("since", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("chat_id", name="subscriptions_pk"),
        sa.ForeignKeyConstraint(["chat_id"], ["chats.id"], name="subscriptions_chat_id_fk"),
    )


def _create_targets() -> None:
    op.create_table(
        "targets",
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("chat_id", sa.BigInteger, nullable=False),
        sa.Column("thread_id", sa.BigInteger, nullable=False),
        sa.Column("first_seen", sa.Date, nullable=False),
        sa.Column("active", sa.Boolean, nullable=False),
        sa.PrimaryKeyConstraint("name", name="targets_pk"),
        sa.ForeignKeyConstraint(["chat_id"], ["chats.id"], name="targets_chat_id_fk"),
    )


def _create_broadcasts() -> None:
    op.create_table(
        "broadcasts",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("digest_id", sa.Text),
        sa.Column("content_hash", sa.Text),
        sa.Column("admin_id", sa.BigInteger),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("started_at", INSTANT),
        sa.Column("resumed_at", INSTANT),
        sa.Column("recalled_at", INSTANT),
        sa.Column("finished_at", INSTANT),
        sa.Column("reported_at", INSTANT),
        sa.PrimaryKeyConstraint("id", name="broadcasts_pk"),
        sa.UniqueConstraint("digest_id", name="broadcasts_digest_id_unique"),
        sa.CheckConstraint(
            "state = 'draft' OR state = 'sending' OR state = 'done' OR state = 'cancelled'",
            name="broadcasts_state",
        ),
    )
    unreported = sa.text("reported_at IS NULL")
    op.create_index(
        "broadcasts_open",
        "broadcasts",
        ["state"],
        sqlite_where=unreported,
        postgresql_where=unreported,
    )


def _create_messages() -> None:
    op.create_table(
        "messages",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("broadcast_id", ROW_ID, nullable=False),
        sa.Column("variant", sa.Text, nullable=False),
        sa.Column("part", sa.SmallInteger, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("current", sa.Boolean, nullable=False),
        sa.PrimaryKeyConstraint("id", name="messages_pk"),
        sa.ForeignKeyConstraint(
            ["broadcast_id"], ["broadcasts.id"], name="messages_broadcast_id_fk"
        ),
        sa.CheckConstraint("variant = 'group' OR variant = 'private'", name="messages_variant"),
    )
    op.create_index(
        "messages_current",
        "messages",
        ["broadcast_id", "variant", "part"],
        unique=True,
        sqlite_where=sa.text("current"),
        postgresql_where=sa.text("current"),
    )


def _create_deliveries() -> None:
    op.create_table(
        "deliveries",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("broadcast_id", ROW_ID, nullable=False),
        sa.Column("chat_id", sa.BigInteger, nullable=False),
        sa.Column("thread_id", sa.BigInteger, nullable=False),
        sa.Column("part", sa.SmallInteger, nullable=False),
        sa.Column("message", ROW_ID),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("due_at", INSTANT),
        sa.Column("claimed_at", INSTANT),
        sa.Column("tried_at", INSTANT),
        sa.Column("settled_at", INSTANT),
        sa.Column("attempts", sa.SmallInteger, nullable=False),
        sa.Column("main_thread", sa.Boolean, nullable=False, server_default=sa.false()),
        sa.Column("recall", sa.Boolean, nullable=False, server_default=sa.false()),
        sa.Column("sent_id", sa.BigInteger),
        sa.Column("pieces", sa.Text, nullable=False, server_default="[]"),
        sa.Column("reason", sa.Text),
        sa.PrimaryKeyConstraint("id", name="deliveries_pk"),
        sa.UniqueConstraint(
            "broadcast_id",
            "chat_id",
            "thread_id",
            "part",
            name="deliveries_broadcast_id_chat_id_thread_id_part_unique",
        ),
        sa.CheckConstraint(
            "state = 'pending' OR state = 'sending' OR state = 'retry' OR state = 'in_doubt' OR "
            "state = 'sent' OR state = 'failed' OR state = 'skipped' OR state = 'recalled'",
            name="deliveries_state",
        ),
        sa.CheckConstraint(
            "(state = 'sending') = (claimed_at IS NOT NULL)", name="deliveries_claimed"
        ),
        sa.CheckConstraint("state <> 'sent' OR sent_id IS NOT NULL", name="deliveries_sent"),
    )


def _index_deliveries() -> None:
    due = sa.text("due_at IS NOT NULL")
    op.create_index(
        "deliveries_due",
        "deliveries",
        ["broadcast_id", "due_at", "id"],
        sqlite_where=due,
        postgresql_where=due,
    )
    claimed = sa.text("claimed_at IS NOT NULL")
    op.create_index(
        "deliveries_claimed",
        "deliveries",
        ["chat_id"],
        sqlite_where=claimed,
        postgresql_where=claimed,
    )
