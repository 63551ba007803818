"""Decide which links Telegram takes, and how it rewrites them."""

import ipaddress
import re
from functools import lru_cache
from typing import NamedTuple

from bot.sandbox.entities.numbers import ascii_lower, strict_int64

MAX_USER_ID = 2**40 - 1

_PROTOCOL = re.compile(r"([^:/?#@\[\]]*)://")
_AUTHORITY = re.compile(r"[^/?#]*")
_OWN_SCHEME = re.compile(r"(tg|ton|tonsite):(?://)?", re.IGNORECASE | re.ASCII)
_HOST = re.compile(r"(?:[a-z0-9._!$,~*'();&+=\-\x80-\U0010ffff]|%[0-9a-f]{2})+\Z")
_OWN_HOST = re.compile(r"[a-zA-Z0-9_\-]*\Z")
_OWN_SITE_HOST = re.compile(r"[a-zA-Z0-9_.\-]*\Z")
_BLANK = re.compile(r"[\x00-\x20]")
_PORT = re.compile(r"0*([1-9][0-9]{0,4})\Z")
_SPACES = " \t\r\n\0\v"
_USER = re.compile(r"tg:(?://)?user/?\?([^#]*)", re.IGNORECASE | re.ASCII)
_EMOJI = re.compile(r"tg:(?://)?emoji/?\?([^#]*)", re.IGNORECASE | re.ASCII)
_TIME = re.compile(r"tg:(?://)?time/?\?([^#]*)", re.IGNORECASE | re.ASCII)
_MAX_INT32 = 2**31 - 1


class _Url(NamedTuple):
    protocol: str
    userinfo: str
    host: str
    port: int
    query: str
    is_ipv6: bool

    def __str__(self) -> str:
        userinfo = f"{self.userinfo}@" if self.userinfo else ""
        port = f":{self.port}" if self.port else ""
        return f"{self.protocol}://{userinfo}{self.host}{port}{self.query}"


@lru_cache(maxsize=4096)
def checked_link(link: str) -> str:
    """Rewrite a link as Telegram keeps it; empty where it is dropped."""
    own = _OWN_SCHEME.match(link)
    if own:
        return _checked_own_link(own[1].lower(), link[own.end() :])
    url = _parse(link)
    if url is None or ("." not in url.host and not url.is_ipv6):
        return ""
    return str(url)


def _checked_own_link(scheme: str, rest: str) -> str:
    url = _parse(rest)
    if url is None or url.protocol == "https" or ascii_lower(rest[:7]) == "http://":
        return ""
    if url.userinfo or url.port or url.is_ipv6:
        return ""
    if not (_OWN_SITE_HOST if scheme == "tonsite" else _OWN_HOST).match(url.host):
        return ""
    query = url.query[1:] if url.query.startswith("/?") else url.query
    return f"{scheme}://{url.host}{query}"


def _parse(link: str) -> _Url | None:
    match = _PROTOCOL.match(link)
    protocol = ascii_lower(match[1]) if match else "http"
    if protocol not in ("http", "https"):
        return None
    rest = link[match.end() :] if match else link
    authority = _AUTHORITY.match(rest)
    authority_text = authority[0] if authority else ""
    host_port = _split_port(authority_text)
    if host_port is None:
        return None
    userinfo, _, host = host_port[0].rpartition("@")
    host = ascii_lower(host)
    is_ipv6 = host.startswith("[") and host.endswith("]")
    if not (_is_ipv6(host) if is_ipv6 else _is_host(host)):
        return None
    query = _clean_query(rest[len(authority_text) :])
    return _Url(protocol, userinfo, host, host_port[1], query, is_ipv6)


def _split_port(authority: str) -> tuple[str, int] | None:
    colon = max(authority.rfind(mark) for mark in ":]@")
    if colon <= 0 or authority[colon] != ":":
        return authority, 0
    port = _PORT.match(authority[colon + 1 :])
    if not port or int(port[1]) > 65535:
        return None
    return authority[:colon], int(port[1])


def _is_host(host: str) -> bool:
    return host != "." and _HOST.match(host) is not None


def _is_ipv6(host: str) -> bool:
    try:
        ipaddress.IPv6Address(host[1:-1])
    except ValueError:
        return False
    return "%" not in host


def _clean_query(query: str) -> str:
    query = query.rstrip(_SPACES) or "/"
    if query[0] != "/":
        query = "/" + query
    if not _BLANK.search(query):
        return query
    return _BLANK.sub(lambda blank: f"%{ord(blank[0]):02X}", query)


def linked_user(link: str) -> int | None:
    """Tell whom tg://user?id=… mentions."""
    if link[:3].lower() != "tg:":
        return None
    for key, value in _arguments(_USER, link):
        if ascii_lower(key) == "id":
            user = strict_int64(value)
            return user if user and 0 < user <= MAX_USER_ID else None
    return None


def linked_emoji(link: str) -> int | None:
    """Tell which custom emoji tg://emoji?id=… shows."""
    for key, value in _arguments(_EMOJI, link):
        if key == "id":
            return strict_int64(value)
    return None


def linked_time(link: str) -> tuple[int, str] | None:
    """Tell which moment tg://time?unix=…&format=… shows, and how."""
    arguments = dict(_arguments(_TIME, link))
    unix_time = strict_int64(arguments.get("unix", ""))
    if unix_time is None or not 0 < unix_time <= _MAX_INT32:
        return None
    return unix_time, arguments.get("format", "")


def _arguments(pattern: re.Pattern[str], link: str) -> list[tuple[str, str]]:
    match = pattern.match(link)
    if not match:
        return []
    parts = (part.partition("=") for part in match[1].split("&"))
    return [(key, value) for key, _, value in parts]
