"""The library's client, which also gives updates as Telegram wrote them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

import msgspec
from telegram.error import NetworkError
from telegram.ext import ExtBot

from bot.services.outcomes import Priority
from bot.settings import SettingsError
from bot.telegram_api.limiter import RateLimiter
from bot.telegram_api.request import AiohttpRequest, proxy_for

CONNECTIONS = 512
# An answer to a poll may come so much later than it was asked to.
_GRACE_SECONDS = 5

RawUpdate = dict[str, Any]
"""An update before the library has read it."""


class _Numbered(msgspec.Struct):
    update_id: int


class Client(ExtBot[Priority]):
    """A client of the Bot API at *root*.

    Raises:
        SettingsError: the environment names a proxy that cannot be used.
    """

    def __init__(self, root: str, token: str, rate: float) -> None:
        proxy = proxy_for(root)
        super().__init__(
            token,
            base_url=f"{root}/bot",
            base_file_url=f"{root}/file/bot",
            request=_request(CONNECTIONS, proxy),
            get_updates_request=_request(2, proxy),
            rate_limiter=RateLimiter(rate),
        )

    async def raw_updates(
        self, offset: int, allowed: Sequence[str], wait_seconds: int
    ) -> Sequence[RawUpdate]:
        """Fetch updates unread: the library's own call fails for all where it cannot read one.

        Raises:
            telegram.error.TelegramError: as by any call.
        """
        asked = {"offset": offset, "timeout": wait_seconds, "allowed_updates": list(allowed)}
        patience = wait_seconds + _GRACE_SECONDS
        found: Sequence[RawUpdate] = await self._post("getUpdates", asked, read_timeout=patience)
        try:
            msgspec.convert(found, list[_Numbered])
        except msgspec.ValidationError as error:
            raise NetworkError(f"the answer to getUpdates is none: {error}") from error
        return found


def _request(connections: int, proxy: str | None) -> AiohttpRequest:
    if proxy is None or not proxy.lower().startswith("socks"):
        return AiohttpRequest(connections, proxy=proxy)
    if urlsplit(proxy).port is None:
        raise SettingsError("HTTPS_PROXY: a SOCKS proxy is written as socks5://host:port")
    try:
        from bot.telegram_api.socks import SocksRequest
    except ModuleNotFoundError:
        hint = "pip install 'digestbot[socks]'"
        raise SettingsError(f"HTTPS_PROXY: a SOCKS proxy needs a library: {hint}") from None
    return SocksRequest(connections, proxy)
