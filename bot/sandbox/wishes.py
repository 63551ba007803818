"""What may be asked of the sandbox's own paths, and within which bounds."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

Words = Annotated[str, Meta(min_length=1, max_length=128)]
# core.telegram.org/method/account.updateUsername; shorter ones were sold
Username = Annotated[str, Meta(pattern="^[A-Za-z0-9_]{1,32}$")]
CENTURY = 100 * 366 * 24 * 3600


class NewPerson(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """Who registers."""

    name: Words
    language: str | None = None
    username: Username | None = None
    started: bool = False


class NewChat(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """Which group or channel is founded: with an `@name`, or with a title alone."""

    name: Words
    kind: Literal["group", "supergroup", "channel"] = "supergroup"
    title: Words | None = None


class Advance(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """How many seconds the clock is moved by."""

    advance: Annotated[float, Meta(ge=0, le=CENTURY)]
