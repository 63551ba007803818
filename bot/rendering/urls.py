"""Which addresses Telegram takes as a link, and in which form. Pure."""

from __future__ import annotations

import re
from urllib.parse import quote, unquote

MAX_URL = 2048

# No user name before the host: it serves only to deceive about where a link leads.
_WEB = re.compile(
    r"(?P<scheme>https?)://(?P<host>[^\s/?#@:\[\]\\]+)(?P<port>:[0-9]{1,5})?(?P<rest>[/?#].*)?",
    re.IGNORECASE | re.DOTALL,
)
_HOST = re.compile(r"(?=.{1,253}$)[\w\-]+(\.[\w\-]+)+")
_TELEGRAM = re.compile(r"tg://(?!user)[a-z_]+(\?[A-Za-z0-9_\-=&%.+]*)?")
_ADDRESS = re.compile(r"mailto:([\w.+%\-]+@[\w\-]+(?:\.[\w\-]+)+)(?:\?.*)?", re.IGNORECASE)
# Blanks and controls; quotes and angle brackets would be shown as they stand in some clients.
_UNSAFE = re.compile(r'[\x00-\x20\x7f-\xa0"<>\\^`{|}\u2028-\u202e\u2066-\u2069]')


def acceptable(url: str | None) -> str | None:
    """Give the address in the form that Telegram keeps, or None where it would drop the link."""
    url = (url or "").strip()
    web = _WEB.fullmatch(url)
    if web:
        return _web(web)
    return url if len(url) <= MAX_URL and _TELEGRAM.fullmatch(url) else None


def mail_address(url: str) -> str | None:
    """Give the address of a ``mailto:`` link: Telegram takes no such URL, but links the address."""
    match = _ADDRESS.fullmatch(url.strip())
    return match.group(1) if match else None


def host(url: str) -> str:
    """Name the site of an address, for people."""
    web = _WEB.fullmatch(url.strip())
    return web["host"].lower().removeprefix("www.") if web else unquote(url)


def _web(match: re.Match[str]) -> str | None:
    host, port, rest = match["host"].lower(), match["port"] or "", match["rest"] or "/"
    if not _HOST.fullmatch(host) or (port and not 0 < int(port[1:]) < 65536):
        return None
    rest = rest if rest.startswith("/") else f"/{rest}"
    path = _UNSAFE.sub(lambda unsafe: quote(unsafe[0], safe=""), rest)
    url = f"{match['scheme'].lower()}://{host}{port}{path}"
    return url if len(url) <= MAX_URL else None
