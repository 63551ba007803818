"""Bring a database to the newest version of its tables."""

from __future__ import annotations

from importlib.resources import files

from sqlalchemy import Column, Connection, MetaData, String, Table, insert, inspect, select

from bot.storage import tables
from bot.storage.errors import DatabaseTooNew
from bot.storage.migrations import versions

# As Alembic makes it.
_known = Table(
    "alembic_version",
    MetaData(naming_convention={"pk": "%(table_name)s_pkc"}),
    Column("version_num", String(32), primary_key=True),
)


def migrate(connection: Connection) -> None:
    """Run what is missing, within the transaction of *connection*; a new database has it all."""
    steps = sorted(step.name[:4] for step in files(versions).iterdir() if step.name[0].isdigit())
    has_tables = inspect(connection).has_table(_known.name)
    current = connection.scalar(select(_known.c.version_num)) if has_tables else None
    if current is None:
        _create(connection, steps[-1])
    elif current not in steps:
        raise DatabaseTooNew(
            f"the database has version {current}, which this version of the bot does not know: "
            "install the newer one again"
        )
    elif current != steps[-1]:
        _upgrade(connection)


def _create(connection: Connection, newest: str) -> None:
    tables.metadata.create_all(connection, checkfirst=False)
    _known.create(connection, checkfirst=True)
    connection.execute(insert(_known).values(version_num=newest))


def _upgrade(connection: Connection) -> None:
    # Ten megabytes, which a bot then keeps as long as it runs.
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", "bot.storage:migrations")
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
