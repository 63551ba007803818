"""Read what follows the three backticks that open a block of code."""

import re

_LANGUAGE = re.compile(r"[^ \t\r\n\0\v`]+")
_LINE_END = re.compile(r"\r\n|\n\r|\r|\n")


def fence_language(text: str, position: int) -> tuple[str, int]:
    """Give the language, if one is named, and where the code begins."""
    match = _LANGUAGE.match(text, position)
    language = ""
    if match and match.end() < len(text) and text[match.end()] != "`":
        language = match[0]
        position = match.end()
    line_end = _LINE_END.match(text, position)
    return language, line_end.end() if line_end else position
