"""Which posts have become pages that their readers turned to."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Take all posts for what they were sent as."""
    op.add_column(
        "deliveries", sa.Column("turned", sa.Boolean, nullable=False, server_default=sa.false())
    )
