"""Who waits for what, as Prometheus reads it."""

from __future__ import annotations

from collections import Counter

from bot.telegram_api.lanes import Cause
from bot.telegram_api.limiter import RateLimiter


def figures(limiter: RateLimiter) -> str:
    """Write how many requests wait now, and how long broadcasts' waited in all, by cause."""
    waiting = Counter(one.cause for one in limiter.waiting())
    lines = [
        "# TYPE digestbot_waiting_requests gauge",
        *(f"digestbot_waiting_requests{_by(cause)} {waiting[cause]}" for cause in Cause),
        "# TYPE digestbot_broadcasts_waited_seconds_total counter",
        *(
            f"digestbot_broadcasts_waited_seconds_total{_by(cause)} {limiter.waited[cause]:.3f}"
            for cause in Cause
        ),
    ]
    return "\n".join(lines) + "\n"


def _by(cause: Cause) -> str:
    return f'{{cause="{cause}"}}'
