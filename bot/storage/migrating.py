"""Bring a database to the newest version of its tables."""

from __future__ import annotations

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from bot.storage.errors import DatabaseTooNew


def migrate(connection: Connection) -> None:
    """Run what is missing, within the transaction of *connection*."""
    config = _config()
    script = ScriptDirectory.from_config(config)
    current = MigrationContext.configure(connection).get_current_revision()
    if current == script.get_current_head():
        return
    if current not in {None, *(revision.revision for revision in script.walk_revisions())}:
        raise DatabaseTooNew(
            f"the database has version {current}, which this version of the bot does not know: "
            "install the newer one again"
        )
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", "bot.storage:migrations")
    config.set_main_option("path_separator", "os")
    return config
