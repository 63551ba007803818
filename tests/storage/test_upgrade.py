"""A database of an older version keeps what it holds."""

from __future__ import annotations

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import create_async_engine

from bot.storage import broadcasts, chats, verdicts
from bot.storage.database import Database
from bot.storage.records import Progress

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


def hold(connection: Connection, revision: str) -> None:
    """Make a database of an older version, with something in it."""
    config = Config()
    config.set_main_option("script_location", "bot.storage:migrations")
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    command.upgrade(config, revision)
    for statement in HELD.split(";\n"):
        connection.exec_driver_sql(statement)


async def test_languages_and_what_is_owed_outlive_the_upgrade(empty_url: str) -> None:
    engine = create_async_engine(empty_url)
    async with engine.begin() as db:
        await db.run_sync(hold, "0002")
    await engine.dispose()

    async with Database.open(empty_url) as database, database.reading() as db:
        spoken = [await chats.language(db, chat_id) for chat_id in (1, 2, -3)]
        progress = await broadcasts.progress(db, 1)
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
