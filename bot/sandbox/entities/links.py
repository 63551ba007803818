"""Decide which links Telegram takes, and how it rewrites them."""

import re
from functools import lru_cache

from bot.sandbox.entities.numbers import ascii_lower, strict_int64
from bot.sandbox.entities.urls import LinkError, parse_url

_MAX_USER_ID = 2**40 - 1
_MAX_INT32 = 2**31 - 1

_OWN_SCHEME = re.compile(r"(tg|ton|tonsite):(?://)?", re.IGNORECASE | re.ASCII)
_OWN_HOST = re.compile(r"[a-zA-Z0-9_\-]*\Z")
_OWN_SITE_HOST = re.compile(r"[a-zA-Z0-9_.\-]*\Z")
_USER = re.compile(r"tg:(?://)?user/?\?([^#]*)", re.IGNORECASE | re.ASCII)
_EMOJI = re.compile(r"tg:(?://)?emoji/?\?([^#]*)", re.IGNORECASE | re.ASCII)
_TIME = re.compile(r"tg:(?://)?time/?\?([^#]*)", re.IGNORECASE | re.ASCII)


def check_link(link: str) -> str:
    """Rewrite a link as Telegram keeps it, or say what is wrong with it."""
    own = _OWN_SCHEME.match(link)
    if own:
        return _check_own_link(own[1].lower(), link[own.end() :])
    url = parse_url(link)
    if "." not in url.host and not url.is_ipv6:
        raise LinkError("Wrong HTTP URL")
    return str(url)


@lru_cache(maxsize=4096)
def checked_link(link: str) -> str:
    """Rewrite a link as Telegram keeps it; empty where it is dropped silently."""
    try:
        return check_link(link)
    except LinkError:
        return ""


def _check_own_link(scheme: str, rest: str) -> str:
    url = parse_url(rest)
    is_web = url.protocol == "https" or ascii_lower(rest[:7]) == "http://"
    if is_web or url.userinfo or url.port or url.is_ipv6:
        raise LinkError(f"Wrong {'tg' if scheme == 'tg' else 'ton'} URL")
    if not (_OWN_SITE_HOST if scheme == "tonsite" else _OWN_HOST).match(url.host):
        raise LinkError("Unallowed characters in URL host")
    query = url.query[1:] if url.query.startswith("/?") else url.query
    return f"{scheme}://{url.host}{query}"


def linked_user(link: str) -> int | None:
    """Tell whom tg://user?id=… mentions."""
    if link[:3].lower() != "tg:":
        return None
    for key, value in _arguments(_USER, link):
        if ascii_lower(key) == "id":
            user = strict_int64(value)
            return user if user and 0 < user <= _MAX_USER_ID else None
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
