"""Find addresses in a text: web pages, e-mail, and Telegram's own schemes."""

import re
from collections.abc import Iterator

from bot.sandbox.entities.characters import (
    DOMAIN,
    DOMAIN_OR_AT,
    PATH,
    PROTOCOL,
    SENTENCE,
    USER_DATA,
)
from bot.sandbox.entities.domains import is_email, without_rest
from bot.sandbox.entities.model import Entity
from bot.sandbox.entities.numbers import ascii_lower

_OWN = re.compile(r"://([A-Za-z0-9_\-]{1,253})")
_PATH = re.compile(f"{PATH}*")
_DOMAIN = re.compile(f"{DOMAIN}*")
_DOMAIN_OR_AT = re.compile(f"{DOMAIN_OR_AT}*")
_USER_DATA = re.compile(f"{USER_DATA}*")
_PROTOCOL = re.compile(f"{PROTOCOL}*")
_PORT = re.compile(r":0*([1-9][0-9]{0,4})(?![0-9])")
_WORD = re.compile(r"\w")
_MAIL = "mailto:"


def find_own_links(text: str) -> Iterator[tuple[int, int]]:
    """Give where tg://, ton:// and tonsite:// links begin and end."""
    position = 0
    while match := _OWN.search(text, position):
        colon = match.start()
        scheme = ascii_lower(text[max(0, colon - 7) : colon])
        width = 2 if scheme.endswith("tg") else 3
        position = colon + 1
        # A tonsite:// link, too, begins three letters before its colon: Telegram's slip.
        if scheme.endswith(("tg", "ton", "tonsite")):
            position = _path_end(text, match.end())
            yield colon - width, position


def find_web_links(text: str) -> Iterator[Entity]:
    """Give web addresses and e-mail addresses."""
    for begin, end in _Finder(text).spans():
        link = text[begin:end]
        if link.startswith(_MAIL) and is_email(link[len(_MAIL) :]):
            begin += len(_MAIL)
            link = link[len(_MAIL) :]
        if is_email(link):
            yield Entity("email", begin, len(link))
        elif length := len(without_rest(link)):
            yield Entity("url", begin, length)


def _path_end(text: str, position: int) -> int:
    mark = text[position : position + 1]
    if not mark or mark not in "/?#":
        return position
    match = _PATH.match(text, position + 1)
    end = match.end() if match else position + 1
    while end > position + 1 and text[end - 1] in SENTENCE:
        end -= 1
    return end if mark == "/" or end > position + 1 else position


class _Finder:
    """Look around each dot for the longest thing that may be an address."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._backwards = text[::-1]
        self._start = 0

    def spans(self) -> Iterator[tuple[int, int]]:
        """Yield where each address begins and ends."""
        text = self._text
        while True:
            dot = text.find(".", self._start)
            if dot < 0 or dot + 1 == len(text):
                return
            if text[dot + 1] == " ":
                self._start = dot + 2
                continue
            begin, end = self._around(dot)
            if begin is None:
                end = text.rfind(".", 0, end) + 1
            else:
                if end > dot + 1:
                    yield begin, end
                while text.startswith(".", end):
                    end += 1
            self._start = max(end, dot + 1)

    def _around(self, dot: int) -> tuple[int | None, int]:
        text = self._text
        begin = self._back(_DOMAIN, dot)
        match = _DOMAIN_OR_AT.match(text, dot)
        domain_end = match.end() if match else dot
        has_at = text.find("@", dot, domain_end) >= 0
        if has_at:
            begin = self._back(_USER_DATA, begin)
        port = _PORT.match(text, domain_end)
        end = port.end() if port and int(port[1]) <= 65535 else domain_end
        end = _path_end(text, end)
        while end > dot + 1 and text[end - 1] == ".":
            end -= 1
        return self._begin(begin, has_at=has_at), end

    def _back(self, pattern: re.Pattern[str], position: int) -> int:
        at = len(self._text) - position
        match = pattern.match(self._backwards, at)
        return max(self._start, position - (match.end() - at if match else 0))

    def _begin(self, begin: int, *, has_at: bool) -> int | None:
        if begin > self._start and self._text[begin - 1] == "@":
            user_data = self._back(_USER_DATA, begin - 1)
            if has_at or user_data == begin - 1:
                return None
            begin = user_data
        if begin == self._start:
            return begin
        prefix = self._text[self._start : begin]
        if prefix.endswith("://") and len(prefix.encode()) >= 6:
            return self._with_protocol(begin)
        is_joined = prefix[-1] in "/#@" or _WORD.match(prefix[-1])
        return None if is_joined else begin

    def _with_protocol(self, begin: int) -> int | None:
        colon = begin - 3
        protocol = ascii_lower(self._text[self._back(_PROTOCOL, colon) : colon])
        if protocol in ("shttp", "tftp", "sftp"):
            return None
        for known in ("http", "https", "ftp", "tonsite"):
            if protocol.endswith(known):
                return colon - len(known)
        return None
