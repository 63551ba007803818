"""What listens: the HTTP server with the hooks that the settings ask for."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager

import structlog

from bot.services.mirror import Mirror
from bot.settings import Settings, SettingsError
from bot.settings.forms import ARCHIVE_HOOK
from bot.telegram_api.inbox import Inbox
from bot.web.archive import ArchiveHook
from bot.web.server import Figures, Hook, ListenError, serving
from bot.web.updates import UpdatesHook

log = structlog.get_logger()


def hooks(
    settings: Settings, mirror: Mirror | None, inbox: Inbox, updates_secret: str
) -> Mapping[str, Hook]:
    """Give what takes posts, by path."""
    found: dict[str, Hook] = {}
    if mirror and settings.webhook_secret:
        secret = settings.webhook_secret.get_secret_value()
        found[ARCHIVE_HOOK] = ArchiveHook(secret, mirror.wake).received
    if settings.webhook_url:
        found[settings.webhook_path] = UpdatesHook(updates_secret, inbox.take).received
    return found


@asynccontextmanager
async def listening(
    settings: Settings, hooks: Mapping[str, Hook], figures: Figures = str
) -> AsyncIterator[None]:
    """Listen, if anywhere.

    Raises:
        SettingsError: that is not possible where it is needed.
    """
    async with AsyncExitStack() as stack:
        if place := settings.listens_at:
            try:
                await stack.enter_async_context(serving(place.host, place.port, hooks, figures))
                log.info("listening", host=place.host, port=place.port, hooks=sorted(hooks))
            except ListenError as error:
                if hooks or "http_listen" in settings.model_fields_set:
                    raise SettingsError(f"HTTP_LISTEN: {error}") from error
                # Nobody chose the address, and nothing but /healthz would be there.
                log.warning("not listening", why=str(error))
        yield
