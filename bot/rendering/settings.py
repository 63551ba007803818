"""A person's settings: one page that shows them, and one for each that can be chosen."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, time
from zoneinfo import ZoneInfo

from msgspec import Struct

from bot.locale import LANGUAGES, Words, words
from bot.model import EVERY_DAY, Button, Message, Preferences, Quiet
from bot.rendering.buttons import button, grid, row, rows
from bot.rendering.callbacks import About, Choose, SettingsPage
from bot.rendering.rich import bold, html, joined, line

UNSET = "none"
"""The value of a choice that is left to Telegram or to the operator."""
LANGUAGE_CHOICES = {UNSET: None, **{language: language for language in LANGUAGES}}
HOUR_CHOICES = {UNSET: None, **{str(hour): hour for hour in range(24)}}
QUIET_CHOICES = {
    UNSET: None,
    "22-7": Quiet(22, 7),
    "22-8": Quiet(22, 8),
    "23-7": Quiet(23, 7),
    "23-8": Quiet(23, 8),
    "0-9": Quiet(0, 9),
}
ZONES = (
    *("Asia/Shanghai", "Asia/Hong_Kong", "Asia/Taipei", "Asia/Singapore", "Asia/Tokyo"),
    *("Asia/Seoul", "Asia/Bangkok", "Asia/Kolkata", "Asia/Dubai", "Europe/Moscow"),
    *("Europe/Istanbul", "Europe/Berlin", "Europe/Paris", "Europe/London", "Africa/Cairo"),
    *("America/Sao_Paulo", "America/New_York", "America/Chicago", "America/Denver"),
    *("America/Los_Angeles", "Australia/Sydney", "Pacific/Auckland"),
)
"""Those of the buttons; any other can be typed."""
TICK = "✓ "
HOURS_A_ROW = 4
ZONES_A_ROW = 2


class SettingsView(Struct, frozen=True):
    """What a person chose, and what holds where nothing was chosen.

    *now* is in the operator's zone; *push_at* is None for "as soon as it is out".
    """

    chosen: Preferences
    subscribed: bool
    push_at: time | None
    now: datetime


def settings_page(view: SettingsView, about: About, w: Words) -> Message:
    """Show all settings, or the choices for one of them."""
    match about:
        case "":
            return _overview(view, w)
        case "language":
            return _page(w("Which language shall I speak?"), _languages(view, w), w)
        case "hour":
            place = w.place(_zone(view))
            question = w("At what time shall digests come, by the clock of {place}?", place=place)
            return _page(question, _hours(view, w), w)
        case "zone":
            question = w(
                "Where are you? For another place write, for example: /settings Asia/Tokyo"
            )
            return _page(question, _zones(view, w), w)
        case "days":
            question = w("On which days may digests come? What is out in between comes after.")
            return _page(question, _days(view, w), w)
        case "quiet":
            question = w("When shall nothing come? It comes when the quiet hours are over.")
            return _page(question, _quiet(view, w), w)


def _overview(view: SettingsView, w: Words) -> Message:
    timing = view.chosen.timing
    lines = [
        bold(w("Your settings")),
        line(w("Language: {language}", language=_language(view, w))),
        line(w("Digests: {moment}", moment=_hour(view, w))),
        line(w("Time zone: {place}", place=_place(view, w))),
        line(w("Weekdays: {days}", days=_weekdays(view, w))),
        line(w("Quiet hours: {span}", span=_span(timing.quiet, w))),
    ]
    if not view.subscribed:
        lines.append(line(w("Digests do not come here yet: /subscribe starts it.")))
    return Message(
        html(joined(lines, "\n")),
        rows(
            [_to("language", w("Language")), _to("hour", w("Delivery hour"))],
            [_to("zone", w("Time zone")), _to("days", w("Weekdays"))],
            [_to("quiet", w("Quiet hours"))],
        ),
    )


def _page(question: str, choices: Iterable[Iterable[Button | None]], w: Words) -> Message:
    back = button(w("‹ Back"), SettingsPage())
    return Message(html(line(question)), rows(*choices, [back]))


def _to(about: About, name: str) -> Button | None:
    return button(name, SettingsPage(about))


def _choice(about: About, value: str, name: str, *, taken: bool) -> Button | None:
    return button(TICK + name if taken else name, Choose(about, value))


def _languages(view: SettingsView, w: Words) -> Iterator[tuple[Button, ...]]:
    taken = view.chosen.language
    for value, language in LANGUAGE_CHOICES.items():
        name = words(language).own_name if language else w("As in Telegram")
        yield row(_choice("language", value, name, taken=language == taken))


def _hours(view: SettingsView, w: Words) -> Iterator[tuple[Button, ...]]:
    taken = view.chosen.timing.hour
    yield row(_choice("hour", UNSET, _at_once(view, w), taken=taken is None))
    hours = (
        _choice("hour", value, f"{hour:02}:00", taken=hour == taken)
        for value, hour in HOUR_CHOICES.items()
        if hour is not None
    )
    yield from grid(hours, HOURS_A_ROW)


def _zones(view: SettingsView, w: Words) -> Iterator[tuple[Button, ...]]:
    taken = view.chosen.timing.zone
    yield row(_choice("zone", UNSET, w("As the group"), taken=taken is None))
    others = () if taken is None or taken in ZONES else (taken,)
    places = (
        _choice("zone", zone, f"{w.place(zone)} {_clock(view, zone)}", taken=zone == taken)
        for zone in (*others, *ZONES)
    )
    yield from grid(places, ZONES_A_ROW)


def _days(view: SettingsView, w: Words) -> Iterator[tuple[Button, ...]]:
    taken = view.chosen.timing.weekdays
    for weekday, name in enumerate(w.full_weekdays()):
        on = weekday in taken
        yield row(_choice("days", f"{weekday}{'-' if on else '+'}", name, taken=on))


def _quiet(view: SettingsView, w: Words) -> Iterator[tuple[Button, ...]]:
    taken = view.chosen.timing.quiet
    for value, quiet in QUIET_CHOICES.items():
        yield row(_choice("quiet", value, _span(quiet, w), taken=quiet == taken))


def _language(view: SettingsView, w: Words) -> str:
    return w.own_name if view.chosen.language else w("as in Telegram ({name})", name=w.own_name)


def _hour(view: SettingsView, w: Words) -> str:
    hour = view.chosen.timing.hour
    return _at_once(view, w) if hour is None else w("at {time}", time=f"{hour:02}:00")


def _at_once(view: SettingsView, w: Words) -> str:
    if view.push_at is None:
        return w("as soon as they are out")
    return w("with the group, at {time}", time=f"{view.push_at:%H:%M}")


def _place(view: SettingsView, w: Words) -> str:
    zone = _zone(view)
    return w("{place}, now {time}", place=w.place(zone), time=_clock(view, zone))


def _weekdays(view: SettingsView, w: Words) -> str:
    taken = view.chosen.timing.weekdays
    if taken == EVERY_DAY:
        return w("every day")
    return " ".join(name for number, name in enumerate(w.weekdays()) if number in taken)


def _span(quiet: Quiet | None, w: Words) -> str:
    return w("none") if quiet is None else f"{quiet.since:02}:00 – {quiet.until:02}:00"


def _zone(view: SettingsView) -> str:
    return view.chosen.timing.zone or str(view.now.tzinfo)


def _clock(view: SettingsView, zone: str) -> str:
    return f"{view.now.astimezone(ZoneInfo(zone)):%H:%M}"
