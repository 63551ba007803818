"""A topic's development as a picture."""

from __future__ import annotations

import re
import struct
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.locale import Words
from bot.model import Message
from bot.rendering.charts import HEIGHT, MARGIN, NEWEST, WIDTH, Trend, caption, drawing, picture
from bot.rendering.figures import width_of
from tests.rendering.conftest import Judge

TREND = Trend("Claude Code", (0, 3, 1200, 5), date(2026, 1, 28))


def bars(svg: str) -> list[dict[str, str]]:
    """Give the bars: what has round corners."""
    found = [dict(re.findall(r'(\w+)="([^"]*)"', rect)) for rect in re.findall("<rect[^>]*>", svg)]
    return [rect for rect in found if rect["rx"] != "0.0"]


def test_a_week_with_stories_has_a_bar_as_high_as_they_are_many() -> None:
    drawn = bars(drawing(Trend("", (1, 0, 4, 2), date(2026, 1, 28))))

    assert [float(bar["height"]) for bar in drawn] == [70, 280, 140]
    assert [bar["fill"] == NEWEST for bar in drawn] == [False, False, True]


def test_the_scale_tells_the_most_and_the_first_and_last_day() -> None:
    figures = re.findall("<path[^>]*>", drawing(TREND))

    assert len(figures) == len("1200" + "2026-01-01" + "2026-01-28")
    assert width_of("1200", 4) == 3 * 3.2 + 2


@settings(max_examples=50)
@given(weeks=st.lists(st.integers(0, 10**6), min_size=1, max_size=60))
def test_all_bars_stand_within_the_picture(weeks: list[int]) -> None:
    for bar in bars(drawing(Trend("", tuple(weeks), date(2026, 1, 28)))):
        left, width = float(bar["x"]), float(bar["width"])
        top, height = float(bar["y"]), float(bar["height"])
        assert left >= MARGIN - 1
        assert left + width <= WIDTH - MARGIN + 1
        assert top >= MARGIN - 1
        assert top + height == pytest.approx(HEIGHT - MARGIN, abs=0.2)


def test_the_picture_is_a_small_png_of_that_size() -> None:
    image = picture(TREND)

    assert image.startswith(b"\x89PNG\r\n\x1a\n")
    assert struct.unpack(">II", image[16:24]) == (WIDTH, HEIGHT)
    assert len(image) < 20_000


def test_the_caption_says_what_the_picture_shows(telegram_accepts: Judge, w: Words) -> None:
    text = telegram_accepts(Message(caption(TREND, w)))

    assert text.startswith("#Claude_Code\n")
    for shown in (w.day(date(2026, 1, 1)), w.day(date(2026, 1, 28)), "1,200"):
        assert shown in text
    assert len(text) < 1024
