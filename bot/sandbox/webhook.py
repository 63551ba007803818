"""Updates by webhook: sent one after another, again and again until they are taken."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from urllib.parse import urlsplit

from bot.sandbox import errors
from bot.sandbox.nouns import Json

# docs, setWebhook
SECRET = re.compile(r"[A-Za-z0-9_-]*")
SECRET_LENGTH = 256
PORTS = (443, 80, 88, 8443)
LOOPBACK = ("127.0.0.1", "localhost", "::1")
CONNECTIONS = 40
MOST = 100


class Webhook:
    """Where updates go, and how that went."""

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self.url = ""
        self.secret = ""
        self.connections = CONNECTIONS
        self.certified = False
        # Set once the address is another one; the next has an event of its own.
        self.left = asyncio.Event()
        self.error: tuple[int, str] | None = None
        self.active = asyncio.Event()

    def set(self, url: str, params: Json, *, certified: bool) -> bool:
        """Take an address; tell whether anything is new (server, process_set_webhook_query)."""
        secret = str(params.get("secret_token", ""))
        check_secret(secret)
        check_url(url)
        connections = min(max(int(params.get("max_connections", CONNECTIONS)), 1), MOST)
        wish = (url, secret, connections, certified)
        if wish == (self.url, self.secret, self.connections, self.certified) and not certified:
            return False
        self.url, self.secret, self.connections, self.certified = wish
        self.error = None
        self._leave()
        self.active.set()
        return True

    def remove(self) -> bool:
        """Forget the address; tell whether there was one."""
        had_one = bool(self.url)
        self.url, self.secret, self.error, self.certified = "", "", None, False
        self._leave()
        self.active.clear()
        return had_one

    def _leave(self) -> None:
        self.left.set()
        self.left = asyncio.Event()

    def failed(self, why: str) -> None:
        """Remember what went wrong last."""
        self.error = (int(self._now()), why)

    def info(self) -> Json:
        """Show the state as getWebhookInfo does, the updates left out."""
        info: Json = {"url": self.url, "has_custom_certificate": self.certified}
        if self.url:
            info["max_connections"] = self.connections
        if self.error is not None:
            info |= {"last_error_date": self.error[0], "last_error_message": self.error[1]}
        return info


def check_secret(secret: str) -> None:
    """Refuse a secret that could not be sent (server, do_set_webhook)."""
    if len(secret) > SECRET_LENGTH:
        raise errors.bad_request("secret token is too long")
    if not SECRET.fullmatch(secret):
        raise errors.bad_request("secret token contains unallowed characters")


def check_url(url: str) -> None:
    """Refuse where Telegram would not go; plain HTTP to this machine is the sandbox's own."""
    try:
        parts = urlsplit(url if "://" in url else f"https://{url}")
        port = parts.port or PORTS[0]
    except ValueError:
        parts, port = urlsplit(""), 0
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise errors.bad_request("invalid webhook URL specified")  # server, do_set_webhook
    if parts.hostname in LOOPBACK:
        return
    # server, WebhookActor
    if parts.scheme == "http":
        raise errors.bad_request("bad webhook: An HTTPS URL must be provided for webhook")
    if port not in PORTS:
        words = "Webhook can be set up only on ports 80, 88, 443 or 8443"
        raise errors.bad_request(f"bad webhook: {words}")
