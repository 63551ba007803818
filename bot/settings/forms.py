"""The forms of what an operator may write, and the sentences for what is none of them."""

from __future__ import annotations

import re
from datetime import time
from difflib import get_close_matches
from typing import Annotated, Literal, NamedTuple, TypeAlias
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, available_timezones

from pydantic import AfterValidator, BeforeValidator, PlainValidator, SecretStr
from pydantic_settings import NoDecode

from bot.model.notation import parse_push_at, parse_target

TOKEN_FORM = re.compile(r"[0-9]{3,}:[A-Za-z0-9_-]{30,}")
LISTEN_FORM = re.compile(r".+:([0-9]{1,5})")
SERVER_FORM = re.compile(
    r"postgresql\+asyncpg://([^/?#@\s]*@)?(\[[^\]\s]+\]|[^/?#@:\s]*)(:[0-9]{1,5})?/[^/?#\s]+(\?\S*)?"
)
# What a path may be made of without meaning something else to a server.
WEBHOOK_FORM = re.compile(r"https?://[^/\s?#]+(/[A-Za-z0-9._~/-]*)?")
LISTEN = "127.0.0.1:8080"
LAST_PORT = 65_535
ARCHIVE_HOOK = "/hooks/archive"


class Place(NamedTuple):
    """Where to listen."""

    host: str
    port: int


def _split(value: object) -> object:
    if isinstance(value, str):
        return tuple(part.strip() for part in value.split(",") if part.strip())
    return value


def _ids(value: object) -> object:
    parts = _split(value)
    if not isinstance(parts, tuple):
        return value
    for part in parts:
        if not part.isdecimal():
            raise ValueError(f"{part!r} is no user id: write numbers, comma separated")
    return parts


def _zone(value: object) -> ZoneInfo:
    try:
        return ZoneInfo(str(value).strip())
    except (KeyError, ValueError, OSError):
        likely = " or ".join(_zones_like(str(value))) or "Asia/Shanghai"
        raise ValueError(f"{value!r} is no time zone: write one such as {likely}") from None


def _zones_like(text: str) -> list[str]:
    """Find the zones whose cities are written nearly as *text* is."""
    # Etc/GMT+8 is eight hours behind, which nobody means by it.
    zones = [one for one in sorted(available_timezones()) if "/" in one and "Etc/" not in one]
    cities = {zone.rpartition("/")[2].casefold(): zone for zone in zones}
    city = text.strip().rpartition("/")[2].replace(" ", "_").casefold()
    return [cities[near] for near in get_close_matches(city, cities, cutoff=0.82)]


def _target(text: str) -> str:
    parse_target(text)
    return text


def _web_root(url: str) -> str:
    if not re.match(r"https?://[^/\s]+", url):
        raise ValueError(f"{url!r} is no address: write one such as https://api.telegram.org")
    return url.rstrip("/")


def _database(url: str) -> str:
    if not url.startswith("sqlite+aiosqlite:///") and not SERVER_FORM.fullmatch(url):
        raise ValueError(  # without the address, which may hold a password
            "write sqlite+aiosqlite:///path/to/file or postgresql+asyncpg://user:password@host/name"
            " (in a password, %40 is @, %3A is :, %2F is /)"
        )
    return url


def _listen(text: str) -> str:
    match = LISTEN_FORM.fullmatch(text)
    if text and (match is None or int(match[1]) > LAST_PORT):
        raise ValueError(f"{text!r} is no address: write one such as {LISTEN}, or nothing")
    return text


def _webhook(url: str) -> str:
    if not WEBHOOK_FORM.fullmatch(url):
        raise ValueError(
            f"{url!r} is no address: write one such as https://bot.example.org/updates"
        )
    if urlsplit(url).path == ARCHIVE_HOOK:
        raise ValueError(f"{ARCHIVE_HOOK} is where the archive's remote posts: take another path")
    return url


def _language(value: object) -> object:
    """Accept a locale list too: desktops set LANGUAGE=de_DE:en for gettext, not for us."""
    tags = str(value).replace("_", "-").split(":")
    known = (name for tag in tags for name in ("zh-CN", "en") if tag[:2].lower() == name[:2])
    of_desktop = ":" in str(value) or "_" in str(value)
    return next(known, "zh-CN" if of_desktop else value)


def _token(value: SecretStr) -> SecretStr:
    token = value.get_secret_value().strip()
    if not TOKEN_FORM.fullmatch(token):
        raise ValueError("this is no bot token: copy it whole from @BotFather (123456:ABC…)")
    return SecretStr(token)


Token: TypeAlias = Annotated[SecretStr, AfterValidator(_token)]
WebRoot: TypeAlias = Annotated[str, AfterValidator(_web_root)]
UserIds: TypeAlias = Annotated[frozenset[int], NoDecode, BeforeValidator(_ids)]
Target: TypeAlias = Annotated[str, AfterValidator(_target)]
Targets: TypeAlias = Annotated[tuple[Target, ...], NoDecode, BeforeValidator(_split)]
DatabaseUrl: TypeAlias = Annotated[str, AfterValidator(_database)]
Zone: TypeAlias = Annotated[ZoneInfo, PlainValidator(_zone)]
PushAt: TypeAlias = Annotated[time | None, PlainValidator(lambda text: parse_push_at(str(text)))]
Language: TypeAlias = Annotated[Literal["zh-CN", "en"], BeforeValidator(_language)]
Listen: TypeAlias = Annotated[str, AfterValidator(_listen)]
WebhookUrl: TypeAlias = Annotated[str, AfterValidator(_webhook)]
LogLevel: TypeAlias = Annotated[
    Literal["debug", "info", "warning", "error"],
    BeforeValidator(lambda level: str(level).lower()),
]
