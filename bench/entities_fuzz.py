"""Compare the sandbox's entities with TDLib's on any number of made-up texts.

python bench/entities_fuzz.py [COUNT [SEED]]
"""

import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bench import entities_judge as judge
from bench import entities_texts
from bot.sandbox.entities import (
    Entity,
    EntityError,
    parse_html,
    parse_markdown_legacy,
    parse_markdown_v2,
)
from bot.sandbox.entities.automatic import found
from bot.sandbox.entities.cleanup import cleaned, cleaned_string
from bot.sandbox.entities.formatted import shown
from bot.sandbox.entities.given import rechecked

Parser = Callable[[str], tuple[str, list[Entity]]]
Difference = tuple[str, object, object]

MODES: dict[str, tuple[Callable[[entities_texts.Random], str], Parser]] = {
    "HTML": (entities_texts.html, parse_html),
    "MarkdownV2": (entities_texts.markdown, parse_markdown_v2),
    "Markdown": (entities_texts.old_markdown, parse_markdown_legacy),
}


def parse_differences(mode: str, count: int, seed: int) -> Iterator[Difference]:
    """Give the texts that one of the two parses or cleans in another way."""
    for text in entities_texts.texts(MODES[mode][0], count, seed):
        ours, theirs = verdict_on(text, mode)
        if ours != theirs:
            yield text, ours, theirs


def verdict_on(text: str, mode: str) -> tuple[list[judge.Verdict], list[judge.Verdict]]:
    """Parse, then clean a text: here and there."""
    parser = MODES[mode][1]
    ours, theirs = [_parsed(parser, text)], [judge.parsed(text, mode)]
    if ours == theirs and not isinstance(theirs[0], str):
        ours.append(_cleaned(parser, text))
        theirs.append(judge.cleaned(text, mode))
    return ours, theirs


def found_differences(count: int, seed: int) -> Iterator[Difference]:
    """Give the texts in which one of the two finds other links, tags and so on."""
    for made_up in entities_texts.texts(entities_texts.automatic, count, seed):
        text = cleaned_string(made_up)
        theirs = judge.found(text)
        ours = shown(text, found(text))
        if ours != [entity for entity in theirs if entity["type"] != "media_timestamp"]:
            yield text, ours, theirs


def _parsed(parser: Parser, text: str) -> judge.Verdict:
    try:
        plain, entities = parser(text)
    except EntityError as error:
        return str(error)
    return plain, shown(plain, entities)


def _cleaned(parser: Parser, text: str) -> judge.Verdict:
    plain, entities = parser(text)
    try:
        plain, entities = cleaned(plain, rechecked(entities))
    except EntityError as error:
        return str(error)
    if not plain.strip(" \n"):
        return "", []
    return plain.translate(judge.MASK), shown(plain, entities)


def _report(name: str, count: int, differences: Iterator[Difference]) -> int:
    begin = time.perf_counter()
    number = 0
    for text, ours, theirs in differences:
        number += 1
        print(f"{name}: {text!r}\n  ours:   {ours}\n  theirs: {theirs}")
    seconds = time.perf_counter() - begin
    print(f"{name}: {number} differences in {count} texts ({seconds:.1f} s)")
    return number


def main() -> int:
    """Run all comparisons; fail if any parser differs."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else 1
    total = sum(_report(mode, count, parse_differences(mode, count, seed)) for mode in MODES)
    allowed = count // 1000
    return total > 0 or _report("automatic", count, found_differences(count, seed)) > allowed


if __name__ == "__main__":
    sys.exit(main())
