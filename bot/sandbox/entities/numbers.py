"""Read numbers exactly as TDLib does, whose readers are of two minds."""

import re

_STRICT = re.compile(r"(?:0|-?[1-9][0-9]{0,18})\Z")
_LENIENT = re.compile(r"(-?)([0-9]*)")
_MAX_INT64 = 2**63


def strict_int64(text: str) -> int | None:
    """Read a number written without any superfluous sign, zero or blank."""
    if not _STRICT.match(text):
        return None
    value = int(text)
    return value if -_MAX_INT64 <= value < _MAX_INT64 else None


def lenient_int32(text: str) -> int:
    """Read the digits that a text begins with, wrapping around at 32 bits."""
    match = _LENIENT.match(text)
    digits = match[2] if match else ""
    value = 0
    for digit in digits:
        value = (value * 10 + int(digit)) & 0xFFFFFFFF
    if match and match[1]:
        value = -value & 0xFFFFFFFF
    return value - 2**32 if value >= 2**31 else value


def ascii_lower(text: str) -> str:
    """Lower the letters A to Z only."""
    return text.lower() if text.isascii() else text.translate(_ASCII_LOWER)


_ASCII_LOWER = {upper: upper + 32 for upper in range(ord("A"), ord("Z") + 1)}
