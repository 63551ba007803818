"""A topic's development as a small picture: a bar for each week. Pure.

Its scale is figures alone, drawn as lines: a machine may have no fonts, and the caption says the
rest in the reader's language.
"""

from __future__ import annotations

from datetime import date, timedelta
from xml.etree.ElementTree import Element, SubElement, tostring

from msgspec import Struct
from resvg_py import svg_to_bytes

from bot.locale import Words
from bot.rendering.figures import strokes, width_of
from bot.rendering.hashtags import hashtag
from bot.rendering.rich import bold, html, joined, line

WEEK = timedelta(days=7)
NAMESPACE = "http://www.w3.org/2000/svg"
WIDTH, HEIGHT, MARGIN = 1000, 400, 60
PAPER, BAR, NEWEST, GROUND, INK = "#ffffff", "#8fbef0", "#2f7fd1", "#c9d3dd", "#66727f"
FIGURE = 22
GAP = 0.25
THINNEST = 3.0
ROUND, LINE = 5, 3


class Trend(Struct, frozen=True):
    """How often a topic was told of: stories a week, the last week ending on *last*."""

    topic: str
    weeks: tuple[int, ...]
    last: date


def caption(trend: Trend, w: Words) -> str:
    """Say in words what the picture shows."""
    words = w(
        "Stories a week, {first} – {last}: {newest} in the last one, at most {most}",
        first=w.day(_first_day(trend)),
        last=w.day(trend.last),
        newest=w.number(trend.weeks[-1]),
        most=w.number(max(trend.weeks)),
    )
    heading = bold(hashtag(trend.topic) or trend.topic)
    return html(joined([heading, line(words)], "\n"))


def picture(trend: Trend) -> bytes:
    """Draw the weeks as a PNG."""
    return bytes(svg_to_bytes(svg_string=drawing(trend), skip_system_fonts=True))


def drawing(trend: Trend) -> str:
    """Draw the weeks as SVG, the last one in a stronger colour, with what they measure."""
    svg = Element("svg", {"xmlns": NAMESPACE, "width": str(WIDTH), "height": str(HEIGHT)})
    _box(svg, 0, 0, WIDTH, HEIGHT, PAPER)
    most = max(*trend.weeks, 1)
    _scale(svg, trend, most)
    slot = (WIDTH - 2 * MARGIN) / len(trend.weeks)
    for at, count in enumerate(trend.weeks):
        if count:
            left = MARGIN + slot * (at + GAP / 2)
            height = max(count / most * (HEIGHT - 2 * MARGIN), THINNEST)
            fill = NEWEST if at == len(trend.weeks) - 1 else BAR
            _box(svg, left, HEIGHT - MARGIN - height, slot * (1 - GAP), height, fill, ROUND)
    _box(svg, MARGIN, HEIGHT - MARGIN, WIDTH - 2 * MARGIN, LINE, GROUND)
    return tostring(svg, encoding="unicode")


def _scale(svg: Element, trend: Trend, most: int) -> None:
    """Mark how high the highest bar is, and the first and the last day."""
    _box(svg, MARGIN, MARGIN, WIDTH - 2 * MARGIN, LINE / 2, GROUND)
    _figures(svg, str(most), MARGIN, MARGIN - FIGURE * 1.4)
    below = HEIGHT - MARGIN + FIGURE * 0.7
    last = trend.last.isoformat()
    _figures(svg, _first_day(trend).isoformat(), MARGIN, below)
    _figures(svg, last, WIDTH - MARGIN - width_of(last, FIGURE), below)


def _first_day(trend: Trend) -> date:
    """Give the day on which the first week begins."""
    return trend.last - WEEK * len(trend.weeks) + timedelta(days=1)


def _figures(svg: Element, text: str, left: float, top: float) -> None:
    for attributes in strokes(text, left, top, FIGURE):
        SubElement(svg, "path", attributes, stroke=INK)


def _box(
    svg: Element, left: float, top: float, width: float, height: float, fill: str, radius: int = 0
) -> None:
    sizes = {"x": left, "y": top, "width": width, "height": height, "rx": radius}
    SubElement(svg, "rect", {name: f"{size:.1f}" for name, size in sizes.items()}, fill=fill)
