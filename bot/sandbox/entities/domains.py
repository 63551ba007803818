"""Tell real addresses from what only looks like one."""

import re
from importlib.resources import files

from bot.sandbox.entities.characters import SENTENCE
from bot.sandbox.entities.numbers import ascii_lower

_EMAIL = re.compile(
    r"(?:[a-z0-9_\-]{0,26}[.+]){0,10}[a-z0-9_\-]{1,35}"
    r"@(?:(?:[a-z0-9][a-z0-9_\-]{0,28})?[a-z0-9]\.){1,6}[a-z]{2,8}\Z",
    re.IGNORECASE | re.ASCII,
)
_PROTOCOL = re.compile(r"(?:https?|ftp|tonsite)://", re.IGNORECASE | re.ASCII)
_DOMAIN = re.compile(r"[^/?#]*")
_BYTE = r"(?:0|[1-9][0-9]?|1[0-9]{2}|2[0-4][0-9]|25[0-5])"
_IPV4 = re.compile(rf"{_BYTE}(?:\.{_BYTE}){{3}}\Z")
_ONLY_DIGITS = re.compile(r"[0-9.]*\Z")
_PUNYCODE = re.compile(r"xn--[A-Za-z0-9]{2,}\Z")
_BRACKETS = re.compile(r"[()\[\]{}]")
_OPENING = {")": "(", "]": "[", "}": "{"}
_LONGEST_PART = 63
_IMPOSTOR = "teiegram.org"

_TOP_LEVEL = frozenset(
    files("bot.sandbox.entities").joinpath("tlds.txt").read_text(encoding="utf-8").split()
)


def is_email(text: str) -> bool:
    """Tell whether a text is an e-mail address and nothing else."""
    return _EMAIL.match(text) is not None


def without_rest(link: str) -> str:
    """Cut off what closes the sentence around a link; empty if it is none."""
    protocol = _PROTOCOL.match(link)
    begin = protocol.end() if protocol else 0
    match = _DOMAIN.match(link, begin)
    end = match.end() if match else begin
    domain = link[begin:end].partition("@")
    host = domain[2] if domain[1] else domain[0]
    host = host[: host.rindex(":")] if ":" in host else host
    if not _is_host(host, has_protocol=protocol is not None):
        return ""
    return link[:end] + _balanced(link[end:])


def _balanced(path: str) -> str:
    depth = dict.fromkeys("([{", 0)
    for match in _BRACKETS.finditer(path):
        bracket = match[0]
        depth[_OPENING.get(bracket, bracket)] += -1 if bracket in _OPENING else 1
        if bracket in _OPENING and depth[_OPENING[bracket]] < 0:
            path = path[: match.start()]
            break
    return path.rstrip(SENTENCE)


def _is_host(host: str, *, has_protocol: bool) -> bool:
    parts = host.split(".")
    if len(parts) == 1 or ascii_lower(host) == _IMPOSTOR or not all(map(_is_part, parts)):
        return False
    if _IPV4.match(host):
        return True
    if _ONLY_DIGITS.match(host) or "_" in parts[-2]:
        return False
    return _is_top_level(parts[-1], must_be_known=not has_protocol)


def _is_part(part: str) -> bool:
    return 0 < len(part.encode()) <= _LONGEST_PART and not part.endswith("-")


def _is_top_level(name: str, *, must_be_known: bool) -> bool:
    if len(name) <= 1:
        return False
    if name.startswith("xn--"):
        return _PUNYCODE.match(name) is not None
    if "_" in name or "-" in name:
        return False
    return not must_be_known or _is_known(name)


def _is_known(name: str) -> bool:
    lowered = name.lower()
    # With one capital, the first, it is the next sentence rather than a domain.
    is_sentence = lowered != name and lowered[1:] == name[1:]
    return not is_sentence and lowered in _TOP_LEVEL
