"""Callback data: what a button asks for, written in Telegram's 64 bytes and read back.

Data of other forms is left to others: ``decode`` gives None.
"""

from __future__ import annotations

import re
from typing import get_args

from msgspec import ValidationError, convert, structs

from bot.rendering.callbacks import Callback, Nothing

MAX_BYTES = 64
_NUMBER = "[0-9]{1,4}"
# Half a surrogate pair cannot be sent.
_TEXT = "[^\ud800-\udfff]"
_FIELDS = {
    "digest": "[A-Za-z0-9_-]+",
    "mark": "[0-9a-f]*",
    "key": _TEXT + "+",
    "item": _TEXT + "*",
    "name": _TEXT + "+",
    "query": _TEXT + "*",
    "broadcast": "[0-9]{1,18}",
    "verdict": "[0-9]{1,18}",
    "delivery": "[0-9]{1,18}",
    "sent": "True|False",
    "sure": "True|False",
    "day": "[0-9]{4}-[0-9]{2}-[0-9]{2}",
    "about": "[a-z]*",
    "value": "[A-Za-z0-9_+/-]+",
}


def encode(value: Callback) -> str:
    """Write callback data; see ``fits`` for values that hold free text."""
    return value.form.format(**structs.asdict(value))


def fits(value: Callback) -> bool:
    """Tell whether Telegram takes the value as callback data, and all of it comes back."""
    return decode(encode(value)) == value


def decode(data: str) -> Callback | None:
    """Read callback data, or anything else: then None."""
    kind, pattern = _PATTERNS.get(data[:2], (Nothing, _NEVER))
    match = pattern.fullmatch(data)
    if match is None or len(data.encode(errors="replace")) > MAX_BYTES:
        return None
    try:
        value = convert(match.groupdict(), kind, strict=False)
    except ValidationError:
        return None
    # One value has one form: 007 is not 7.
    return value if encode(value) == data else None


def _pattern(form: str) -> re.Pattern[str]:
    fields = re.sub(r"{(\w+)}", lambda m: f"(?P<{m[1]}>{_FIELDS.get(m[1], _NUMBER)})", form)
    return re.compile(fields, re.DOTALL)


_NEVER = re.compile(r"(?!)")
_PATTERNS = {kind.form[:2]: (kind, _pattern(kind.form)) for kind in get_args(Callback)}
