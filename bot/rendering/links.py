"""Addresses that lead into the bot, and what they ask for when a chat is opened by one."""

from __future__ import annotations

import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import TypeAlias
from urllib.parse import quote

from msgspec import Struct

from bot.rendering.callbacks import Contents, ItemPage, SavedPage, Search, SettingsPage
from bot.rendering.urls import acceptable
from bot.text.units import cut, utf16_len

MAX_START = 64
# What is left of a start parameter for a query's bytes, after "s_" and Base64.
MAX_QUERY_BYTES = (MAX_START - 2) * 3 // 4


class Subscribe(Struct, frozen=True):
    """The wish to receive each digest."""


Start: TypeAlias = Contents | ItemPage | Search | SavedPage | SettingsPage | Subscribe

_STARTING = "?start="
_SUBSCRIBE = "subscribe"
_SAVED = "saved"
_SETTINGS = "settings"

_DIGEST = re.compile("d_([A-Za-z0-9_-]+)")
# Both parts may hold every allowed character, so the length tells where the first one ends.
_ITEM = re.compile("i([0-9]{1,2})_([A-Za-z0-9_-]+)")
_SEARCH = re.compile("s_([A-Za-z0-9_-]*)")
_PARAMETER = re.compile(f"[A-Za-z0-9_-]{{1,{MAX_START}}}")


class Links:
    """Deep links to one bot."""

    def __init__(self, bot_username: str) -> None:
        self.bot_username = bot_username.removeprefix("@")

    def digest(self, digest_id: str) -> str:
        """Lead to the contents of a digest."""
        return self._start(f"d_{digest_id}")

    def item(self, digest_id: str, key: str) -> str:
        """Lead to an item, or to its digest where it has no name that fits into a link."""
        parameter = f"i{len(digest_id)}_{digest_id}{key}"
        if parse_start(parameter) == ItemPage(digest_id, key):
            return self._start(parameter)
        return self.digest(digest_id)

    def story(self, digest_id: str, key: str, source: str | None) -> str:
        """Lead to a story's source, else to the bot's own page of it."""
        return acceptable(source) or self.item(digest_id, key)

    def search(self, query: str = "") -> str:
        """Lead to a search, with as much of the query as fits; without one it asks for words."""
        query = cut(query, MAX_QUERY_BYTES)
        while len(query.encode(errors="replace")) > MAX_QUERY_BYTES:
            query = cut(query, utf16_len(query) - 1)
        return self._start(f"s_{_encoded(query.strip())}")

    def welcome(self) -> str:
        """Lead to the private chat, and to what can be said there."""
        return self._start("help")

    def subscribe(self) -> str:
        """Lead to a subscription."""
        return self._start(_SUBSCRIBE)

    def settings(self) -> str:
        """Lead to what a person chooses."""
        return self._start(_SETTINGS)

    def saved(self) -> str:
        """Lead to what a reader keeps."""
        return self._start(_SAVED)

    def share(self, url: str, text: str) -> str:
        """Open the dialogue that shares an address with others."""
        return f"https://t.me/share/url?url={quote(url, safe='')}&text={quote(text, safe='')}"

    def _start(self, parameter: str) -> str:
        return f"https://t.me/{self.bot_username}{_STARTING}{parameter}"


def started(url: str) -> Start | None:
    """Read what an address of `Links` asks for; None for any other address."""
    return parse_start(url.partition(_STARTING)[2])


def parse_start(payload: str) -> Start | None:
    """Read what follows /start, whoever wrote it; None for anything that is not ours."""
    if not _PARAMETER.fullmatch(payload):
        return None
    if payload == _SUBSCRIBE:
        return Subscribe()
    if payload == _SAVED:
        return SavedPage()
    if payload == _SETTINGS:
        return SettingsPage()
    if match := _DIGEST.fullmatch(payload):
        return Contents(match[1])
    if match := _SEARCH.fullmatch(payload):
        return _search(match[1])
    match = _ITEM.fullmatch(payload)
    return _item(int(match[1]), match[2]) if match else None


def _item(length: int, names: str) -> ItemPage | None:
    return ItemPage(names[:length], names[length:]) if 0 < length < len(names) else None


def _encoded(query: str) -> str:
    return urlsafe_b64encode(query.encode(errors="replace")).decode().rstrip("=")


def _search(encoded: str) -> Search | None:
    try:
        query = urlsafe_b64decode(encoded + "=" * (-len(encoded) % 4)).decode()
    except ValueError:
        return None
    return Search(query) if _encoded(query) == encoded else None
