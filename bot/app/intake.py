"""How updates come in: by polling, or by the webhook that the settings name."""

from __future__ import annotations

import hmac
import secrets
from hashlib import sha256

from bot.handlers import ALLOWED_UPDATES
from bot.settings import Settings
from bot.telegram_api.client import Client
from bot.telegram_api.inbox import Inbox
from bot.telegram_api.patience import Patience
from bot.telegram_api.polling import Polling
from bot.telegram_api.webhook import Webhook


def updates_secret(settings: Settings) -> str:
    """Give what Telegram proves itself with, in the characters that it takes.

    It is derived: Telegram sends it with every update, and others know WEBHOOK_SECRET.
    """
    if settings.webhook_secret is None:
        return secrets.token_hex()
    key = settings.webhook_secret.get_secret_value().encode()
    return hmac.new(key, b"updates of Telegram", sha256).hexdigest()


def intake(settings: Settings, client: Client, inbox: Inbox, secret: str) -> Polling | Webhook:
    """Choose the way."""
    if settings.webhook_url:
        return Webhook(client, inbox, settings.webhook_url, secret, ALLOWED_UPDATES, Patience())
    return Polling(client, inbox, ALLOWED_UPDATES, Patience())
