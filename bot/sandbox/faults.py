"""Faults on request: what the network and the server can do to a call."""

from __future__ import annotations

from itertools import count
from pathlib import Path
from random import Random
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from bot.sandbox.errors import ApiError, too_many_requests


class Fault(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """Which calls go wrong, how often, and how.

    *method* and *chat* None mean any; *share* is how many of the fitting calls are hit, *times*
    how many at most. *delay* seconds come first; then one of: *status* with *description*,
    *retry_after* (a flood wait), *cut* (the connection ends, nothing is done) or *lost* (all is
    done, but the connection ends before the answer).
    """

    method: str | None = None
    chat: int | str | None = None
    share: Annotated[float, Meta(ge=0, le=1)] = 1.0
    times: Annotated[int, Meta(ge=0)] | None = None
    delay: Annotated[float, Meta(ge=0)] = 0.0
    status: Annotated[int, Meta(ge=300, le=599)] | None = None
    description: str = "sandbox: a fault that was asked for"
    retry_after: Annotated[int, Meta(ge=0)] | None = None
    cut: bool = False
    lost: bool = False

    def fits(self, method: str, addressed: frozenset[str]) -> bool:
        """Tell whether a call is of those meant; a chat has an id and maybe a name."""
        if self.times == 0 or self.method not in (None, method):
            return False
        return self.chat is None or str(self.chat).lower() in addressed

    def error(self) -> ApiError | None:
        """Word the refusal, if the fault is one."""
        if self.retry_after is not None:
            return too_many_requests(self.retry_after)
        return ApiError(self.status, self.description) if self.status is not None else None


class Faults:
    """The faults in force; which calls a share hits is the same in every run."""

    def __init__(self) -> None:
        self._faults: dict[int, Fault] = {}
        self._ids = count(1)
        self._random = Random(1)  # noqa: S311  # a die, not a secret

    def add(self, **wish: Any) -> int:
        """Put a fault in force and number it; the words are those of `Fault`."""
        number = next(self._ids)
        self._faults[number] = msgspec.convert(wish, Fault)
        return number

    def load(self, path: Path) -> None:
        """Put the faults of a JSON file in force: a list of objects."""
        for wish in msgspec.json.decode(path.read_bytes(), type=list[dict[str, Any]]):
            self.add(**wish)

    def remove(self, number: int) -> None:
        """End one fault."""
        self._faults.pop(number, None)

    def clear(self) -> None:
        """End all faults."""
        self._faults.clear()

    def strike(self, method: str, addressed: frozenset[str] = frozenset()) -> Fault | None:
        """Find the fault that hits this call to a chat."""
        for fault in self._faults.values():
            if fault.fits(method, addressed) and self._random.random() < fault.share:
                if fault.times is not None:
                    fault.times -= 1
                return fault
        return None
