"""Read how a moment is to be written in its reader's time zone."""

_LETTERS = frozenset("tTdDwW")


def date_format(written: str) -> str | None:
    """Put a format into Telegram's order, the short one of two precisions; None if it is wrong."""
    if written in ("r", "R"):
        return "r"
    letters = set(written)
    if not letters <= _LETTERS:
        return None
    week = "w" if letters & {"w", "W"} else ""
    return week + _precision(letters, "d") + _precision(letters, "t")


def _precision(letters: set[str], short: str) -> str:
    if short in letters:
        return short
    return short.upper() if short.upper() in letters else ""
