"""The faster parser against the library's own: the same tokens for any text."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.common.normalize_url import normalizeLink
from markdown_it.rules_core import text_join
from markdown_it.rules_core.state_core import StateCore
from markdown_it.token import Token
from mdit_py_plugins.footnote import footnote_plugin

from bot.digests import header, markdown

LIBRARY = MarkdownIt("commonmark", {"maxNesting": markdown.MAX_DEPTH})
LIBRARY.enable(["table", "strikethrough"]).use(footnote_plugin, inline=False)

PIECES = st.sampled_from(
    [
        *("# ", "## ", "- ", "* ", "+ ", "1. ", "12) ", "> ", "---", "***", "===", "```", "~~~"),
        *("\n", "\n", "\n\n", "  ", "    ", "\t", "  \n", "\\\n", "|", "a|b\n-|-\nc|d", "|-|\n"),
        *(
            "*",
            "**",
            "_",
            "__",
            "~~",
            "`",
            "``",
            "[",
            "]",
            "(",
            ")",
            "![",
            "](",
            "](https://a.b/c)",
        ),
        *("<", ">", "<b>", "</b>", "<!-- ", " -->", "<div>", "<https://a.b>", "&amp;", "&", "\\*"),
        *(
            "[a]: https://e.org 'x'",
            "[a]",
            "[^1]",
            "[^1]: ",
            "https://例.org/?a=ü",
            "%zz",
            "!",
            ":",
        ),
        *("word", "字", "，", "“引”", "1", "é"),
    ]
)


def library(text: str) -> list[dict[str, object]]:
    return [dict(token.as_dict()) for token in LIBRARY.parse(text)]


def ours(text: str) -> list[dict[str, object]]:
    found: list[Token] = markdown.tokens(text)
    text_join(StateCore("", LIBRARY, {}, found))
    return [dict(token.as_dict()) for token in found]


@settings(max_examples=400, deadline=None)
@given(st.lists(PIECES, max_size=30).map("".join))
def test_any_markdown_gives_the_same_tokens(text: str) -> None:
    assert ours(text) == library(text)


@given(st.text("ab./?#&=%41:;@!*'()-_~+,$[]é ", max_size=20))
def test_addresses_are_escaped_alike(path: str) -> None:
    url = f"https://example.org/{path}"

    assert markdown.parser().normalizeLink(url) == normalizeLink(url)


def test_real_digests_give_the_same_tokens(corpora: Path) -> None:
    paths = [path for path in sorted(corpora.rglob("*.md")) if path.stat().st_size < 50_000]

    for path in paths:
        body = header.split(path.read_text("utf-8-sig", "replace")).body
        assert ours(body) == library(body), path


@pytest.mark.parametrize("text", ["", "\n", " ", "#", "- ", "\n\n- a\n\n  b\n---\nc\n==="])
def test_edges_give_the_same_tokens(text: str) -> None:
    assert ours(text) == library(text)
