"""The connection to Telegram."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from telegram.ext import Application, ContextTypes

from bot.handlers.context import Context
from bot.parts import App
from bot.settings import RunSettings
from bot.telegram_api.client import Client
from bot.telegram_api.order import InOrder
from bot.telegram_api.patience import Patience

UPDATES_AT_ONCE = 1000


def application(settings: RunSettings) -> App:
    """Build what handles updates; nothing is asked of Telegram yet."""
    token = settings.bot_token.get_secret_value()
    return (
        Application.builder()
        .bot(Client(settings.telegram_api, token, settings.send_rate))
        .updater(None)
        .concurrent_updates(InOrder(UPDATES_AT_ONCE))
        .context_types(ContextTypes(context=Context))
        .build()
    )


@asynccontextmanager
async def connected(app: App) -> AsyncIterator[None]:
    """Be let in by Telegram, however long the network takes."""
    try:
        await Patience()(app.initialize)
        yield
    finally:
        await app.shutdown()
        await app.bot.shutdown()
