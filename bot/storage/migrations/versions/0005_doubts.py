"""How often a message may have arrived although nobody heard of it."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Count lost answers, and put the refusal of a whole text ahead of its pieces."""
    op.add_column(
        "deliveries", sa.Column("doubts", sa.SmallInteger, nullable=False, server_default="0")
    )
    op.execute("UPDATE deliveries SET doubts = 1 WHERE state = 'in_doubt'")
    op.execute(
        "UPDATE deliveries SET pieces = '[0,' || substr(pieces, 2) "
        "WHERE pieces <> '[]' AND sent_id IS NULL"
    )
