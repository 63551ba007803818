"""One verdict a file, and whether it is told."""

from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Keep each file's newest verdict; a moment that is null says that it is to be told."""
    op.execute("DELETE FROM verdicts WHERE id NOT IN (SELECT max(id) FROM verdicts GROUP BY path)")
    with op.batch_alter_table("verdicts") as table:
        table.drop_constraint("verdicts_path_codes_unique", type_="unique")
        table.create_unique_constraint("verdicts_path_unique", ["path"])
        table.alter_column("told_at", nullable=True)
