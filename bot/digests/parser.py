"""A file's bytes to a report with its digest. Pure: no files, no clock; never raises."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from hashlib import blake2b
from typing import NamedTuple

from msgspec.structs import replace

from bot.digests import dates, footers, formats, header, headlines, items, judgement, slips, tree
from bot.digests.dates import When
from bot.digests.identity import digest_id
from bot.digests.inlines import absolute, plain
from bot.digests.notes import Notes, with_notes
from bot.digests.outline import outline
from bot.digests.plain import block_text
from bot.digests.problems import COVERS, FIELDS, Code, UnusableError, problem, status_of
from bot.digests.scripts import language_of
from bot.digests.topics import Topics
from bot.model import Digest, Heading, Problem, Report, Rule, Source, Status

MAX_BYTES = 5_000_000
MAX_CHARACTERS = 1_000_000
MAX_LINES = 20_000
MAX_MARKS = 100_000

_MARKS = "|*_[`<&~!\\"
_OURS = re.compile(r"^<{7} ", re.MULTILINE)
_THEIRS = re.compile(r"^>{7} ", re.MULTILINE)
_LOST = "\N{REPLACEMENT CHARACTER}"


class _File(NamedTuple):
    """A file, and what is known of where it lies."""

    path: str
    text: str
    source: Source


class _Draft(NamedTuple):
    """A digest under construction."""

    file: _File
    values: Mapping[str, object]
    body: tuple[tree.Node, ...]
    notes: Notes
    heading: str


def parse(data: bytes, path: str, source: Source, topics: Topics, *, today: date | None) -> Report:
    """Make a report of a file's bytes; *today* is None where no day lies in the future."""
    try:
        file = _File(path, _text(data), source)
        head = header.split(file.text)
        problems = list(_before(file, head.values))
        if status_of(tuple(problems)) is Status.SKIPPED:
            return _report(file, None, problems)
        digest = _digest(_draft(file, head, problems), topics, problems)
    except UnusableError as error:
        return Report(path, Status.INVALID, None, (error.problem,))
    problems += judgement.of_digest(digest, source, today)
    told = [headline.text for headline in digest.headlines]
    problems += slips.slips(digest.title, told, head.body, head.lines)
    return _report(file, digest, problems)


def _report(file: _File, digest: Digest | None, problems: Iterable[Problem]) -> Report:
    located = tuple(_located(problem, file.text) for problem in problems)
    return Report(file.path, status_of(located), digest, located)


def _located(problem: Problem, text: str) -> Problem:
    """Find the line of the field that a problem is about."""
    if problem.line or problem.code not in FIELDS:
        return problem
    names = "|".join(FIELDS[problem.code])
    field = re.search(rf"^(?:{names})[ \t]*[:=]", text, re.MULTILINE | re.IGNORECASE)
    line = text.count("\n", 0, field.start()) + 1 if field else None
    return replace(problem, line=line)


def _draft(file: _File, head: header.Header, problems: list[Problem]) -> _Draft:
    body = tree.read(head.body, head.lines)
    if body.cut_at is not None:
        problems.append(problem(Code.TOO_DEEP, line=body.cut_at))
    kept = footers.without_footers(body.nodes, file.source.drop)
    problems += _left_out(kept.left_out)
    problems += _lost_links([*(one for node in kept.nodes for one in node.lost), *body.lost])
    nodes, heading = _without_title(kept.nodes)
    return _Draft(file, head.values, nodes, body.notes, heading)


def _left_out(nodes: Sequence[tree.Node]) -> Iterator[Problem]:
    """Quote the first of the blocks that were taken for advertising, and say how many they are."""
    blocks = [node for node in nodes if not isinstance(node.block, Rule)]
    if blocks:
        read = "1 block reads" if len(blocks) == 1 else f"{len(blocks)} blocks read"
        about = block_text(blocks[0].block)
        yield problem(Code.LEFT_OUT, line=blocks[0].line, about=about, detail=read)


def _lost_links(lost: Sequence[tree.Lost]) -> Iterator[Problem]:
    """Name the first of the links that readers do not get, and how many there are."""
    if lost:
        have = "1 link has" if len(lost) == 1 else f"{len(lost)} links have"
        first = lost[0]
        yield problem(Code.LINK_IGNORED, line=first.line, about=first.address, detail=have)


def _text(data: bytes) -> str:
    if len(data) > MAX_BYTES:
        raise UnusableError(problem(Code.TOO_LARGE, limit=f"{MAX_BYTES // 1_000_000} MB"))
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise UnusableError(problem(Code.NOT_UTF8, line=line)) from error
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", _LOST)
    # A machine that lost its power leaves files that are zeros from end to end.
    if not text.strip().strip(_LOST):
        raise UnusableError(problem(Code.EMPTY))
    _refuse_bulk(text)
    return text


def _refuse_bulk(text: str) -> None:
    """Bound what Markdown can cost: each mark may become several tokens."""
    if len(text) > MAX_CHARACTERS:
        raise UnusableError(problem(Code.TOO_LARGE, limit=f"{MAX_CHARACTERS:,} characters"))
    if text.count("\n") > MAX_LINES:
        raise UnusableError(problem(Code.TOO_COMPLEX, detail="lines"))
    if len(text) > MAX_MARKS < sum(map(text.count, _MARKS)):
        raise UnusableError(problem(Code.TOO_COMPLEX, detail="markup"))


def _before(file: _File, values: Mapping[str, object]) -> Iterator[Problem]:
    if judgement.is_index_page(file.path):
        yield problem(Code.INDEX_PAGE)
    yield from judgement.of_header(values, file.source)
    if (line := _conflict(file.text)) is not None:
        yield problem(Code.CONFLICT, line=line)
    lost = file.text.find(_LOST)
    if lost >= 0:
        yield problem(Code.BROKEN_CHARACTERS, line=file.text.count("\n", 0, lost) + 1)


def _conflict(text: str) -> int | None:
    """Find the line where the marks of a merge begin."""
    if "<<<<<<< " not in text:
        return None
    ours = _OURS.search(text)
    both = ours and _THEIRS.search(text, ours.end())
    return text.count("\n", 0, ours.start()) + 1 if ours and both else None


def _digest(draft: _Draft, topics: Topics, problems: list[Problem]) -> Digest:
    (path, text, source), values = draft.file, draft.values
    when = _when(draft, problems)
    root = outline(draft.body)
    contents = items.contents(with_notes(formats.read(root), draft.notes), topics)
    return Digest(
        id=digest_id(path, source.name, when.day),
        source=source.name,
        language=_language(draft),
        day=when.day,
        title=_title(draft, when, problems),
        headlines=headlines.headlines(values, root, contents, problems),
        sections=contents.sections,
        content_hash=blake2b(text.encode(), digest_size=16).hexdigest(),
        cover=_cover(values, problems),
        published=when.published,
    )


def _when(draft: _Draft, problems: list[Problem]) -> When:
    if when := dates.authored(draft.values):
        return when
    named = dates.in_path(draft.file.path)
    day = named.day if named else dates.in_text(draft.heading or _first_heading(draft))
    if day is None:
        fault = _located(problem(Code.NO_DATE), draft.file.text)
        raise UnusableError(replace(fault, line=fault.line or 1))
    if (written := dates.unusable(draft.values)) is not None:
        problems.append(problem(Code.DATE_IGNORED, about=written))
    return When(day)


def _title(draft: _Draft, when: When, problems: list[Problem]) -> str:
    title = draft.values.get("title")
    words = " ".join(str(title).split()) if isinstance(title, str | int | float | date) else ""
    found = words or draft.heading or _first_heading(draft)
    if not found:
        problems.append(problem(Code.NO_TITLE, line=1))
    source = draft.file.source
    return found or f"{source.title or source.name} {when.day.isoformat()}".strip()


def _first_heading(draft: _Draft) -> str:
    headings = (node.block for node in draft.body if isinstance(node.block, Heading))
    return next((plain(heading.children) for heading in headings), "")


def _without_title(nodes: tuple[tree.Node, ...]) -> tuple[tuple[tree.Node, ...], str]:
    """Take the heading of the whole digest off its body."""
    places = [index for index, node in enumerate(nodes) if isinstance(node.block, Heading)]
    levels = [node.block.level for node in nodes if isinstance(node.block, Heading)]
    if not places or (len(levels) > 1 and min(levels[1:]) <= levels[0]):
        return nodes, ""
    first = nodes[places[0]].block
    title = plain(first.children) if isinstance(first, Heading) else ""
    if levels[0] > 1 and (len(levels) == 1 or not dates.in_text(title)):
        return nodes, ""
    return nodes[: places[0]] + nodes[places[0] + 1 :], title


def _language(draft: _Draft) -> str:
    values = draft.values
    named = values.get("lang") or values.get("language")
    if isinstance(named, str) and named.strip():
        return named.strip()
    return draft.file.source.language or language_of(draft.file.text[:20_000])


def _cover(values: Mapping[str, object], problems: list[Problem]) -> str | None:
    found = (values.get(field) for field in COVERS)
    named = (value.get("image") if isinstance(value, dict) else value for value in found)
    written = [value for value in named if isinstance(value, str) and value.strip()]
    urls = (url for url in map(absolute, written) if url and url.startswith("http"))
    cover = next(urls, None)
    if written and not cover:
        problems.append(problem(Code.COVER_IGNORED, about=written[0]))
    return cover
