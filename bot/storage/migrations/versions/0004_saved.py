"""What each person keeps, and who has an admin's menu."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Create the tables of saved stories and of admins' menus."""
    op.create_table(
        "saved",
        sa.Column("person_id", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("digest_id", sa.Text, nullable=False),
        sa.Column("item_key", sa.Text, nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("saved_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("person_id", "digest_id", "item_key", name="saved_pk"),
    )
    op.create_table(
        "admin_menus",
        sa.Column("person_id", sa.BigInteger, autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("person_id", name="admin_menus_pk"),
    )
