"""Footers are left out; news that sounds like one is not."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from bot.digests.plain import item_text
from bot.model import Digest, Image, Paragraph

Read = Callable[..., Digest]

HEAD = "---\ntitle: A day\ndate: 2026-01-02\n---\n\n## 新闻\n\n### 甲\n\n甲公司发布了新模型。\n\n"


def words(digest: Digest) -> str:
    return "\n".join(map(item_text, digest.items))


@pytest.mark.parametrize(
    "news",
    [
        "一款开源语音工具，官网：https://x.org，支持二十种语言。",
        "官网：https://x.org，支持二十种语言。",
        "Users in India can now subscribe to ChatGPT Go for 399 rupees.",
        "Subscribe to ChatGPT Go is what users in India may do now.",
        "Gemini now sorts the mail in your inbox by itself.",
        "奥特曼在推特上说：欢迎加入OpenAI的新朋友。",
        '<div class="ad-hoc">An ad hoc network.</div>',
        '<section id="newsletter-news">今日新闻</section>',
        '<p><a href="https://example.org">见图</a><img src="https://example.org/a.png"></p>',
    ],
)
@pytest.mark.parametrize("before", ["### 乙\n\n", "---\n\n", "---\n\n### 乙\n\n"])
def test_news_that_sounds_like_an_invitation_is_kept(
    news: str, before: str, digest_of: Read
) -> None:
    said = re.sub(r"<.*?>", "", news)

    assert said in words(digest_of(f"{HEAD}{before}{news}\n"))


@pytest.mark.parametrize(
    "heading",
    [
        "广告进入ChatGPT",
        "Advertisements in ChatGPT begin",
        "Subscribe numbers of Netflix grow",
        "联系我们的客服竟是AI",
    ],
)
def test_a_section_whose_heading_only_begins_like_a_footer_is_kept(
    heading: str, digest_of: Read
) -> None:
    digest = digest_of(f"{HEAD}## {heading}\n\n首批已经上线。\n\n## 丁\n\n完。")

    assert heading in words(digest)
    assert "首批已经上线" in words(digest)


def test_a_picture_that_says_what_it_shows_is_kept_at_the_end(digest_of: Read) -> None:
    digest = digest_of(f'{HEAD}<img src="https://example.org/a.png" alt="销量图">\n')

    assert digest.items[-1].body[-1] == Paragraph((Image("https://example.org/a.png", "销量图"),))


@pytest.mark.parametrize(
    "footer",
    [
        "官网：www.example.org",
        "Want these notes in your inbox? Subscribe here.",
        "Subscribe to our newsletter for more.",
        "---\n\n喜欢这一期？欢迎关注公众号。",
        "---\n\nYou got this by mail. Unsubscribe here.",
        "## 📢 联系我们：\n\n电话。",
        "## Subscribe!\n\nBy mail.",
        "## Advertisements\n\nBuy this.",
        "## 收听语音版AI日报\n\n电台。",
        '<div class="newsletter">Stay in touch</div>',
        '<div class="box-ads">Buy this</div>',
        '<p><img src="https://example.org/a.png"></p>',
    ],
)
def test_footers_are_left_out(footer: str, digest_of: Read) -> None:
    assert words(digest_of(f"{HEAD}{footer}\n")) == words(digest_of(HEAD))
