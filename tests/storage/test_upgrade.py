"""A database of an older version keeps what it holds."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import create_async_engine

from bot.storage import chats, results, verdicts
from bot.storage.database import Database
from bot.storage.records import Progress
from bot.storage.tables import metadata
from tests.databases import ON_SQLITE

HELD = """
INSERT INTO chats (id, kind, language, first_seen) VALUES
    (1, 'private', 'zh-hant', '2026-01-14 00:00:00.000000'),
    (2, 'private', 'pt-br', '2026-01-14 00:00:00.000000'),
    (-3, 'group', NULL, '2026-01-14 00:00:00.000000');
INSERT INTO broadcasts (id, digest_id, state, created_at, started_at) VALUES
    (1, 'd', 'sending', '2026-01-14 00:00:00.000000', '2026-01-14 00:00:00.000000');
INSERT INTO messages (id, broadcast_id, variant, part, body, current) VALUES
    (1, 1, 'private', 0, '{"text":"hi"}', true);
INSERT INTO deliveries (broadcast_id, chat_id, thread_id, part, message, state, due_at, attempts)
VALUES (1, 1, 0, 0, 1, 'pending', '2026-01-14 00:00:00.000000', 0);
INSERT INTO verdicts (id, path, codes, digest_id, told_at) VALUES
    (1, 'a.md', 'stub', 'd', '2026-01-14 00:00:00.000000'),
    (2, 'a.md', 'garbage', 'd', '2026-01-14 00:00:00.000000');
"""


def config(connection: Connection) -> Config:
    made = Config()
    made.set_main_option("script_location", "bot.storage:migrations")
    made.set_main_option("path_separator", "os")
    made.attributes["connection"] = connection
    return made


def climb(connection: Connection, revision: str) -> None:
    """Make a database of an older version."""
    command.upgrade(config(connection), revision)


def hold(connection: Connection, revision: str) -> None:
    """Make a database of an older version, with something in it."""
    climb(connection, revision)
    for statement in HELD.split(";\n"):
        connection.exec_driver_sql(statement)


@asynccontextmanager
async def upgraded(url: str) -> AsyncIterator[Database]:
    """Have a database that went all steps after the first."""
    engine = create_async_engine(url)
    async with engine.begin() as db:
        await db.run_sync(climb, "0001")
    await engine.dispose()
    async with Database.open(url) as database:
        yield database


def made(connection: Connection) -> dict[str, tuple[int, set[str]]]:
    """Give the checks and columns of all that SQLite has, by name."""
    rows = connection.exec_driver_sql("SELECT name, coalesce(sql, '') FROM sqlite_master")
    columns = "SELECT name || type || \"notnull\" || coalesce(dflt_value, '') || pk"
    return {
        name: (
            sql.count("CHECK"),
            set(
                connection.exec_driver_sql(f"{columns} FROM pragma_table_info('{name}')").scalars()
            ),
        )
        for name, sql in rows
    }


async def test_the_steps_lead_to_the_tables(empty_url: str) -> None:
    def differences(connection: Connection) -> list[object]:
        return list(compare_metadata(MigrationContext.configure(connection), metadata))

    async with upgraded(empty_url) as database, database.reading() as db:
        assert await db.run_sync(differences) == []


async def test_a_new_database_is_of_the_newest_version(database: Database) -> None:
    def versions(connection: Connection) -> tuple[str | None, str | None]:
        known = MigrationContext.configure(connection).get_current_revision()
        return known, ScriptDirectory.from_config(config(connection)).get_current_head()

    async with database.reading() as db:
        known, newest = await db.run_sync(versions)

    assert known == newest


@ON_SQLITE
async def test_the_steps_spell_checks_and_indexes_as_the_tables_do(
    database: Database, tmp_path: Path
) -> None:
    url = f"sqlite+aiosqlite:///{tmp_path / 'older.db'}"
    async with upgraded(url) as older, older.reading() as db:
        migrated = await db.run_sync(made)
    async with database.reading() as db:
        assert await db.run_sync(made) == migrated


async def test_languages_and_what_is_owed_outlive_the_upgrade(empty_url: str) -> None:
    engine = create_async_engine(empty_url)
    async with engine.begin() as db:
        await db.run_sync(hold, "0002")
    await engine.dispose()

    async with Database.open(empty_url) as database, database.reading() as db:
        spoken = [await chats.language(db, chat_id) for chat_id in (1, 2, -3)]
        progress = await results.progress(db, 1)
        (verdict,) = await verdicts.known(db)

    assert spoken == ["zh-CN", "en", None]
    assert progress == Progress(1, 0, {}, {}, pending=1, in_doubt=0, done=False)
    assert (verdict.id, verdict.codes) == (2, "garbage")


async def test_doubts_and_pieces_outlive_the_upgrade(empty_url: str) -> None:
    engine = create_async_engine(empty_url)
    async with engine.begin() as db:
        await db.run_sync(hold, "0004")
        await db.exec_driver_sql("UPDATE deliveries SET state = 'in_doubt', pieces = '[11]'")
    await engine.dispose()

    async with Database.open(empty_url) as database, database.reading() as db:
        rows = await db.exec_driver_sql("SELECT doubts, pieces FROM deliveries")
        assert list(map(tuple, rows)) == [(1, "[0,11]")]
