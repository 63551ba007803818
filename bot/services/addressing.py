"""Owe a broadcast to all who subscribed, each at the moment that they chose."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from msgspec import Struct

from bot.model import Timing
from bot.services.foresight import Foresight
from bot.services.moments import make_up, next_moment
from bot.storage import audience
from bot.storage.database import Transaction
from bot.storage.waves import Wave


class Issue(Struct, frozen=True):
    """What goes to all who *joined_before*, at *now* or later; it is out since *out*.

    *heeds_hours* is false for what is said to all at once, except in their quiet hours.
    """

    now: datetime
    joined_before: datetime
    out: datetime
    operators: ZoneInfo
    heeds_hours: bool


def moments_of(issue: Issue) -> Foresight:
    """Tell who gets *issue* when, by what each wishes for."""
    return Foresight(lambda timing: _wave(issue, timing))


async def owe_subscribers(
    db: Transaction, broadcast_id: int, issue: Issue, moments: Foresight
) -> int:
    """Owe *issue* to each subscriber once; tell how many messages."""
    waves = await moments.waves(db)
    before, now = issue.joined_before, issue.now
    people = await audience.owe_people(db, broadcast_id, before, now, waves)
    return people + await audience.owe_groups(db, broadcast_id, before, now)


def moment_for(
    timing: Timing, out: datetime, operators: ZoneInfo, now: datetime, *, heeds_hours: bool
) -> datetime:
    """Give the moment at which someone gets what is out since *out*, also if it was missed."""
    heeded = timing if heeds_hours else timing.quiet_alone()
    due_at = next_moment(out, heeded, operators)
    return due_at if due_at > now else make_up(now, heeded, operators)


def _wave(issue: Issue, timing: Timing) -> Wave:
    due_at = moment_for(
        timing, issue.out, issue.operators, issue.now, heeds_hours=issue.heeds_hours
    )
    return Wave(timing, due_at, waits=due_at > issue.now)
