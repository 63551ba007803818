"""How long the library takes for an archive, as a ratio to the bare parsers on the same files.

python bench/archive_load.py [ARCHIVE] [ROUNDS]
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

import frontmatter
from markdown_it import MarkdownIt

from bot.digests.library import Library
from bot.digests.topics import Topics

HERE = Path(__file__).parent.parent


def bare(paths: list[Path]) -> float:
    """Time python-frontmatter and markdown-it-py alone."""
    markdown = MarkdownIt("commonmark").enable(["table", "strikethrough"])
    start = time.process_time()
    for path in paths:
        markdown.parse(frontmatter.loads(path.read_text("utf-8")).content)
    return time.process_time() - start


def ours(library: Library) -> float:
    """Time the library: listing, parsing, headlines, topics."""
    start = time.process_time()
    for _ in library.load():
        pass
    return time.process_time() - start


def listing(library: Library) -> float:
    """Time what a warm start needs of the library: the list of files."""
    start = time.process_time()
    for _ in library.files():
        pass
    return time.process_time() - start


def main() -> None:
    root = Path(sys.argv[1]) if len(sys.argv) > 1 else HERE / "../shared/corpora/ai-daily"
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 5
    library = Library(root, Topics.load(HERE / "data/topics.toml"))
    paths = [root / file.path for file in library.files()]
    times = [(bare(paths), ours(library), listing(library)) for _ in range(rounds)]
    best_bare, best_ours, best_list = (min(column) for column in zip(*times, strict=True))
    print(f"{len(paths)} files, best of {rounds}: bare {best_bare * 1e3:.0f} ms,")
    print(f"library {best_ours * 1e3:.0f} ms = {best_ours / best_bare:.2f} × bare,")
    print(f"listing {best_list * 1e3:.1f} ms = {best_list / best_ours:.1%} of the library's load")


if __name__ == "__main__":
    main()
