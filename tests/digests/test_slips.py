"""What no publisher meant to send is held; news about it is not."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from bot.digests.identity import letters
from bot.model import Report, Status

HEAD = "---\ntitle: A day\ndate: 2026-01-02\n---\n\n"
NEWS = "".join(
    f"## 新闻{number}\n\n第{number}家公司发布了新的模型，能写代码，价格便宜了许多。\n\n"
    for number in range(1, 8)
)
LOG = "".join(
    f"2026-01-02 03:04:{number:02} ERROR worker {number} failed after {number} tries, giving up\n\n"
    for number in range(20)
)


def codes(report: Report) -> set[str]:
    return {problem.code for problem in report.problems}


@pytest.mark.parametrize(
    "said",
    [
        "I'm sorry, but I can't assist with that request.",
        "I’m sorry, I cannot browse the internet, so there is no digest today.",
        "Sorry, but I can't generate this digest.",
        "I apologize, but I am unable to access real-time news.",
        "As an AI language model, I have no access to current news.",
        "I can't help with that.",
        "抱歉，我无法访问您提供的链接。",
        "很抱歉，我目前无法提供今天的日报内容。",
        "对不起，作为一个AI语言模型，我不能浏览网页。",
        "作为AI助手，我无法获取实时信息。",
        "申し訳ありませんが、そのリクエストにはお応えできません。",
        "Traceback (most recent call last):",
        "<think>The user wants a digest of news.</think>",
        "</think>",
        "Sure! Here is today's digest:",
        "Here’s the summary you requested:",
        "当然，以下是今天的日报：",
        "如果你需要更多信息，请告诉我！",
        "如需进一步调整，请随时告诉我。",
        "Let me know if you'd like me to expand any section!",
        "Would you like me to add more stories?",
    ],
)
@pytest.mark.parametrize("mark", ["", "- ", "### ", "**"])
def test_a_refusal_among_news_holds_it(said: str, mark: str, read: Callable[..., Report]) -> None:
    report = read(f"{HEAD}{NEWS}{mark}{said}\n")

    [problem] = report.problems
    assert (report.status, problem.code) == (Status.HELD, "machine-text")
    assert problem.line == 6 + NEWS.count("\n")


@pytest.mark.parametrize(
    "news",
    [
        "“抱歉，我无法访问您的链接。”模型这样回答。",
        "> I'm sorry, but I can't assist with that request.",
        "I can't help feeling that this is a bubble.",
        "抱歉，本周因出差，日报无法更新。",
        "我无法想象没有它的日子。",
        "Sorry, I can't write more this week.",
        "Meta says it is sorry and cannot access the data.",
        '```\nTraceback (most recent call last):\n  File "a.py", line 1\n```',
        "`{{title}}` is filled in by Jinja.",
        "模型先写 `<think>`，再写答案。",
        "Here is what happened today:",
        "Let me know if you'd like to sponsor this letter.",
        "以下是为您整理的今日要闻：",
        "如果你有线索，请告诉我。",
        "当然，这还不够。",
        "Write {{name}} where the name of the reader belongs, says the guide of the new tool.",
        "[Insert coin](https://example.org) is a game, told here at length.",
        "[Your Majesty](https://example.org)",
        "（输入每百万三美元，输出十五美元）",
        "（补充：价格另行公布）",
        "[unsubscribe]({{{URL}}})",
    ],
)
def test_news_about_it_is_ready(news: str, read: Callable[..., Report]) -> None:
    report = read(f"{HEAD}{NEWS}{news}\n")

    assert report.status is Status.READY, report.problems


def test_a_list_of_long_addresses_is_no_loop(read: Callable[..., Report]) -> None:
    address = "https://news.example.org/{}?utm_source=daily&utm_medium=email&utm_campaign=daily"
    names = (letters(str(number), 6) for number in range(20))
    text = "".join(f"- [{name}]({address.format(name)})\n" for name in names)

    assert read(f"{HEAD}## News\n\n{text}").problems == ()


@pytest.mark.parametrize(
    "text",
    [
        LOG,
        "\n\n".join([f'File "worker.py", line {number}, in run' for number in range(1, 30)]),
        "今天的新闻是今天的新闻，" * 400,
        "## 新闻\n\n" + "模型发布了模型。\n\n" * 300,
    ],
)
def test_a_log_or_a_loop_is_held(text: str, read: Callable[..., Report]) -> None:
    assert "machine-text" in codes(read(f"{HEAD}{text}"))


@pytest.mark.parametrize(
    "text",
    [
        "{{title}}",
        "## {{ item.title }}",
        "- {{item.title}}：{{item.summary}}",
        "[在此插入今天的新闻]",
        "【请填写标题】",
        "## [Insert headline here]",
        "[Your summary here]",
        "来源：${source}",
        "{% for item in items %}",
        "Lorem ipsum dolor",
        "Lorem ipsum dolor sit amet, consectetur adipiscing elit, sed do eiusmod tempor.",
        "[object Object]",
    ],
)
def test_a_template_that_is_not_filled_in_is_held(text: str, read: Callable[..., Report]) -> None:
    report = read(f"{HEAD}{NEWS}{text}\n")

    [problem] = report.problems
    assert (report.status, problem.code) == (Status.HELD, "unfilled")
    assert problem.line == 6 + NEWS.count("\n")


def test_a_summary_counts_too(read: Callable[..., Report]) -> None:
    head = '---\ntitle: 日报\ndate: 2026-01-02\nsummary: "- {}\\n- 第二条"\n---\n\n'

    assert codes(read(head.format("抱歉，我无法生成今天的内容") + NEWS)) == {"machine-text"}
    assert codes(read(head.format("[在此插入第一条]") + NEWS)) == {"unfilled"}


def test_what_has_no_headline_is_held(read: Callable[..., Report]) -> None:
    report = read(
        f"{HEAD}" + "| 甲 | 乙 |\n|---|---|\n" + "| 这是表格里的一格 | 这是另外的一格 |\n" * 9
    )

    assert codes(report) == {"no-headline"}


def test_real_digests_slip_nowhere(real_reports: dict[str, Report]) -> None:
    found = {
        name
        for name, report in real_reports.items()
        if codes(report) & {"machine-text", "unfilled", "no-headline"}
    }

    assert not found
