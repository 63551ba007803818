"""Measure how long one post takes: python bench/entities_speed.py."""

import sys
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bot.sandbox.entities import formatted, parse_html, parse_markdown_v2
from bot.sandbox.entities.formatted import parsed

_TEXT = ": it is faster and costs less, says the vendor, who also shows how to run it{0} "
_HTML_ITEM = '<a href="https://example.com/news/{1}?a=1">Model {1} is out</a>' + _TEXT
_MARKDOWN_ITEM = "[Model {1} is out](https://example.com/news/{1}?a=1)" + _TEXT
HTML = "<b>The day</b>\n" + "".join(_HTML_ITEM.format(".", number) for number in range(7))
MARKDOWN = "*The day*\n" + "".join(_MARKDOWN_ITEM.format("\\.", number) for number in range(7))

_ROUNDS, _TIMES = 7, 500


def _best(run: Callable[[], object]) -> float:
    best = float("inf")
    for _ in range(_ROUNDS):
        begin = time.perf_counter()
        for _ in range(_TIMES):
            run()
        best = min(best, (time.perf_counter() - begin) / _TIMES)
    return best * 1000


def main() -> None:
    """Print the best of some rounds in milliseconds."""
    print(
        f"post of {len(HTML)} characters of HTML, {len(formatted(HTML, 'HTML', None)[1])} entities"
    )
    print(f"parse_html         {_best(lambda: parse_html(HTML)):.3f} ms")
    print(f"parse_markdown_v2  {_best(lambda: parse_markdown_v2(MARKDOWN)):.3f} ms")
    print(f"formatted, new     {_best(lambda: parsed(HTML, 'html')):.3f} ms")
    print(f"formatted, again   {_best(lambda: formatted(HTML, 'HTML', None)):.3f} ms")


if __name__ == "__main__":
    main()
