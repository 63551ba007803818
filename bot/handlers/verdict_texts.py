"""What admins read of files that are not pushed by themselves."""

from __future__ import annotations

from collections.abc import Sequence

from bot.digests.problems import VERDICTS
from bot.locale import Words
from bot.model import Button, Message, Problem, Status
from bot.rendering.buttons import button, rows, turns
from bot.rendering.callbacks import Dismiss, Open, OpenVerdict, PushAnyway, Undecided
from bot.rendering.notices import notice
from bot.rendering.packing import pack
from bot.rendering.posts import digest_heading
from bot.rendering.problems import explained
from bot.rendering.rich import Kind, Rich, bold, html, joined, line, plain, wrapped
from bot.services.verdicts import Verdict
from bot.text.units import shorten

PROBLEMS_SHOWN = 3
FILES_A_PAGE = 8
MAX_PATH = 200


def one(verdict: Verdict, w: Words) -> Message:
    """Tell of a file, with buttons to push it anyway or to leave it."""
    leave = button(w("Leave it"), Dismiss(verdict.number))
    if verdict.report.status is Status.INVALID:
        return _told(w("{file} cannot be read:"), verdict, w, (leave,))
    push = button(w("Push it anyway"), PushAnyway(verdict.number))
    digest = verdict.report.digest
    read = button(w("Read in full"), Open(digest.id)) if digest else None
    return _told(w("{file} is held back:"), verdict, w, (push, leave), (read,))


def settled(path: str | None, said: str) -> Message:
    """Tell what became of a file."""
    file = [_named(path)] if path else []
    return Message(html(joined([*file, plain(said)], "\n")))


def rest(count: int, w: Words) -> Message:
    """Tell that there are more files than are shown."""
    text = w.plural("{n} more file is not pushed.", "{n} more files are not pushed.", count)
    return notice(text, button(w("Show them all"), Undecided()))


def page(verdicts: Sequence[Verdict], at: int, w: Words) -> Message:
    """List files, the gravest problem of each; their numbers lead to what may be decided."""
    if not verdicts:
        return notice(w("No file is held back or broken."))
    pages = -(-len(verdicts) // FILES_A_PAGE)
    at = min(at, pages - 1)
    shown = list(enumerate(verdicts, 1))[at * FILES_A_PAGE :][:FILES_A_PAGE]
    count = line(w.plural("{n} file", "{n} files", len(verdicts)))
    heading = joined([bold(w("Not pushed")), count], " · ")
    text = joined([heading, *(_entry(number, verdict, w) for number, verdict in shown)], "\n\n")
    choices = [button(str(number), OpenVerdict(verdict.number)) for number, verdict in shown]
    return Message(html(pack(text)[0]), rows(choices, turns(at, pages, Undecided)))


def _told(sentence: str, verdict: Verdict, w: Words, *choices: Sequence[Button | None]) -> Message:
    before, _, after = sentence.partition("{file}")
    said = joined([plain(before), _named(verdict.report.path), plain(after)])
    problems = _problems(verdict)[:PROBLEMS_SHOWN]
    why = [Rich(f"• {explained(problem, w)}") for problem in problems]
    about = joined([said, *why], "\n")
    digest = verdict.report.digest
    heading = digest_heading(digest, digest.source, w) if digest else Rich("")
    return Message(html(joined([about, heading], "\n\n")), rows(*choices))


def _entry(number: int, verdict: Verdict, w: Words) -> Rich:
    file = joined([line(f"{number}."), _named(verdict.report.path)], " ")
    return joined([file, Rich(explained(_problems(verdict)[0], w))], "\n")


def _problems(verdict: Verdict) -> list[Problem]:
    """Give what is wrong with a file, what it is not pushed for before what is a warning."""
    return sorted(verdict.report.problems, key=lambda problem: problem.code not in VERDICTS)


def _named(path: str) -> Rich:
    """Name a file; as code, for Telegram takes 2026-01-02.md for a page of Moldova."""
    return wrapped(line(shorten(path, MAX_PATH)), Kind.CODE)
