"""The transport through a SOCKS proxy; its library is the extra `socks`."""

from __future__ import annotations

from urllib.parse import urlsplit

import aiohttp
from aiohttp_socks import ProxyConnectionError, ProxyConnector, ProxyError, ProxyTimeoutError

from bot.telegram_api.request import KEEP_ALIVE, AiohttpRequest

# The proxy looks names up in any case: what other programs tell apart is one here.
_PLAIN = {"socks": "socks5", "socks5h": "socks5", "socks4a": "socks4"}


class SocksRequest(AiohttpRequest):
    """Sends requests through *address*, ``socks5://user:password@host:port``."""

    no_connection = (
        *AiohttpRequest.no_connection,
        ProxyConnectionError,
        ProxyError,
        ProxyTimeoutError,
    )

    def __init__(self, connections: int, address: str) -> None:
        super().__init__(connections)
        scheme = urlsplit(address).scheme
        self._address = _PLAIN.get(scheme, scheme) + address.removeprefix(scheme)

    def _connector(self) -> aiohttp.BaseConnector:
        return ProxyConnector.from_url(
            self._address, limit=self._connections, keepalive_timeout=KEEP_ALIVE
        )
