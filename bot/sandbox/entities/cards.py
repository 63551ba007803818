"""Find the numbers of bank cards."""

import re
from collections.abc import Iterator

_DIGITS = re.compile(r"[0-9][0-9 \-]*")
_CONTINUOUS = re.compile(r"[0-9]{16,19}(?= )")
_ENOUGH = re.compile(r"[0-9](?:[ \-]*[0-9]){12}")
_FEWEST, _MOST = 13, 19


def find_cards(text: str) -> Iterator[tuple[int, int]]:
    """Give where the numbers of bank cards begin and end."""
    if not _ENOUGH.search(text):
        return
    position = 0
    while run := _DIGITS.search(text, position):
        position = run.end()
        begin = run.start()
        if begin and _is_part_of_more(text[begin - 1], ".,+-_"):
            continue
        continuous = _CONTINUOUS.match(text, begin)
        position = continuous.end() if continuous else run.end()
        end = begin + len(text[begin:position].rstrip(" -"))
        if _is_card(text[begin:end]) and not _is_part_of_more(text[end : end + 1], "-_"):
            yield begin, end


def _is_part_of_more(neighbour: str, joining: str) -> bool:
    return neighbour.isalpha() or (neighbour != "" and neighbour in joining)


def _is_card(written: str) -> bool:
    digits = "".join(character for character in written if character.isdigit())
    count = len(digits)
    if not _FEWEST <= count <= _MOST or len(written) > 2 * count - 1:
        return False
    return _has_valid_sum(digits) and _has_length_of_its_issuer(digits)


def _has_valid_sum(digits: str) -> bool:
    values = [int(digit) for digit in reversed(digits)]
    doubled = (2 * value if value < 5 else 2 * value - 9 for value in values[1::2])
    return (sum(values[::2]) + sum(doubled)) % 10 == 0


def _has_length_of_its_issuer(digits: str) -> bool:
    count, two, four = len(digits), int(digits[:2]), int(digits[:4])
    if digits[0] == "4":
        return count in (13, 16, 18, 19)
    if 51 <= two <= 55 or 2221 <= four <= 2720 or 2200 <= four <= 2204:
        return count == 16
    if two in (34, 37):
        return count == 15
    return two not in (62, 81) or count >= 16
