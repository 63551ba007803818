"""Small rules of reading that whole texts show poorly."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from bot.digests import tree
from bot.digests.inlines import absolute, cut, plain
from bot.model import (
    Break,
    Code,
    Digest,
    Emphasis,
    Image,
    Inline,
    Link,
    Origin,
    Paragraph,
    Report,
    Status,
    Strike,
    Strong,
    Text,
)

HEAD = "---\ndate: 2026-01-02\ntitle: t\n{}\n---\n"
STORIES = "## 甲的故事\n\n甲做了一件事。\n\n## 乙的故事\n\n乙做了另一件事。\n"
Read = Callable[..., Digest]
Parse = Callable[..., Report]


def inlines(markdown: str) -> tuple[Inline, ...]:
    """Read one paragraph."""
    (node,) = tree.read(markdown).nodes
    assert isinstance(node.block, Paragraph)
    return node.block.children


@pytest.mark.parametrize(
    ("markdown", "expected"),
    [
        ("a **b** *c* ~~d~~ `e`", (
            Text("a "), Strong((Text("b"),)), Text(" "), Emphasis((Text("c"),)), Text(" "),
            Strike((Text("d"),)), Text(" "), Code("e"),
        )),
        ("[a](https://x.org)", (Link("https://x.org", (Text("a"),)),)),
        ("[a](//x.org)", (Link("https://x.org", (Text("a"),)),)),
        ("[a](/x) [b](#)", (Text("a b"),)),
        ("![a](https://x.org/i.png)", (Image("https://x.org/i.png", "a"),)),
        ("![a](/i.png) b", (Text("a b"),)),
        ("![](/i.png) b", (Text("b"),)),
        ("[go](javascript:alert(1)) on", (Text("go on"),)),
        ("[a](data:text/html,x) [b](vbscript:x) [c](file:///etc/passwd)", (Text("a b c"),)),
        ("![a](data:text/html,x)", (Text("a"),)),
        ("<img src='i.png' alt='a'> b", (Text("a b"),)),
        ("a<br>b<BR/>c", (Text("a"), Break(), Text("b"), Break(), Text("c"))),
        ("a <b>b <i>c</b> d", (
            Text("a "), Strong((Text("b "), Emphasis((Text("c"),)))), Text(" d"),
        )),
        ("<kbd>x</kbd> y", (Code("x"), Text(" y"))),
        ("<a href='https://x.org'>y</a>", (Link("https://x.org", (Text("y"),)),)),
        ("<a href='javascript:x'>y</a> <a>z</a>", (Text("y z"),)),
        ("a <script>x</script> b", (Text("a x b"),)),
        ("a </b> b", (Text("a  b"),)),
        ("<think>a</think>", (Text("<think>a</think>"),)),
        ("甲**“乙”**丙", (Text("甲"), Strong((Text("“乙”"),)), Text("丙"))),
        ("2 ** 3 ** 4", (Text("2 ** 3 ** 4"),)),
        ("甲**“乙", (Text("甲**“乙"),)),
        ("第一行\n第二行", (Text("第一行第二行"),)),
        ("one\ntwo", (Text("one two"),)),
    ],
)  # fmt: skip
def test_running_text(markdown: str, expected: tuple[Inline, ...]) -> None:
    assert inlines(markdown) == expected


def test_html_blocks_give_their_text() -> None:
    html = "<div>\n<p>a <b>b</b></p>\n<style>x</style>\n<custom>c</custom>\n</div>"

    assert inlines(html) == (
        Text("a "), Strong((Text("b"),)), Break(), Text("<custom>c</custom>"),
    )  # fmt: skip


def test_a_comment_is_nothing() -> None:
    assert tree.read("<!-- a -->\n\n<p></p>").nodes == ()


@pytest.mark.parametrize("section", ["<![# a>", "<![endif]>", "<![CDATA[a]]>", "<![>"])
def test_a_section_is_nothing(section: str) -> None:
    assert inlines(f"<div>{section}\nb</div>") == (Text("b"),)


def test_an_open_section_is_read() -> None:
    assert tree.read("<div><![# ").nodes


@pytest.mark.parametrize("url", ["", "x.org", "/a", "javascript:x", "https://", "http://[x", "a b"])
def test_addresses_that_lead_nowhere(url: str) -> None:
    assert absolute(url) is None


@pytest.mark.parametrize(
    "url", ["https://x.org", "mailto:a@x.org", "tg://user?id=1", "HTTP://x.org"]
)
def test_addresses_that_lead_somewhere(url: str) -> None:
    assert absolute(url) == url


def test_a_cut_loses_nothing() -> None:
    text = inlines("a **bold** [link](https://x.org) `code` and ![p](https://x.org/p) rest")
    for offset in range(len(plain(text)) + 2):
        left, right = cut(text, offset)
        assert plain((*left, *right)).replace(" ", "") == plain(text).replace(" ", "")


@pytest.mark.parametrize(
    ("fields", "origin", "texts"),
    [
        ('summary: "- 甲事\\n* 乙事"', Origin.SUMMARY, ["甲事", "乙事"]),
        ("summary: ['1. 甲事', '**乙**事', 3]", Origin.SUMMARY, ["甲事", "乙事"]),
        ('summary: "- 甲事\\n- @somebody\\n- 2026\\n- https://x.org/a"', Origin.SUMMARY, ["甲事"]),
        ('summary: "- 甲事；乙事"', Origin.SUMMARY, ["甲事", "乙事"]),
        ('summary: "甲事。乙事！"', Origin.SUMMARY, ["甲事。", "乙事！"]),
        (
            'summary: "[OpenAI](https://x.org/a_b) ships &amp; sells"',
            Origin.SUMMARY,
            ["OpenAI ships & sells"],
        ),
        ('summary: "- <b>甲</b>事\\n- 1 &lt; 2 么"', Origin.SUMMARY, ["甲事", "1 < 2 么"]),
        (
            'summary: "U.S. banks fail. Dr. Smith leaves. Mr. X stays."',
            Origin.SUMMARY,
            ["U.S. banks fail.", "Dr. Smith leaves.", "Mr. X stays."],
        ),
        (
            'summary: "Nvidia Corp. CEO speaks. Chess, e.g. Go, vs. AI. А. Пушкин. Sr. X."',
            Origin.SUMMARY,
            ["Nvidia Corp. CEO speaks.", "Chess, e.g. Go, vs. AI.", "А. Пушкин.", "Sr. X."],
        ),
        (
            'summary: "- -12% for the shares\\n- +5% for others\\n-$3bn in a day\\n–0.5 points"',
            Origin.SUMMARY,
            ["-12% for the shares", "+5% for others", "-$3bn in a day", "–0.5 points"],
        ),
        ("summary: 甲（A；B）涨；他说“乙；丙”；1）丁；2）戊（", Origin.SUMMARY,
         ["甲（A；B）涨", "他说“乙；丙”", "丁", "戊（"]),
        ("summary: 《甲；乙》出版；\"Stay; here\", he said; 丙", Origin.SUMMARY,
         ["《甲；乙》出版", '"Stay; here", he said', "丙"]),
        ("summary: '`__init__` and `a*b` are **code**'", Origin.SUMMARY,
         ["__init__ and a*b are code"]),
        ('summary: "17岁少年用AI"', Origin.SUMMARY, ["17岁少年用AI"]),
        ("summary: ''", Origin.ITEMS, ["甲的故事", "乙的故事"]),
        ("summary: {a: 1}", Origin.ITEMS, ["甲的故事", "乙的故事"]),
        ("description: 甲做了一件事、乙做了另一件、丙什么也没做", Origin.HIGHLIGHTS,
         ["甲做了一件事", "乙做了另一件", "丙什么也没做"]),
        ("description: 只是一句广告", Origin.ITEMS, ["甲的故事", "乙的故事"]),
    ],
)  # fmt: skip
def test_headlines_come_from_the_first_origin_that_has_any(
    fields: str, origin: Origin, texts: list[str], digest_of: Read
) -> None:
    found = digest_of(HEAD.format(fields) + STORIES).headlines

    assert [headline.text for headline in found] == texts
    assert {headline.origin for headline in found} == {origin}


def test_code_in_a_title_is_kept_in_the_headline(digest_of: Read) -> None:
    digest = digest_of(HEAD.format("") + "## Use `__init__`\n\na\n\n## Pass `**kwargs`\n\nb\n")

    assert [headline.text for headline in digest.headlines] == ["Use __init__", "Pass **kwargs"]


def test_very_long_headlines_are_cut(read: Parse) -> None:
    report = read(HEAD.format(f"summary: '{'长' * 900}'") + STORIES)

    assert report.digest
    (headline,) = report.digest.headlines
    assert len(headline.text) == 300
    assert headline.text.endswith("…")
    assert [(problem.code, problem.line) for problem in report.problems] == [("long-summary", 4)]


def test_more_headlines_than_a_post_holds_are_told(read: Parse) -> None:
    lines = "".join(f"\n  - 第{number}件事" for number in range(41))
    report = read(HEAD.format(f"summary:{lines}") + STORIES)

    assert report.digest
    assert len(report.digest.headlines) == 40
    assert report.status is Status.READY
    assert [problem.code for problem in report.problems] == ["long-summary"]


@pytest.mark.parametrize(
    "section",
    [
        "## 今日要点\n\n- 甲做了一件事\n- 乙做了另一件事\n",
        "## Highlights\n\n**甲做了一件事**\n\n**乙做了另一件事**\n",
        "## TL;DR\n\n> 甲做了一件事\n>\n> 乙做了另一件事\n",
    ],
)
def test_a_section_of_highlights_gives_the_headlines(section: str, digest_of: Read) -> None:
    digest = digest_of(HEAD.format("") + section + STORIES)

    assert [headline.text for headline in digest.headlines] == ["甲做了一件事", "乙做了另一件事"]
    assert [digest.item(headline.item or "") for headline in digest.headlines] == [
        item for item in digest.items if item.title in {"甲的故事", "乙的故事"}
    ]


@pytest.mark.parametrize(
    "title",
    [
        "📋 本日のハイライト",
        "AI 日报摘要",
        "今日要点（1月2日）",
        "Key takeaways",
        "In this issue",
        "Highlights der Woche",
        "Das Wichtigste in Kürze",
        "À la une",
        "L’essentiel de la semaine",
        "Lo más destacado",
        "Главное за день",
        "Günün öne çıkanları",
        "오늘의 하이라이트",
        "أبرز العناوين",
        "עיקרי הדברים",
    ],
)
def test_a_section_of_highlights_is_known_in_many_languages(title: str, digest_of: Read) -> None:
    section = f"## {title}\n\n1. 甲做了一件事\n2. 乙做了另一件事\n"
    digest = digest_of(HEAD.format("") + section + STORIES)

    assert [headline.text for headline in digest.headlines] == ["甲做了一件事", "乙做了另一件事"]


@pytest.mark.parametrize(
    "story",
    [
        "## 谷歌搜索上线AI摘要功能\n\n- 支持四十种语言\n- 免费使用\n",
        "## 今日头条调整推荐算法\n\n- 减少标题党\n- 可以关闭\n",
        "## A conference in June\n\n- Its highlights are back\n- Search is new\n",
        "## Google I/O highlights: glasses and more\n\n- Glasses are back\n- Search is new\n",
        "## 丙\n\n### 要点\n\n- 一件事\n\n## 丁\n\n### 要点\n\n- 另一件事\n",
    ],
)
def test_a_story_is_no_section_of_highlights(story: str, digest_of: Read) -> None:
    digest = digest_of(HEAD.format("") + STORIES + story)

    assert {"甲的故事", "乙的故事"} <= {headline.text for headline in digest.headlines}


@pytest.mark.parametrize(
    "footer",
    [
        "关注我们的公众号，不错过每一期",
        "> 欢迎加入 Telegram 群组",
        "<p class='newsletter-footer'>Stay in touch</p>",
        "## 关注我们\n\n- 公众号\n\n### 还有\n\n微博",
        "<p><img src='https://x.org/qr.png'></p>",
        "---",
    ],
)
def test_footers_reach_no_item(footer: str, digest_of: Read) -> None:
    plain_digest = digest_of(HEAD.format("") + STORIES)

    assert digest_of(f"{HEAD.format('')}{STORIES}\n{footer}\n").sections == plain_digest.sections


def test_news_about_following_is_news(digest_of: Read) -> None:
    middle = "\n\n".join(f"第{n}段讲的是别的事情。" for n in range(12))
    body = f"## 甲\n\n{middle}\n\n官方写道：欢迎关注公众号。\n\n{middle}\n\n## 乙\n\n完。"

    assert "欢迎关注公众号" in str(digest_of(HEAD.format("") + body).items[0].body)


def test_a_long_last_paragraph_is_no_footer(digest_of: Read) -> None:
    digest = digest_of(f"{HEAD.format('')}{STORIES}\n{'说来话长。' * 80}欢迎关注。")

    assert "欢迎关注" in str(digest.items[-1].body)


def test_covers_are_absolute(digest_of: Read) -> None:
    def cover(fields: str) -> str | None:
        return digest_of(HEAD.format(fields) + STORIES).cover

    assert cover("cover: {image: https://x.org/a.png}") == "https://x.org/a.png"
    assert cover("image: /a.png\nbanner: https://x.org/b.png") == "https://x.org/b.png"
    assert cover("cover: 3") is None


def test_a_digest_without_any_title_is_named_after_its_day(read: Callable[..., object]) -> None:
    report = read("---\ndate: 2026-01-02\n---\n只有一段话。")

    assert "title='2026-01-02'" in str(report)
    assert "no-title" in str(report)
