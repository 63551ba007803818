"""The list of formats: all that lie in the package, none knowing another, open to one more."""

from __future__ import annotations

import ast
from pathlib import Path

from bot.digests import formats
from bot.digests.formats import FORMATS
from bot.digests.inlines import plain
from bot.digests.outline import Chapter, Part, Story, outline
from bot.digests.tree import read
from bot.model import Text

MODULES = {path.stem: path for path in Path(formats.__file__).parent.glob("[!_]*.py")}


class Diary:
    """A format of one file: headings that are times of the day."""

    def matches(self, root: Part, /) -> bool:
        """Tell whether all headings are times."""
        return bool(root.children) and all(part.name[2:3] == ":" for part in root.children)

    def read(self, root: Part, /) -> tuple[Chapter, ...]:
        """Read each time as an item of one chapter."""
        stories = tuple(
            Story((Text(f"At {part.name}"),), part.blocks, part.line) for part in root.children
        )
        return (Chapter("Diary", stories),)


def test_all_modules_are_in_the_list() -> None:
    listed = {getattr(chosen, "__name__", "").rpartition(".")[2] for chosen in FORMATS}

    assert listed == MODULES.keys()


def test_no_format_knows_another() -> None:
    for path in MODULES.values():
        imported = {
            node.module or ""
            for node in ast.walk(ast.parse(path.read_text("utf-8")))
            if isinstance(node, ast.ImportFrom)
        }
        assert not [name for name in imported if name.startswith("bot.digests.formats")]


def test_one_more_format_is_tried_in_its_place() -> None:
    tried = (Diary(), *FORMATS)
    diary = outline(read("## 08:00\n\nBreakfast.\n\n## 09:00\n\nWork.\n").nodes)
    essay = outline(read("## Breakfast\n\nAt eight.\n\n## Work\n\nAt nine.\n").nodes)

    (chapter,) = formats.read(diary, tried)

    assert [plain(story.title) for story in chapter.stories] == ["At 08:00", "At 09:00"]
    assert formats.read(essay, tried) == formats.read(essay)
