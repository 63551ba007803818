"""Recognises what stands where news should: refusals, logs, endless repetition, empty templates."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import NamedTuple

from bot.digests.problems import Code, problem
from bot.model import Problem

# What programs say of themselves. People say it, too, but of other deeds, and who quotes it puts
# it into quotation marks.
_CANNOT = (
    r"(?:can['’]?t|can ?not|could ?n['’]?t|am unable to|am not able to|do not have|don['’]?t have)"
)
_TASK = (
    r"(?:assist|help (?:you )?with|fulfil|comply|complete|browse|access|generate|provide|create|"
    r"process|retrieve|produce|summari[sz]e|continue|real-?time|the ability|any information)"
)
_DEED = (
    r"(?:直接|继续)?(?:访问|浏览|获取|联网|提供|生成|满足|完成|协助|帮助|帮你|帮您|为你|为您|回答|处理|打开|"
    r"读取|继续|查看|搜索|检索|执行|总结|创建|撰写|编写|按照|根据)"
)
# What a program says to the one person whom it works for.
_CHAT = (
    r"</think>|<think>.*</think>|"
    r"(?:sure|certainly|of course|absolutely|okay)[!,.] here(?:['’]s| is| are)\b|"
    r"here(?:['’]s| is| are) the .{0,30}\byou (?:requested|asked for)\b|would you like me to\b|"
    r"let me know if you(?:['’]d| would) (?:like|prefer|want) (?:me to|any changes|more detail)|"
    r"let me know if you need (?:any(?:thing else| further| changes)|more (?:detail|info))|"
    r"(?:当然|好的)(?:可以)?[！!，,。] ?(?:以下|这是|这里是|下面)|"
    r"(?:如需|如果?[你您]?还?需要|若[你您]?需要?)(?:更多|进一步|其他|更详细|补充|调整|修改).{0,24}告诉我"
)
_SAID = re.compile(
    rf"(?:(?:非常|很|十分|实在|真的)?(?:抱歉|对不起|不好意思|遗憾)[，,。！!：: ].{{0,16}})?"
    rf"(?:作为.{{0,12}}(?:AI|人工智能|模型|助手)\w{{0,4}}[，,]?)?"
    rf"我(?:目前|暂时|现在|仍|还)?(?:无法|不能|没有办法|没办法|不具备|没有权限){_DEED}.{{0,12}}"
    r"(?:您|你|请求|要求|互联网|网络|实时|外部|网页|链接|内容|日报|文章|新闻|信息|任务)|"
    rf"(?:i['’]?m (?:very |so |really )?sorry|i am sorry|sorry|i apologi[sz]e|unfortunately)[,.]? "
    rf"(?:but )?.{{0,40}}\bi {_CANNOT} .{{0,12}}\b{_TASK}|"
    rf"i(?:['’]m unable to| {_CANNOT}) {_TASK} .{{0,16}}\b(?:that|this|your|you|request)\b|"
    r"as an? (?:ai|artificial intelligence|(?:large )?language model)\b.{0,30}, i\b|"
    r"申し訳(?:ありません|ございません)が?、.{0,40}(?:できません|できかねます)|"
    rf"Traceback \(most recent call last\)|npm ERR!|{_CHAT}",
    re.IGNORECASE,
)
_MARKS = re.compile(r"(?>(?:[^\S\n]|[#*_+\-]|\d{1,2}[.、)])*)")
_LOG = re.compile(
    r'File ".*", line \d+|'
    r"at [\w$.<>]+\(.*:\d+\)|"
    r"\[?\d{4}[-/]\d\d[-/]\d\d[T ]\d\d:\d\d.{0,20}?\b(?:DEBUG|INFO|WARN|WARNING|ERROR|FATAL)\b|"
    r"\[?(?:DEBUG|INFO|WARNING|ERROR|FATAL)[\]:]|"
    r"panic: |[A-Za-z_.]+(?:Error|Exception): |"
    r'\{"(?:error|code|status|message)":'
)
# First looks at a whole text, in which most find nothing. What begins with a few characters that
# have no capitals is looked for several times as fast.
_BEGINS_SO = "(?=[!-~非很十实真抱对不遗作我申当好如若])"
_MAY_BE_SAID = re.compile(
    rf"\n{_MARKS.pattern}{_BEGINS_SO}(?:{_SAID.pattern}|{_LOG.pattern})", re.IGNORECASE
)
_MAY_BE_PLACE = re.compile(
    r"[\[【（(<{$](?:[{%]|在|请|此|插入|填|insert|your|enter|add|fill in|put|write|object)",
    re.IGNORECASE,
)
_PLACE = re.compile(
    r"(?:"
    r"(?<![{(])\{\{[^{}\n]{1,60}\}\}(?!\})|\{%[^{}\n]{1,60}%\}|<%=[^<>\n]{1,60}%>|(?<!\()\$\{[\w.]{1,40}\}|"
    r"[\[【（(<{](?:请|在此|请在此|此|在这里)处?(?:插入|填写|填入|输入|补充)[^\]】）)>}\n]{0,40}[\]】）)>}]|"
    r"[\[【](?:插入|填写|填入)[^\]】\n]{0,40}[\]】]|"
    r"[\[<{](?:insert|your|enter|add|fill in|put|write)\b[^\]>}\n]{1,40}[\]>}](?!\()|"
    r"\blorem ipsum dolor\b[^\n]*|\bundefined\b(?=[\W\d]*$)|\[object Object\])",
    re.IGNORECASE,
)
_FENCE = re.compile(r"\s*(?:`{3,}|~{3,})")
_CODE = re.compile(r"`[^`\n]*`")
_LONG = 1_500
# Of so many pieces of a text, this long, so many are found so often where it goes in circles.
_PIECES = 16
_PIECE = 8
_CIRCLING = 12
_OFTEN = 6
# Lists of long addresses repeat much, too, but never so much.
_LIVELY = 0.1


class _Line(NamedTuple):
    """A line outside of code and quotes, without the marks of Markdown before it."""

    number: int
    text: str
    is_heading: bool


def slips(title: str, headlines: Sequence[str], body: str, before: int) -> Iterator[Problem]:
    """Name what is no news; *before* the body stand so many lines."""
    said = [_Line(0, text, is_heading=True) for text in (title, *headlines)]
    whole = "\n".join(("", body, title, *headlines))
    goes_in_circles = _goes_in_circles(body)
    if goes_in_circles or _MAY_BE_SAID.search(whole):
        yield from _machine([*_lines(body, before), *said], goes_in_circles=goes_in_circles)
    if _may_be_unfilled(whole):
        yield from _unfilled([*_lines(body, before), *said])


def _lines(body: str, before: int) -> Iterator[_Line]:
    in_code = False
    for number, line in enumerate(body.split("\n"), before + 1):
        if _FENCE.match(line):
            in_code = not in_code
        elif line.strip() and not in_code and not line.startswith(("    ", "\t", ">", "|")):
            marks = _MARKS.match(line)
            text = line[marks.end() :] if marks else line
            yield _Line(number, text.rstrip("*_ "), line.lstrip().startswith("#"))


def _machine(lines: list[_Line], *, goes_in_circles: bool) -> Iterator[Problem]:
    """Name the first line that a program said, if any did."""
    said = next((line for line in lines if _SAID.match(line.text)), None) or _log(lines)
    if found := said or (lines[0] if goes_in_circles else None):
        yield problem(Code.MACHINE, line=found.number or None, about=found.text[:60])


def _log(lines: list[_Line]) -> _Line | None:
    """Find a log that is most of a text."""
    logged = [line for line in lines if _LOG.match(line.text)]
    return logged[0] if len(logged) * 2 > len(lines) else None


def _goes_in_circles(text: str) -> bool:
    """Tell whether a text says the same again and again."""
    if len(text) < _LONG:
        return False
    places = range(0, len(text) - _PIECE, len(text) // _PIECES)
    rare = (at for at in places if text.count(text[at : at + _PIECE]) < _OFTEN)
    # Most texts have enough of them at once.
    if next(islice(rare, len(places) - _CIRCLING, None), None) is not None:
        return False
    return _shrinks(text.encode("utf-8", "replace")[:65_536])


def _shrinks(data: bytes) -> bool:
    return len(zlib.compress(data, 1)) <= _LIVELY * len(data)


def _may_be_unfilled(text: str) -> bool:
    # Bytes fold their letters three times as fast.
    small = text.encode("utf-8", "replace").lower()
    return b"lorem" in small or b"undefined" in small or bool(_MAY_BE_PLACE.search(text))


def _unfilled(lines: list[_Line]) -> Iterator[Problem]:
    """Name the first line that is to be filled in."""
    doubtful = (line for line in lines if _may_be_unfilled(line.text))
    if unfilled := next(filter(_is_unfilled, doubtful), None):
        yield problem(Code.UNFILLED, line=unfilled.number or None, about=unfilled.text[:60])


def _is_unfilled(line: _Line) -> bool:
    """Tell whether places to be filled in stand in a heading, or are most of a line."""
    text = _CODE.sub("", line.text)
    left = _PLACE.sub("", text)
    return left != text and (line.is_heading or len(left) * 2 < len(text))
