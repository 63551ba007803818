"""Tables on a narrow screen: aligned columns where they fit, else a list."""

from __future__ import annotations

from collections.abc import Iterable
from unicodedata import category, east_asian_width

from bot.rendering.rich import Kind, Rich, joined, wrapped
from bot.text.units import graphemes

# What a phone shows in a line of fixed width.
MAX_COLUMNS = 36
GAP = "  "
BULLET = "• "
NOTHING = "–"
# Lines for drawing boxes are twice as wide in the fonts of some phones.
RULE = "-"

Row = list[Rich]


def table(header: Row, rows: list[Row]) -> Rich:
    """Render a table; its links keep it from being set as code."""
    filled = [header, *(row for row in rows if any(cell.text for cell in row))]
    if not any(filled):
        return Rich("")
    lines = [_padded(line, filled) for line in filled]
    leads = any(span.kind is Kind.LINK for line in lines for cell in line for span in cell.spans)
    if not leads and _is_narrow(lines):
        return wrapped(Rich(_aligned(lines)), Kind.PRE)
    return joined((_entry(lines[0], line) for line in lines[1:] or lines), "\n")


def columns(text: str) -> int:
    """Count the columns that a text takes where all letters are equally wide."""
    return sum(_width(grapheme) for grapheme in graphemes(text))


def _width(grapheme: str) -> int:
    """Tell how wide a grapheme is; direction marks are not seen at all."""
    if category(grapheme[0]) == "Cf":
        return 0
    return 2 if east_asian_width(grapheme[0]) in "WF" else 1


def _padded(line: Row, lines: list[Row]) -> Row:
    return line + [Rich("")] * (max(map(len, lines)) - len(line))


def _widths(lines: list[Row]) -> list[int]:
    return [max(columns(cell.text) for cell in column) for column in zip(*lines, strict=True)]


def _is_narrow(lines: list[Row]) -> bool:
    widths = _widths(lines)
    whole = all("\n" not in cell.text for line in lines for cell in line)
    return whole and sum(widths) + len(GAP) * (len(widths) - 1) <= MAX_COLUMNS


def _aligned(lines: list[Row]) -> str:
    widths = _widths(lines)
    head, *body = [_line([cell.text for cell in line], widths) for line in lines]
    return "\n".join([head, GAP.join(RULE * width for width in widths), *body])


def _line(cells: Iterable[str], widths: list[int]) -> str:
    padded = (
        cell + " " * (width - columns(cell)) for cell, width in zip(cells, widths, strict=True)
    )
    return GAP.join(padded).rstrip()


def _entry(header: Row, line: Row) -> Rich:
    """Write a row as an entry of a list: each cell after the name of its column."""
    first, *others = (_named(name, cell) for name, cell in zip(header, line, strict=True))
    indented = (joined([Rich("   "), other]) for other in others if other.text)
    return joined([joined([Rich(BULLET), wrapped(first, Kind.BOLD)]), *indented], "\n")


def _named(name: Rich, cell: Rich) -> Rich:
    if not name.text or name is cell:
        return cell
    return joined([name, Rich(": "), cell if cell.text else Rich(NOTHING)])
