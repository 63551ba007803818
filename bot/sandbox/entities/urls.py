"""Take an address apart as TDLib does, with its words for what is wrong."""

import ipaddress
import re
from typing import NamedTuple, NoReturn

from bot.sandbox.entities.numbers import ascii_lower

_PROTOCOL = re.compile(r"([^:/?#@\[\]]*)://")
_AUTHORITY = re.compile(r"[^/?#]*")
_HOST = re.compile(r"(?:[a-z0-9._!$,~*'();&+=\-]|[^\x00-\x7f]|%[0-9a-f]{2})*")
_USERINFO = re.compile(r"(?:[a-zA-Z0-9._!$,~*'();&+=\-:]|[^\x00-\x7f]|%[0-9a-fA-F]{2})*")
_BLANK = re.compile(r"[\x00-\x20]")
_PORT = re.compile(r"0*([1-9][0-9]{0,4})\Z")
_SPACES = " \t\r\n\0\v"


class LinkError(ValueError):
    """Say why a link is none."""


class Url(NamedTuple):
    """Hold the parts of an address."""

    protocol: str
    userinfo: str
    host: str
    port: int
    query: str
    is_ipv6: bool

    def __str__(self) -> str:
        """Write the address as Telegram keeps it."""
        userinfo = f"{self.userinfo}@" if self.userinfo else ""
        port = f":{self.port}" if self.port else ""
        return f"{self.protocol}://{userinfo}{self.host}{port}{self.query}"


def parse_url(link: str) -> Url:
    """Read an address; without a protocol it is taken for HTTP."""
    match = _PROTOCOL.match(link)
    protocol = ascii_lower(match[1]) if match else "http"
    if protocol not in ("http", "https"):
        _refuse("Unsupported URL protocol")
    rest = link[match.end() :] if match else link
    authority = _AUTHORITY.match(rest)
    authority_text = authority[0] if authority else ""
    userinfo_host, port = _split_port(authority_text)
    userinfo, _, host = userinfo_host.rpartition("@")
    host = ascii_lower(host)
    is_ipv6 = host.startswith("[") and host.endswith("]")
    if is_ipv6:
        _check_ipv6(host)
    else:
        _check_host(host)
        _check_symbols(_USERINFO, userinfo, "userinfo")
    query = _clean_query(rest[len(authority_text) :])
    return Url(protocol, userinfo, host, port, query, is_ipv6)


def _split_port(authority: str) -> tuple[str, int]:
    colon = max(authority.rfind(mark) for mark in ":]@")
    if colon <= 0 or authority[colon] != ":":
        return authority, 0
    port = _PORT.match(authority, colon + 1)
    if not port or int(port[1]) > 65535:
        _refuse("Wrong port number specified in the URL")
    return authority[:colon], int(port[1])


def _check_host(host: str) -> None:
    if not host:
        _refuse("URL host is empty")
    if host == ".":
        _refuse("Host is invalid")
    _check_symbols(_HOST, host, "host")


def _check_symbols(allowed: re.Pattern[str], text: str, name: str) -> None:
    match = allowed.match(text)
    end = match.end() if match else 0
    if end == len(text):
        return
    if text[end] == "%":
        _refuse(f"Wrong percent-encoded symbol in URL {name}")
    _refuse(f"Disallowed character in URL {name}")


def _check_ipv6(host: str) -> None:
    try:
        ipaddress.IPv6Address(host[1:-1].replace("%", "no scope"))
    except ValueError:
        _refuse("Wrong IPv6 address specified in the URL")


def _clean_query(query: str) -> str:
    query = query.rstrip(_SPACES) or "/"
    if query[0] != "/":
        query = "/" + query
    if not _BLANK.search(query):
        return query
    return _BLANK.sub(lambda blank: f"%{ord(blank[0]):02X}", query)


def _refuse(reason: str) -> NoReturn:
    raise LinkError(reason)
