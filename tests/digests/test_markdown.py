"""The faster parser against the library's own: the same tokens and tree for any text."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.common.normalize_url import normalizeLink
from markdown_it.token import Token
from mdit_py_plugins.footnote import footnote_plugin

from bot.digests import header, markdown, tree


class Library(MarkdownIt):
    """The library's parser, to which any address is one: which are shown is settled later."""

    def validateLink(self, url: str) -> bool:  # noqa: N802  # the name is the library's
        return True


LIBRARY = Library("commonmark", {"maxNesting": markdown.MAX_DEPTH})
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
            "](javascript:a)",
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
        *("word", "字", "，", "“引”", "1", "é", "：", " ", "\u3000"),
        *(
            "**字**",
            "**字：**",
            "**字** ",
            "[字](https://a.b/c)",
            "[字](http://a.b)",
            "**[字](https://a.b/)**",
            "![",
        ),
    ]
)


def library(text: str) -> tuple[list[dict[str, object]], tree.Body]:
    found = LIBRARY.parse(text)
    return list(map(plain, found)), tree.of_tokens(found)


def ours(text: str) -> tuple[list[dict[str, object]], tree.Body]:
    found: list[Token] = markdown.tokens(text)
    return list(map(plain, found)), tree.of_tokens(found)


def plain(token: Token) -> dict[str, object]:
    """Leave out the words, which the tree shows; they are not always read by tokens."""
    fields = dict(token.as_dict(children=False))
    return fields | {"children": None, "meta": None} if token.type == "inline" else fields


@settings(max_examples=600)
@given(st.lists(PIECES, max_size=30).map("".join))
def test_any_markdown_is_read_alike(text: str) -> None:
    assert ours(text) == library(text)


@given(st.text("abxn.-1", max_size=8), st.text("ab./?#&=%41:;@!*'()-_~+,$[]é ", max_size=20))
def test_addresses_are_escaped_alike(host: str, path: str) -> None:
    url = f"https://a{host}{path}"

    assert markdown.parser().normalizeLink(url) == normalizeLink(url)


def test_real_digests_are_read_alike(corpora: Path) -> None:
    paths = [path for path in sorted(corpora.rglob("*.md")) if path.stat().st_size < 50_000]

    for path in paths:
        body = header.split(path.read_text("utf-8-sig", "replace")).body
        assert ours(body) == library(body), path


@pytest.mark.parametrize("text", ["", "\n", " ", "#", "- ", "\n\n- a\n\n  b\n---\nc\n==="])
def test_edges_are_read_alike(text: str) -> None:
    assert ours(text) == library(text)
