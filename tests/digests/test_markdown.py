"""The faster parser against the library's own: the same tree for any text."""

from __future__ import annotations

from itertools import product
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.common.normalize_url import normalizeLink
from mdit_py_plugins.footnote import footnote_plugin

from bot.digests import header, markdown, tree


class Library(MarkdownIt):
    """The library's parser, to which any address is one: which are shown is settled later."""

    def validateLink(self, url: str) -> bool:  # noqa: N802  # the name is the library's
        return True


LIBRARY = Library("commonmark", {"maxNesting": markdown.MAX_DEPTH})
LIBRARY.enable(["table", "strikethrough"]).use(footnote_plugin, inline=False)
LIBRARY.core.ruler.before("footnote_tail", "flat_notes", markdown.flat_notes)

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
            "`字`",
            "[字](https://a.b/c)",
            "[字](http://a.b)",
            "**[字](https://a.b/)**",
            "![",
        ),
    ]
)


# How lines begin that may be a block of their own, or belong to the one above them.
BEGINNINGS = (
    *("", " ", "  ", "   ", "    ", "\t", "\u3000", "\u00a0", "\f", "\u2028", "\\"),
    *("- ", "* ", "+ ", "-", "-  ", "-     ", "-\t", "  - ", "    - ", "- - ", "- 1. "),
    *("1. ", "2. ", "1) ", "2.", "1.\t", "1.x", "1- ", "2. - ", "   1. "),
    *("123456789. ", "1234567890. "),
    *("# ", "## ", "###### ", "####### ", "#", "##x", "#\t", " # ", "- # ", "> ", ">", "> - "),
    *("---", "--- ", "- - -", "***", "* * *", "___", "___\u00a0", "--", "====", "=", "= "),
    *("```", "~~~", "<div>", "</div>", "<!--", "-->", "<b>", "<pre>", "<?"),
    *("字 | b", "# a | b", "| ", "|-|-|", "-|-", ":-: | :-:", ":"),
    *("[x]: /y", "[^1]: ", "[^1]", "[x]", "**a** ", "**a**"),
)
WORDS = st.sampled_from(
    [
        *("", "word", "two words", "字", "字，字。", "5% - 3", "1. 2", "# x", "C#", "a|b", "&lt;"),
        *("**字**", "**字：**", "**字：** 字", "**a**b", "**[字](https://a.b/)**", "*字*", "`c`"),
        *("[字](https://a.b/c)", "[字][x]", "字[^1]", "![字](https://a.b/)", "<b>字</b>"),
    ]
)
ENDINGS = st.sampled_from(
    [
        *("", "  ", " ", "\t", "\\", " #", " ##", "#", "\u3000", "\u00a0", "\f", "\u2028"),
        *("|", " | b", ":", "：", "**", "`", "&amp;", "&", "!", "<br>", "](", "]:", "~", "_"),
    ]
)
# Nearly all that digests are written in, which is read without the library.
SIMPLE_LINES = st.sampled_from(
    [
        *("字", "word", "**字：**", "**字：** ", "[字](https://a.b/)", "  ", "---", "***"),
        *("# 字", "### 字", "- 字", "- **字**：字", "* 字", "1. 字", "2. 字", "2) 字"),
    ]
)
LINES = st.tuples(st.sampled_from(BEGINNINGS), WORDS, ENDINGS).map("".join)
DOCUMENTS = st.lists(
    st.just("") | SIMPLE_LINES | st.sampled_from(BEGINNINGS) | LINES,
    max_size=14,
).map("\n".join)


def library(text: str) -> tree.Body:
    return tree.of_tokens(LIBRARY.parse(text))


@settings(max_examples=600)
@given(st.lists(PIECES, max_size=30).map("".join))
def test_any_markdown_is_read_alike(text: str) -> None:
    assert tree.read(text) == library(text)


@settings(max_examples=500)
@given(DOCUMENTS)
def test_any_lines_are_read_alike(text: str) -> None:
    assert tree.read(text) == library(text)


def test_any_two_lines_are_read_alike() -> None:
    words = [f"{beginning}字" for beginning in BEGINNINGS]

    for first, second in product(words, (*BEGINNINGS, *words)):
        text = f"{first}\n{second}"
        assert tree.read(text) == library(text), text


@given(st.text("abxn.-1", max_size=8), st.text("ab./?#&=%41:;@!*'()-_~+,$[]é ", max_size=20))
def test_addresses_are_escaped_alike(host: str, path: str) -> None:
    url = f"https://a{host}{path}"

    assert markdown.parser().normalizeLink(url) == normalizeLink(url)


def test_real_digests_are_read_alike(corpora: Path) -> None:
    paths = [path for path in sorted(corpora.rglob("*.md")) if path.stat().st_size < 50_000]

    for path in paths:
        body = header.split(path.read_text("utf-8-sig", "replace")).body
        assert tree.read(body) == library(body), path


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n",
        " ",
        "#",
        "- ",
        "\n\n- a\n\n  b\n---\nc\n===",
        "字\n`字`\n字\n**字**\na",
        "`a `` b`",
    ],
)
def test_edges_are_read_alike(text: str) -> None:
    assert tree.read(text) == library(text)
