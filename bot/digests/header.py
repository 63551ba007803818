"""Separates what an author says about a digest (front matter of any kind) from its body."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from typing import Any, NamedTuple

import yaml
from frontmatter.default_handlers import BaseHandler, YAMLHandler
from msgspec.structs import replace

from bot.digests.problems import Code, UnusableError, problem

MAX_HEADER = 64_000
MAX_DEPTH = 12

_SafeLoader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
# What stays as it was written: a title may be 1.10, 2026 or yes.
_KINDS = ("tag:yaml.org,2002:null", "tag:yaml.org,2002:timestamp", "tag:yaml.org,2002:merge")
_RESOLVERS = {
    char: [(tag, form) for tag, form in known if tag in _KINDS]
    for char, known in _SafeLoader.yaml_implicit_resolvers.items()
}
_Loader: Any = type("_Loader", (_SafeLoader,), {"yaml_implicit_resolvers": _RESOLVERS})


def _instant(loader: Any, node: Any) -> object:
    """Read a date, or the text where there is no such day: another date may be found."""
    try:
        return loader.construct_yaml_timestamp(node)
    except ValueError:
        return node.value


_Loader.add_constructor("tag:yaml.org,2002:timestamp", _instant)
_FIELD = re.compile(r"([A-Za-z][\w-]{0,40}):[ \t]+(.*)")
_NAME = r"""(?:"[^"\n]*+"|'[^'\n]*+'|[\w-]++)"""
_DOTTED = re.compile(rf"(?<![\w-])(?:{_NAME}[ \t]*+[.][ \t]*+){{{MAX_DEPTH}}}{_NAME}")
_LINE = re.compile(r"at line (\d+)")
# What YAML needs in order to be deep or to repeat itself: anchors, deep indentation, several
# marks of entries in a line, lines that end in another way, brackets.
_MAY_BE_BOMB = re.compile(r"[&*\t\x85\u2028\u2029]|^(?: {4}| *\?)|[-?:] +[-?:] ", re.MULTILINE)
_FEW_BRACKETS = 3
_OPENS = r"(?:---|\+\+\+)[ \t]*\n\s*[\w\"'-]+[ \t]*[:=]"
_RULE = re.compile(rf"(?!{_OPENS})---[ \t]*\n(?:[ \t]*\n|#+ )")
# What publishers get wrong most: a full-width colon, or one without a blank; a body that begins
# before a closing line.
_COLON = re.compile(r"^([A-Za-z][\w-]*)[ \t]*(?:：|:(?=[^\s:/]))", re.MULTILINE)
_BODY = re.compile(r"\n[ \t]*+\n(?=#{1,6} |(?![ \t-])[^:=\n]+$)", re.MULTILINE)
# What may hide front matter: blanks, invisible characters, comments and a fence around it all.
_HIDING = re.compile(
    r"(?>(?:[\s\ufeff\u200b\u2060]|(?><!--.*?-->))*)"
    rf"(?P<fence>`{{3,}})?(?(fence)\w*\s*\n)(?={_OPENS})",
    re.DOTALL,
)
_SECOND = re.compile(r"^(?:---|\+\+\+)[ \t]*\n(?:title|date)[ \t]*[:=]", re.MULTILINE)
# A value that is nothing else; beside words it may be news.
_UNFILLED = re.compile(
    r"^(?:(?:[\w-]+[ \t]*[:=]|[ \t]*-)[ \t]*[\"']?(?:\{\{[^{}\n]*\}\}|\[object Object\])|"
    r"title[ \t]*[:=][ \t]*[\"']?undefined)[\"']?[ \t]*$",
    re.MULTILINE,
)


class Header(NamedTuple):
    """The author's fields (names in lower case), the body, and how many lines stand before it."""

    values: Mapping[str, object]
    body: str
    lines: int


class _Yaml(YAMLHandler):
    """YAML without anchors or depth: neither can blow up in memory."""

    def load(self, fm: str, **_: object) -> Any:  # the library's signature
        """Parse YAML of bounded shape."""
        if _may_be_bomb(fm):
            _refuse_bombs(fm)
        return yaml.load(fm, Loader=_Loader)  # noqa: S506  # a safe loader


class _Toml(BaseHandler):
    """TOML by the standard library, whose time and memory grow with the square of a name's dots."""

    FM_BOUNDARY = re.compile(r"^\+{3,}\s*$", re.MULTILINE)

    def load(self, fm: str, **_: object) -> Any:  # the library's signature
        """Parse TOML of bounded depth."""
        if deep := _DOTTED.search(fm):
            raise _bad("it is nested too deep", fm.count("\n", 0, deep.start()) + 1)
        return tomllib.loads(fm)


_HANDLERS = (_Yaml(), _Toml())


def split(text: str) -> Header:
    """Split front matter, Pelican's header lines or nothing from the body.

    Raises:
        UnusableError: there is front matter, but it cannot be read.
    """
    hiding = _HIDING.match(text)
    rest = text[hiding.end() :] if hiding else text.lstrip("\n")
    handler = next((handler for handler in _HANDLERS if handler.detect(rest)), None)
    if handler and _RULE.match(rest) and not _holds_fields(handler, rest):
        handler = None
    before = text.count("\n") - rest.count("\n")
    try:
        head = _fenced(handler, rest) if handler else _unfenced(rest)
    except UnusableError as error:
        line = (error.problem.line or 1) + before
        raise UnusableError(replace(error.problem, line=line)) from error
    if hiding and hiding["fence"]:
        head = head._replace(body=_without_fence(head.body, hiding["fence"]))
    return _checked(head._replace(lines=head.lines + before))


def _holds_fields(handler: BaseHandler, text: str) -> bool:
    """Tell front matter that begins with a blank line from a body that begins with a rule."""
    try:
        return bool(_fenced(handler, text).values)
    except UnusableError:
        return False


def _without_fence(body: str, fence: str) -> str:
    """Blank the line that closes the fence around a file, or around its front matter alone."""
    if body.lstrip("\n").startswith(f"{fence}\n"):
        return body.replace(fence, "", 1)
    return body.rstrip().removesuffix(f"\n{fence}") + "\n"


def _checked(head: Header) -> Header:
    """Refuse what was meant to be front matter and would be read as news."""
    beginning = re.split(r"^#", head.body, maxsplit=1, flags=re.MULTILINE)[0]
    if second := _SECOND.search(beginning):
        line = head.lines + beginning.count("\n", 0, second.start()) + 1
        raise UnusableError(problem(Code.LATE_FRONT_MATTER, line=line))
    return head


def _fenced(handler: BaseHandler, text: str) -> Header:
    try:
        matter, body = handler.split(text)
    except ValueError:
        raise _unclosed(text) from None
    if len(matter) > MAX_HEADER:
        raise _bad("it is too long", 1)
    if unfilled := _UNFILLED.search(matter):
        raise _bad("a template is not filled in", matter.count("\n", 0, unfilled.start()) + 1)
    try:
        fields = _fields(_load(handler, matter))
    except UnusableError as error:
        raise _mistaken(text, matter) or error from error
    return Header(fields, body, text.count("\n") - body.count("\n"))


def _mistaken(text: str, matter: str) -> UnusableError | None:
    """Name the mistake behind a fault that shows itself elsewhere."""
    if odd := _COLON.search(matter):
        line = matter.count("\n", 0, odd.start()) + 1
        return UnusableError(problem(Code.BAD_COLON, line=line, about=odd[0], detail=odd[1]))
    return _unclosed(text) if _BODY.search(matter) else None


def _unclosed(text: str) -> UnusableError:
    body = _BODY.search(text)
    end = body.start() if body else len(text.rstrip())
    line = text.count("\n", 0, end) + 2
    return UnusableError(problem(Code.NO_CLOSING_LINE, line=line, about=text[:3]))


def _load(handler: BaseHandler, matter: str) -> object:
    try:
        return handler.load(matter)
    except yaml.MarkedYAMLError as error:
        raise _misread(matter, error) from error
    except tomllib.TOMLDecodeError as error:
        found = _LINE.search(str(error))
        raise _bad(str(error), int(found[1]) if found else 1) from error
    except RecursionError as error:
        raise _bad("it is nested too deep", 1) from error
    except (yaml.YAMLError, ValueError, TypeError, OverflowError) as error:
        raise _bad(str(error), 1) from error


def _misread(matter: str, error: yaml.MarkedYAMLError) -> UnusableError:
    mark = error.context_mark if "quoted" in (error.context or "") else error.problem_mark
    line = mark.line if mark else 0
    # YAML knows more ends of lines.
    text = "".join(matter.split("\n")[line : line + 1])
    if field := _FIELD.fullmatch(text):
        return UnusableError(problem(Code.UNQUOTED, line=line + 1, about=field[1]))
    return _bad(error.problem or "broken YAML", line + 1)


def _may_be_bomb(matter: str) -> bool:
    """Most front matter is so plain that its depth need not be counted, which costs a parse."""
    brackets = matter.count("[") + matter.count("{")
    return brackets > _FEW_BRACKETS or bool(_MAY_BE_BOMB.search(matter))


def _refuse_bombs(matter: str) -> None:
    depth = line = 0
    for event in yaml.parse(matter, Loader=_Loader):
        line = event.start_mark.line + 1 if event.start_mark else line
        if isinstance(event, yaml.AliasEvent):
            raise _bad("it uses YAML anchors", line)
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > MAX_DEPTH:
            raise _bad("it is nested too deep", line)


def _fields(loaded: object) -> Mapping[str, object]:
    if loaded is None:
        return {}
    if not isinstance(loaded, dict):
        raise _bad("it is not a list of `name: value`", 1)
    return {str(name).lower(): value for name, value in loaded.items()}


def _unfenced(text: str) -> Header:
    """Read header lines without a fence, as Pelican has them."""
    values: dict[str, object] = {}
    lines = text.split("\n")
    for line in lines:
        field = _FIELD.fullmatch(line)
        if not field:
            break
        values[field[1].lower()] = field[2].strip()
    count = len(values)
    if not values.keys() & {"title", "date"} or "".join(lines[count : count + 1]).strip():
        return Header({}, text, 0)
    if sum(map(len, lines[:count])) > MAX_HEADER:
        raise _bad("it is too long", 1)
    return Header(values, "\n".join(lines[count:]), count)


def _bad(detail: str, line: int) -> UnusableError:
    return UnusableError(problem(Code.BAD_FRONT_MATTER, line=line, detail=detail))
