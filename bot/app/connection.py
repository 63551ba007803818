"""The connection to Telegram."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from telegram.error import InvalidToken
from telegram.ext import Application, ContextTypes

from bot.handlers.context import Context
from bot.parts import App
from bot.settings import RunSettings, SettingsError
from bot.telegram_api.client import Client
from bot.telegram_api.order import InOrder
from bot.telegram_api.patience import Patience
from bot.telegram_api.webhook import WebhookRefused

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
    """Be let in by Telegram, however long the network takes.

    Raises:
        SettingsError: Telegram does not know the token, or refuses the webhook.
    """
    try:
        await Patience()(app.initialize)
        yield
    except InvalidToken:
        raise _unknown_token() from None
    except BaseExceptionGroup as group:
        # Both may also happen later on, to a task: a token may be revoked.
        if group.subgroup(InvalidToken):
            raise _unknown_token() from None
        if refused := group.subgroup(WebhookRefused):
            raise SettingsError(f"WEBHOOK_URL: {_first(refused)}") from None
        raise
    finally:
        await app.shutdown()
        await app.bot.shutdown()


def _unknown_token() -> SettingsError:
    # The library's own message shows the token.
    return SettingsError(
        "BOT_TOKEN: Telegram does not know this token; @BotFather shows the right one"
    )


def _first(error: BaseException) -> BaseException:
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return error
