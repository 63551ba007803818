"""No sentence that people see stands outside the catalogues."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

BOT = Path(__file__).parents[2] / "bot"
FOLDERS = ("app", "handlers", "rendering", "services", "web")
FILES = [
    *(path for folder in FOLDERS for path in sorted((BOT / folder).rglob("*.py"))),
    BOT / "parts.py",
    BOT / "telegram_api" / "directory.py",
    BOT / "sandbox" / "terminal.py",
    BOT / "sandbox" / "transcript.py",
]

# What gives words to people: a literal with a letter in it needs a translation.
SHOWING = {
    *("say", "notice", "acknowledge", "Button", "button", "BotCommand", "Message", "label"),
    *("line", "bold", "plain", "Rich", "answer", "send_message", "edit_message_text"),
}
TRANSLATING = {"w", "_w", "plural"}
# What is said to operators, or to nobody: events of the log, patterns, faults of the program.
SILENT = {
    *("debug", "info", "warning", "error", "exception", "compile", "get_logger", "execute"),
    *("create_task", "_patience", "Rejected", "Thread", "TypeVar", "Response"),
}
# What machines and operators read, and what people may type.
KNOWN = {
    # A reason, which is put into words where it is shown.
    "not known whether it arrived",
    "the disk must have room, and the bot's user must be allowed to write there",
    "BOT_TOKEN: Telegram does not know this token; @BotFather shows the right one",
    "the folder is empty",
    "default-src 'none'; img-src http: https:; style-src 'unsafe-inline'",
    "width=device-width, initial-scale=1",
    "\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef",
    "Authorization: Basic ",
    "@群",
}
WORD = r"[^\W\d_]{2,}"
SENTENCE = re.compile(rf"{WORD}[ ,;:]+{WORD}|[\u4e00-\u9fff]|^[A-Z][a-z]{{2,}}[.!?…]?$")
LETTER = re.compile(r"[^\W\d_]")


class Literals(ast.NodeVisitor):
    """Collects strings that look as if people saw them."""

    def __init__(self) -> None:
        self.found: list[tuple[int, str]] = []

    def visit_Call(self, node: ast.Call) -> None:
        """Pass over what is translated or said to nobody."""
        name = getattr(node.func, "id", getattr(node.func, "attr", ""))
        if name in TRANSLATING | SILENT:
            return
        if name in SHOWING:
            # The first word of a command is what people type.
            for argument in node.args[name == "BotCommand" :]:
                self.found += [one for one in _texts(argument) if LETTER.search(one[1])]
        self.generic_visit(node)

    def visit_Raise(self, node: ast.Raise) -> None:
        """Pass over faults of the program."""

    def visit_Compare(self, node: ast.Compare) -> None:
        """Pass over what the words of others are compared with."""

    def visit_Expr(self, node: ast.Expr) -> None:
        """Pass over docstrings."""
        if not isinstance(node.value, ast.Constant):
            self.generic_visit(node)

    def visit_Constant(self, node: ast.Constant) -> None:
        """Take what reads like a sentence."""
        text = node.value
        if not isinstance(text, str) or text in KNOWN or text.startswith("<"):
            return
        if SENTENCE.search(text):
            self.found.append((node.lineno, text))


def _texts(node: ast.expr) -> Iterator[tuple[int, str]]:
    """Give the literals that an argument is put together from."""
    match node:
        case ast.Constant(str() as text):
            yield node.lineno, text
        case ast.JoinedStr(values) | ast.List(values) | ast.Tuple(values):
            yield from (text for value in values for text in _texts(value))
        case ast.BinOp(left, _, right) | ast.IfExp(_, left, right):
            yield from (*_texts(left), *_texts(right))


def literals(source: str) -> list[str]:
    """Find what people would see in a module."""
    visitor = Literals()
    visitor.visit(ast.parse(source))
    return [f"{line}: {text}" for line, text in sorted(set(visitor.found))]


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(BOT)))
def test_all_words_that_people_see_are_in_the_catalogues(path: Path) -> None:
    assert literals(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    "source",
    [
        "say(update, context, 'Done')",
        "notice(f'Hello {name}')",
        "button('Next' if more else '', Day(day))",
        "x = 'Two words'",
        "x = '你好'",
        "Button(label(w('Next') + ' page'), url=url)",
        "return '\\n'.join([w('Yes'), 'and no'])",
        "return 'Done'",
        "text = 'Looking…' if busy else name",
    ],
)
def test_a_sentence_in_the_code_is_found(source: str) -> None:
    assert len(literals(f"def f():\n    {source}")) == 1


@pytest.mark.parametrize(
    "source",
    [
        "say(update, context, w('Done and done'))",
        "log.info('digest not pushed', path=path)",
        "raise ValueError('no such thing')",
        "'A docstring of words'",
        "re.compile('two words')",
        "x = {'callback_data': data}",
        "button(f'‹ {w.short_day(day)}', Day(day))",
        "Answer = TypeVar('Answer')",
        "return 'done'",
        "return 'Lu'",
    ],
)
def test_what_nobody_sees_is_passed_over(source: str) -> None:
    assert literals(f"def f():\n    {source}") == []
