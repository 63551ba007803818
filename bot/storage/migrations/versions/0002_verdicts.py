"""What admins were told of files that are not pushed by themselves."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

ROW_ID = sa.BigInteger().with_variant(sa.Integer, "sqlite")
INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Create the table of verdicts."""
    op.create_table(
        "verdicts",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("path", sa.Text, nullable=False),
        sa.Column("codes", sa.Text, nullable=False),
        sa.Column("digest_id", sa.Text),
        sa.Column("told_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="verdicts_pk"),
        sa.UniqueConstraint("path", "codes", name="verdicts_path_codes_unique"),
    )
