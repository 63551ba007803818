"""What a button asks for.

All state of reading lives in the data of buttons, so that each works for as long as its message
stands. Every kind has a form, by which it is written: it begins with a letter of its own, and free
text comes last, so that it may hold anything, the separator too.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, ClassVar, Literal, TypeAlias

from msgspec import Meta, Struct

About: TypeAlias = Literal["", "language", "hour", "zone", "days", "quiet"]
"""What a person may set; empty: all of it."""


class _OfItem(Struct, frozen=True):
    """What is about an item; *page* is the one that the message shows."""

    digest: str
    key: str
    page: int = 0


class _OfBroadcast(Struct, frozen=True):
    broadcast: int


class _OfVerdict(Struct, frozen=True):
    verdict: int


class Contents(Struct, frozen=True):
    """The contents of a digest."""

    form: ClassVar = "c:{digest}:{page}"
    digest: str
    page: int = 0


class SectionPage(Struct, frozen=True):
    """Items of a section, which is counted from 0; *mark* finds it again once that is corrected."""

    form: ClassVar = "s:{digest}:{section}:{page}:{mark}"
    digest: str
    section: int
    page: int = 0
    mark: str = ""


class ItemPage(_OfItem, frozen=True):
    """An item."""

    form: ClassVar = "i:{digest}:{page}:{key}"


class Open(Struct, frozen=True):
    """An item below the list that it stands in, in a message of its own; else a digest."""

    form: ClassVar = "o:{digest}:{item}"
    digest: str
    item: str = ""


class Day(Struct, frozen=True):
    """The digests of a day."""

    form: ClassVar = "d:{day}:{page}"
    day: date
    page: int = 0


class Week(Struct, frozen=True):
    """The stories of the seven days up to one."""

    form: ClassVar = "w:{day}:{page}"
    day: date
    page: int = 0


class Month(Struct, frozen=True):
    """The calendar of a month."""

    form: ClassVar = "m:{year}:{month}"
    year: Annotated[int, Meta(ge=1, le=9999)]
    month: Annotated[int, Meta(ge=1, le=12)]


class Search(Struct, frozen=True):
    """The answer to a query."""

    form: ClassVar = "q:{page}:{query}"
    query: str
    page: int = 0


class Topic(Struct, frozen=True):
    """The items of a topic."""

    form: ClassVar = "t:{page}:{name}"
    name: str
    page: int = 0


class Topics(Struct, frozen=True):
    """The cloud of topics."""

    form: ClassVar = "k:"


class Weeks(Struct, frozen=True):
    """A wish to see how a topic developed, week by week, in a message of its own."""

    form: ClassVar = "C:{name}"
    name: str


class Send(_OfBroadcast, frozen=True):
    """An admin's word to send a drafted broadcast."""

    form: ClassVar = "b:{broadcast}"


class Drop(_OfBroadcast, frozen=True):
    """An admin's word to drop a drafted broadcast."""

    form: ClassVar = "x:{broadcast}"


class Arrived(Struct, frozen=True):
    """An admin's word on a post in doubt: whether it can be seen in its chat."""

    form: ClassVar = "a:{delivery}:{sent}"
    delivery: int
    sent: bool


class Recall(_OfBroadcast, frozen=True):
    """An admin's word to take a broadcast back; *sure* after a second thought."""

    form: ClassVar = "r:{broadcast}:{sure}"
    sure: bool


class Stop(_OfBroadcast, frozen=True):
    """An admin's word to send a broadcast to nobody more; *sure* after a second thought."""

    form: ClassVar = "h:{broadcast}:{sure}"
    sure: bool


class HowFar(_OfBroadcast, frozen=True):
    """An admin's question how far a broadcast is, or its recall."""

    form: ClassVar = "l:{broadcast}"


class PushAnyway(_OfVerdict, frozen=True):
    """An admin's word to push a digest that was held."""

    form: ClassVar = "p:{verdict}"


class Dismiss(_OfVerdict, frozen=True):
    """An admin's word to leave a file as it is."""

    form: ClassVar = "y:{verdict}"


class Undecided(Struct, frozen=True):
    """An admin's wish to see all files that are not pushed."""

    form: ClassVar = "j:{page}"
    page: int = 0


class OpenVerdict(_OfVerdict, frozen=True):
    """An admin's wish to decide about a file of that list, in a message of its own."""

    form: ClassVar = "J:{verdict}"


class Save(_OfItem, frozen=True):
    """A reader's wish to keep an item; *page* is the one of the item that shows the button."""

    form: ClassVar = "v:{digest}:{page}:{key}"


class Unsave(_OfItem, frozen=True):
    """A reader's wish to keep an item no longer."""

    form: ClassVar = "u:{digest}:{page}:{key}"


class SavedPage(Struct, frozen=True):
    """The list of what a reader keeps."""

    form: ClassVar = "f:{page}"
    page: int = 0


class Forget(_OfItem, frozen=True):
    """A reader's wish to take an item off the list that shows the button."""

    form: ClassVar = "z:{digest}:{page}:{key}"


class SettingsPage(Struct, frozen=True):
    """A person's settings, or the choices for one of them."""

    form: ClassVar = "e:{about}"
    about: About = ""


class Choose(Struct, frozen=True):
    """A person's choice for one of the settings."""

    form: ClassVar = "g:{about}:{value}"
    about: About
    value: str


class Nothing(Struct, frozen=True):
    """A button that only shows something."""

    form: ClassVar = "n:"


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
    | Weeks
    | Send
    | Drop
    | Arrived
    | Recall
    | Stop
    | HowFar
    | PushAnyway
    | Dismiss
    | Undecided
    | OpenVerdict
    | Save
    | Unsave
    | SavedPage
    | Forget
    | SettingsPage
    | Choose
    | Nothing
)
