"""What a button asks for, and its form as callback data.

All state of reading lives in the data, so that a button works for as long as its message stands.
Data of other forms is left to others: ``decode`` gives None.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, Literal, TypeAlias

from msgspec import Meta, Struct, ValidationError, convert, structs

MAX_BYTES = 64

About: TypeAlias = Literal["", "language", "hour", "zone", "days", "quiet"]
"""What a person may set; empty: all of it."""


class Contents(Struct, frozen=True):
    """The contents of a digest."""

    digest: str
    page: int = 0


class SectionPage(Struct, frozen=True):
    """Items of a section, which is counted from 0; *mark* finds it again once that is corrected."""

    digest: str
    section: int
    page: int = 0
    mark: str = ""


class ItemPage(Struct, frozen=True):
    """An item."""

    digest: str
    key: str
    page: int = 0


class Open(Struct, frozen=True):
    """An item below the list that it stands in, in a message of its own; else a digest."""

    digest: str
    item: str = ""


class Day(Struct, frozen=True):
    """The digests of a day."""

    day: date
    page: int = 0


class Week(Struct, frozen=True):
    """The stories of the seven days up to one."""

    day: date
    page: int = 0


class Month(Struct, frozen=True):
    """The calendar of a month."""

    year: Annotated[int, Meta(ge=1, le=9999)]
    month: Annotated[int, Meta(ge=1, le=12)]


class Search(Struct, frozen=True):
    """The answer to a query."""

    query: str
    page: int = 0


class Topic(Struct, frozen=True):
    """The items of a topic."""

    name: str
    page: int = 0


class Topics(Struct, frozen=True):
    """The cloud of topics."""


class Send(Struct, frozen=True):
    """An admin's word to send a drafted broadcast."""

    broadcast: int


class Drop(Struct, frozen=True):
    """An admin's word to drop a drafted broadcast."""

    broadcast: int


class Arrived(Struct, frozen=True):
    """An admin's word on a post in doubt: whether it can be seen in its chat."""

    delivery: int
    sent: bool


class Recall(Struct, frozen=True):
    """An admin's word to take a broadcast back; *sure* after a second thought."""

    broadcast: int
    sure: bool


class Stop(Struct, frozen=True):
    """An admin's word to send a broadcast to nobody more; *sure* after a second thought."""

    broadcast: int
    sure: bool


class HowFar(Struct, frozen=True):
    """An admin's question how far a broadcast is, or its recall."""

    broadcast: int


class PushAnyway(Struct, frozen=True):
    """An admin's word to push a digest that was held."""

    verdict: int


class Dismiss(Struct, frozen=True):
    """An admin's word to leave a file as it is."""

    verdict: int


class Save(Struct, frozen=True):
    """A reader's wish to keep an item; *page* is the one of the item that shows the button."""

    digest: str
    key: str
    page: int = 0


class Unsave(Struct, frozen=True):
    """A reader's wish to keep an item no longer."""

    digest: str
    key: str
    page: int = 0


class SavedPage(Struct, frozen=True):
    """The list of what a reader keeps."""

    page: int = 0


class Forget(Struct, frozen=True):
    """A reader's wish to take an item off the list that shows the button."""

    digest: str
    key: str
    page: int = 0


class SettingsPage(Struct, frozen=True):
    """A person's settings, or the choices for one of them."""

    about: About = ""


class Choose(Struct, frozen=True):
    """A person's choice for one of the settings."""

    about: About
    value: str


class Nothing(Struct, frozen=True):
    """A button that only shows something."""


Callback: TypeAlias = (
    Contents
    | SectionPage
    | ItemPage
    | Open
    | Day
    | Week
    | Month
    | Search
    | Topic
    | Topics
    | Send
    | Drop
    | Arrived
    | Recall
    | Stop
    | HowFar
    | PushAnyway
    | Dismiss
    | Save
    | Unsave
    | SavedPage
    | Forget
    | SettingsPage
    | Choose
    | Nothing
)

# Free text comes last, so that it may hold anything, the separator too.
_FORMS: dict[type[Callback], str] = {
    Contents: "c:{digest}:{page}",
    SectionPage: "s:{digest}:{section}:{page}:{mark}",
    ItemPage: "i:{digest}:{page}:{key}",
    Open: "o:{digest}:{item}",
    Day: "d:{day}:{page}",
    Week: "w:{day}:{page}",
    Month: "m:{year}:{month}",
    Search: "q:{page}:{query}",
    Topic: "t:{page}:{name}",
    Topics: "k:",
    Send: "b:{broadcast}",
    Drop: "x:{broadcast}",
    Arrived: "a:{delivery}:{sent}",
    Recall: "r:{broadcast}:{sure}",
    Stop: "h:{broadcast}:{sure}",
    HowFar: "l:{broadcast}",
    PushAnyway: "p:{verdict}",
    Dismiss: "y:{verdict}",
    Save: "v:{digest}:{page}:{key}",
    Unsave: "u:{digest}:{page}:{key}",
    SavedPage: "f:{page}",
    Forget: "z:{digest}:{page}:{key}",
    SettingsPage: "e:{about}",
    Choose: "g:{about}:{value}",
    Nothing: "n:",
}
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
    return _FORMS[type(value)].format(**structs.asdict(value))


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
_PATTERNS = {form[:2]: (kind, _pattern(form)) for kind, form in _FORMS.items()}
