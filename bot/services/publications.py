"""What became of a digest that was to be published."""

from __future__ import annotations

from typing import TypeAlias

from msgspec import Struct


class Published(Struct, frozen=True):
    """A digest is on its way; *deliveries* are the messages that are owed since now."""

    digest_id: str
    broadcast_id: int
    deliveries: int


class AlreadyPublished(Struct, frozen=True):
    """All who should have it have it, or will."""

    digest_id: str
    broadcast_id: int


class TakenBack(Struct, frozen=True):
    """It was recalled, and is not published again."""

    digest_id: str
    broadcast_id: int


class Stopped(Struct, frozen=True):
    """It was stopped, and nobody more gets it."""

    digest_id: str
    broadcast_id: int


class SourceAway(Struct, frozen=True):
    """Where to is for its source to say, which is not there."""

    digest_id: str


class Unknown(Struct, frozen=True):
    """The archive has no such digest."""

    digest_id: str


class Nobody(Struct, frozen=True):
    """There is no target and no subscriber to send it to."""

    digest_id: str


Publishing: TypeAlias = (
    Published | AlreadyPublished | TakenBack | Stopped | SourceAway | Unknown | Nobody
)
