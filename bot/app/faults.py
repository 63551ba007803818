"""What an operator has to mend: a line that says what, where and how, instead of a traceback."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from telegram.error import InvalidToken

from bot.settings import Settings, SettingsError
from bot.storage.dialects import shown
from bot.storage.errors import DatabaseInUse, DatabaseUnavailable, ServerUnavailable
from bot.telegram_api.webhook import WebhookRefused

UNUSABLE = {
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_PERM,
    sqlite3.SQLITE_READONLY,
}
REMEDY = "the disk must have room, and the bot's user must be allowed to write there"


@contextmanager
def faults_told(settings: Settings) -> Iterator[None]:
    """Find the fault, also in a group: a token may be revoked and a disk fill up at any time.

    Raises:
        SettingsError: saying it in a line.
    """
    try:
        yield
    except Exception as error:
        for fault in _single(error):
            if line := _line(fault, settings):
                raise SettingsError(line) from None
        raise


def _single(error: Exception) -> Iterator[Exception]:
    if isinstance(error, ExceptionGroup):
        for inner in error.exceptions:
            yield from _single(inner)
    else:
        yield error


def _line(fault: Exception, settings: Settings) -> str | None:
    match fault:
        case InvalidToken():  # whose own message shows the token
            return "BOT_TOKEN: Telegram does not know this token; @BotFather shows the right one"
        case WebhookRefused():
            return f"WEBHOOK_URL: {fault}"
        case ServerUnavailable():
            return f"DATABASE_URL: {shown(settings.database_url)}: {fault}"
        case DatabaseUnavailable():
            return f"DATABASE_URL: {settings.database_url}: {fault}: {REMEDY}"
        case DatabaseInUse():  # also taken over, while its server could not be reached
            return str(fault)
        case sqlite3.OperationalError() if fault.sqlite_errorcode & 0xFF in UNUSABLE:
            return f"INDEX_PATH: {settings.index_path}: {fault}: {REMEDY}"
    return None
