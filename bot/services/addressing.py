"""Owe a broadcast to all who subscribed, each at the moment that they chose."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from msgspec import Struct

from bot.model import Timing
from bot.services.moments import next_moment
from bot.storage import audience, preferences
from bot.storage.audience import Wave
from bot.storage.database import Transaction


class Issue(Struct, frozen=True):
    """A broadcast at its beginning: out since *out*, for those who *joined_before*.

    *heeds_hours* is false for what is said to all at once, except in their quiet hours.
    """

    broadcast_id: int
    joined_before: datetime
    out: datetime
    heeds_hours: bool


async def owe_subscribers(db: Transaction, issue: Issue, operators: ZoneInfo, now: datetime) -> int:
    """Owe *issue* to each subscriber once; tell how many messages."""
    before = issue.joined_before
    waves = [Wave(now)]
    waves += [_wave(issue, timing, operators, now) for timing in await preferences.timings(db)]
    people = await audience.owe_people(db, issue.broadcast_id, before, waves)
    return people + await audience.owe_groups(db, issue.broadcast_id, before, now)


def moment_for(
    timing: Timing, out: datetime, operators: ZoneInfo, now: datetime, *, heeds_hours: bool
) -> datetime:
    """Give the moment at which someone gets what is out since *out*.

    An hour that was missed is caught up as soon as the rest of *timing* allows.
    """
    heeded = timing if heeds_hours else timing.quiet_alone()
    due_at = next_moment(out, heeded, operators)
    return due_at if due_at > now else next_moment(now, heeded.at_any_hour(), operators)


def _wave(issue: Issue, timing: Timing, operators: ZoneInfo, now: datetime) -> Wave:
    due_at = moment_for(timing, issue.out, operators, now, heeds_hours=issue.heeds_hours)
    return Wave(due_at, timing, waits=due_at > now)
