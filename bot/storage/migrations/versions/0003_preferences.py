"""What people prefer: language, hour, zone, weekdays, quiet hours."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

ROW_ID = sa.BigInteger().with_variant(sa.Integer, "sqlite")
INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Create the table of preferences, and let deliveries wait for a chat's own moment."""
    _create_preferences()
    op.add_column("broadcasts", sa.Column("through_at", INSTANT))
    op.add_column(
        "deliveries", sa.Column("waits", sa.Boolean, nullable=False, server_default=sa.false())
    )
    _translate_messages()
    # The languages that the bot speaks: what Telegram names is told apart once, by whoever hears.
    op.execute(
        "UPDATE chats SET language = CASE WHEN lower(language) LIKE 'zh%' THEN 'zh-CN' ELSE 'en' "
        "END WHERE language IS NOT NULL"
    )


def _create_preferences() -> None:
    op.create_table(
        "preferences",
        sa.Column("chat_id", ROW_ID, autoincrement=False, nullable=False),
        sa.Column("language", sa.Text),
        sa.Column("hour", sa.SmallInteger),
        sa.Column("zone", sa.Text),
        sa.Column("weekdays", sa.SmallInteger, nullable=False),
        sa.Column("quiet_from", sa.SmallInteger),
        sa.Column("quiet_to", sa.SmallInteger),
        sa.PrimaryKeyConstraint("chat_id", name="preferences_pk"),
        sa.ForeignKeyConstraint(["chat_id"], ["chats.id"], name="preferences_chat_id_fk"),
        sa.CheckConstraint("hour BETWEEN 0 AND 23", name="preferences_hour"),
        sa.CheckConstraint("weekdays BETWEEN 1 AND 127", name="preferences_weekdays"),
        sa.CheckConstraint("(quiet_from IS NULL) = (quiet_to IS NULL)", name="preferences_quiet"),
        sa.CheckConstraint("quiet_from <> quiet_to", name="preferences_quiet_ends"),
    )
    op.create_index(
        "preferences_timing",
        "preferences",
        ["hour", "zone", "weekdays", "quiet_from", "quiet_to"],
    )


def _translate_messages() -> None:
    op.add_column("messages", sa.Column("language", sa.Text, nullable=False, server_default=""))
    op.drop_index("messages_current", "messages")
    op.create_index(
        "messages_current",
        "messages",
        ["broadcast_id", "variant", "language", "part"],
        unique=True,
        sqlite_where=sa.text("current = 1"),
        postgresql_where=sa.text("current"),
    )
