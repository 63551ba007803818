"""A file's bytes to a report with its digest. Pure: no files, no clock; never raises."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from hashlib import blake2b
from typing import NamedTuple

from bot.digests import dates, footers, formats, header, headlines, items, judgement, tree
from bot.digests.dates import When
from bot.digests.identity import digest_id
from bot.digests.inlines import absolute, plain
from bot.digests.outline import outline
from bot.digests.problems import Code, UnusableError, problem, status_of
from bot.digests.scripts import language_of
from bot.digests.topics import Topics
from bot.model import Digest, Heading, Problem, Report, Source, Status

MAX_BYTES = 5_000_000
MAX_CHARACTERS = 1_000_000
MAX_LINES = 20_000
MAX_MARKS = 100_000

_MARKS = "|*_[`<&~!"
_COVERS = ("coverimage", "cover", "image", "banner", "thumbnail", "featured_image")
_LOST = "\N{REPLACEMENT CHARACTER}"


class _Draft(NamedTuple):
    """A digest under construction."""

    path: str
    text: str
    header: header.Header
    body: tuple[tree.Node, ...]
    heading: str


def parse(data: bytes, path: str, source: Source, topics: Topics, *, today: date | None) -> Report:
    """Make a report of a file's bytes; *today* is None where no day lies in the future."""
    try:
        text = _text(data)
        head = header.split(text)
        problems = list(_before(text, head, path, source))
        if status_of(tuple(problems)) is Status.SKIPPED:
            return Report(path, Status.SKIPPED, None, tuple(problems))
        return _report(text, head, path, source, topics, today, problems)
    except UnusableError as error:
        return Report(path, Status.INVALID, None, (error.problem,))


def _report(
    text: str,
    head: header.Header,
    path: str,
    source: Source,
    topics: Topics,
    today: date | None,
    problems: list[Problem],
) -> Report:
    body = tree.read(head.body, head.lines)
    if body.cut_at is not None:
        problems.append(problem(Code.TOO_DEEP, line=body.cut_at))
    nodes, heading = _without_title(footers.without_footers(body.nodes, source.drop))
    draft = _Draft(path, text, head, nodes, heading)
    digest = _digest(draft, source, topics, problems)
    problems += judgement.of_digest(digest, source, today)
    return Report(path, status_of(tuple(problems)), digest, tuple(problems))


def _text(data: bytes) -> str:
    if len(data) > MAX_BYTES:
        raise UnusableError(problem(Code.TOO_LARGE, limit=f"{MAX_BYTES // 1_000_000} MB"))
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise UnusableError(problem(Code.NOT_UTF8, line=line)) from error
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", _LOST)
    if not text.strip():
        raise UnusableError(problem(Code.EMPTY))
    _refuse_bulk(text)
    return text


def _refuse_bulk(text: str) -> None:
    """Bound what Markdown can cost: each mark may become several tokens."""
    if len(text) > MAX_CHARACTERS:
        raise UnusableError(problem(Code.TOO_LARGE, limit=f"{MAX_CHARACTERS} characters"))
    if text.count("\n") > MAX_LINES:
        raise UnusableError(problem(Code.TOO_COMPLEX, detail="lines"))
    if sum(map(text.count, _MARKS)) > MAX_MARKS:
        raise UnusableError(problem(Code.TOO_COMPLEX, detail="markup"))


def _before(text: str, head: header.Header, path: str, source: Source) -> Iterator[Problem]:
    if judgement.is_index_page(path):
        yield problem(Code.INDEX_PAGE)
    yield from judgement.of_header(head.values, source)
    lost = text.find(_LOST)
    if lost >= 0:
        yield problem(Code.BROKEN_CHARACTERS, line=text.count("\n", 0, lost) + 1)


def _digest(draft: _Draft, source: Source, topics: Topics, problems: list[Problem]) -> Digest:
    values = draft.header.values
    when = _when(draft, problems)
    root = outline(draft.body)
    sections = items.sections(formats.read(root), topics)
    return Digest(
        id=digest_id(draft.path, source.name, when.day),
        source=source.name,
        language=_language(draft, source),
        day=when.day,
        title=_title(draft, source, when, problems),
        headlines=headlines.headlines(values, root, sections),
        sections=sections,
        content_hash=blake2b(draft.text.encode(), digest_size=16).hexdigest(),
        cover=_cover(values),
        published=when.published,
    )


def _when(draft: _Draft, problems: list[Problem]) -> When:
    if when := dates.authored(draft.header.values):
        return when
    named = dates.in_path(draft.path)
    day = named.day if named else dates.in_text(draft.heading or _first_heading(draft))
    if day is None:
        raise UnusableError(problem(Code.NO_DATE, line=1))
    if (written := dates.unusable(draft.header.values)) is not None:
        problems.append(problem(Code.DATE_IGNORED, line=1, detail=written))
    return When(day)


def _title(draft: _Draft, source: Source, when: When, problems: list[Problem]) -> str:
    title = draft.header.values.get("title")
    words = " ".join(title.split()) if isinstance(title, str) else ""
    found = words or draft.heading or _first_heading(draft)
    if not found:
        problems.append(problem(Code.NO_TITLE, line=1))
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


def _language(draft: _Draft, source: Source) -> str:
    values = draft.header.values
    named = values.get("lang") or values.get("language")
    if isinstance(named, str) and named.strip():
        return named.strip()
    return source.language or language_of(draft.text[:20_000])


def _cover(values: Mapping[str, object]) -> str | None:
    for field in _COVERS:
        value = values.get(field)
        value = value.get("image") if isinstance(value, dict) else value
        if isinstance(value, str) and (url := absolute(value)) and url.startswith("http"):
            return url
    return None
