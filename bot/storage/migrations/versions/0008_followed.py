"""In which messages admins follow a broadcast."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"

ROW_ID = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Create the table of these messages."""
    op.create_table(
        "followed",
        sa.Column("broadcast_id", ROW_ID, autoincrement=False, nullable=False),
        sa.Column("chat_id", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("message_id", sa.BigInteger, autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("broadcast_id", "chat_id", "message_id", name="followed_pk"),
    )
