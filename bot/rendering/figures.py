"""Numbers and days drawn as lines, because a machine may have no fonts. Pure."""

from __future__ import annotations

# Each in a box of 2 by 4.
_STROKES = {
    "0": "M0 0H2V4H0Z",
    "1": "M0.4 0.6L1.2 0V4",
    "2": "M0 0H2V2H0V4H2",
    "3": "M0 0H2V4H0M0.4 2H2",
    "4": "M0 0V2.4H2M1.6 1V4",
    "5": "M2 0H0V2H2V4H0",
    "6": "M2 0H0V4H2V2H0",
    "7": "M0 0H2L0.8 4",
    "8": "M0 0H2V4H0ZM0 2H2",
    "9": "M2 2H0V0H2V4H0",
    "-": "M0.3 2H1.7",
}
_ADVANCE = 3.2
_WIDTH, _HEIGHT = 2, 4
_THICKNESS = 0.45


def width_of(text: str, height: float) -> float:
    """Tell how wide a text of digits and hyphens is."""
    return ((len(text) - 1) * _ADVANCE + _WIDTH) * height / _HEIGHT


def strokes(text: str, left: float, top: float, height: float) -> list[dict[str, str]]:
    """Give the attributes of an SVG path for each of the digits and hyphens."""
    size = height / _HEIGHT
    places = (left + at * _ADVANCE * size for at in range(len(text)))
    return [
        {
            "d": _STROKES[char],
            "transform": f"translate({place:.1f} {top:.1f}) scale({size:.2f})",
            "fill": "none",
            "stroke-width": str(_THICKNESS),
            "stroke-linejoin": "round",
            "stroke-linecap": "round",
        }
        for char, place in zip(text, places, strict=True)
    ]
