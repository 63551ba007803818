"""Rows of buttons within Telegram's limits."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from bot.model import Button
from bot.rendering.callback_data import encode, fits
from bot.rendering.callbacks import Callback, Nothing
from bot.rendering.rich import clean
from bot.rendering.tables import columns
from bot.text.units import shorten

MAX_LABEL = 60
# What a phone shows on one of three buttons in a row, in columns of letters.
MAX_NARROW = 10
Rows = tuple[tuple[Button, ...], ...]


def button(text: str, value: Callback) -> Button | None:
    """Make a button that asks for *value*; none where Telegram would not take its data."""
    return Button(label(text), data=encode(value)) if fits(value) else None


def label(text: str) -> str:
    """Make a text fit on a button; Telegram refuses an empty one."""
    return shorten(" ".join(clean(text).split()), MAX_LABEL) or "…"


def row(*buttons: Button | None) -> tuple[Button, ...]:
    """Put the buttons that there are in a row."""
    return tuple(button for button in buttons if button)


def rows(*candidates: Iterable[Button | None]) -> Rows:
    """Put rows under each other, empty ones left out."""
    filled = (row(*candidate) for candidate in candidates)
    return tuple(buttons for buttons in filled if buttons)


def grid(buttons: Iterable[Button | None], width: int) -> Iterator[tuple[Button, ...]]:
    """Lay buttons out in even rows of at most *width*; of two where phones would cut a label."""
    present = row(*buttons)
    if any(columns(one.text) > MAX_NARROW for one in present):
        width = min(width, 2)
    lines = -(-len(present) // width) or 1
    even = -(-len(present) // lines) or 1
    return (present[at : at + even] for at in range(0, len(present), even))


def turns(page: int, pages: int, at: Callable[[int], Callback]) -> tuple[Button, ...]:
    """Make the buttons that turn pages, which are counted from 0; none where there is but one."""
    if pages < 2:
        return ()
    back = button("‹", at(page - 1)) if page > 0 else None
    here = button(f"{page + 1}/{pages}", Nothing())
    on = button("›", at(page + 1)) if page + 1 < pages else None
    return row(back, here, on)
