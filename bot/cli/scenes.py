"""What can happen to an archive on the stage: another day's digest comes, today's is corrected."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

from bot.digests.library import Library
from bot.model import Digest, Status

FORMS = ("%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y%m%d")


def copy_archive(source: Path, target: Path) -> None:
    """Copy an archive, so that nothing that happens on the stage reaches the operator's files."""
    hidden = shutil.ignore_patterns(".*")
    shutil.copytree(source, target, ignore=hidden, ignore_dangling_symlinks=True)


class Scenes:
    """An archive in *root*, which is changed as its publisher would."""

    def __init__(self, root: Path, library: Library) -> None:
        self._root = root
        self._library = library
        self._used: set[str] = set()

    def newest_day(self) -> date | None:
        """Find the day of the newest digest that may be pushed."""
        return max((digest.day for _, digest in self._ready()), default=None)

    def add_day(self) -> date:
        """Publish an older digest of the main source anew, a day after the newest.

        Raises:
            LookupError: no digest can be dated anew.
        """
        found = sorted(self._ready(), key=lambda pair: pair[1].day)
        if not found:
            raise LookupError("the archive has no digest yet")
        source = self._main_source()
        day = found[-1][1].day + timedelta(days=1)
        for path, digest in found:
            if digest.source == source and path not in self._used and self._publish(path, day):
                self._used.add(path)
                return day
        raise LookupError("no digest of the archive can be dated anew")

    def correct(self, mark: str) -> None:
        """Change a headline of the newest digest, as `corrected` does.

        Raises:
            LookupError: no headline stands in the file as it is shown.
        """
        newest = self.newest_day()
        for path, digest in self._ready():
            if digest.day == newest and digest.source == self._main_source():
                text = self._file(path).read_text(encoding="utf-8")
                changed = corrected(text, [headline.text for headline in digest.headlines], mark)
                if changed != text:
                    self._file(path).write_text(changed, encoding="utf-8")
                    return
        raise LookupError("no headline can be changed")

    def _ready(self) -> Iterator[tuple[str, Digest]]:
        for report in self._library.load():
            if report.status is Status.READY and report.digest:
                yield report.path, report.digest

    def _main_source(self) -> str:
        """Name the source with the most digests."""
        counts = Counter(digest.source for _, digest in self._ready())
        return counts.most_common(1)[0][0]

    def _publish(self, path: str, day: date) -> bool:
        """Write a copy with another date; take it back if it is not read as meant."""
        original = self._file(path)
        old = next(digest.day for one, digest in self._ready() if one == path)
        copy = original.with_name(f"{day}{original.suffix}")
        if copy.exists():
            return False
        copy.write_text(dated(original.read_text(encoding="utf-8"), old, day), encoding="utf-8")
        name = copy.relative_to(self._root.resolve()).as_posix()
        if any(one == name and digest.day == day for one, digest in self._ready()):
            return True
        copy.unlink()
        return False

    def _file(self, path: str) -> Path:
        return self._root.resolve() / path


def corrected(text: str, headlines: list[str], mark: str) -> str:
    """Add *mark* to the next of the headlines; once all have it, take it from them."""
    fresh = next((one for one in headlines if mark not in one and one in text), None)
    return text.replace(fresh, fresh + mark) if fresh else text.replace(mark, "")


def dated(text: str, old: date, new: date) -> str:
    """Replace a date in all its usual forms."""
    for form in FORMS:
        text = text.replace(old.strftime(form), new.strftime(form))
    chinese = "{0.year}年{0.month}月{0.day}日"
    return text.replace(chinese.format(old), chinese.format(new))
