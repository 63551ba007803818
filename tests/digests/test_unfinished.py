"""What an author marks as unfinished is never pushed by itself."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from bot.model import Report, Status

Read = Callable[..., Report]

BODY = "\n## One\n\nThe first story of the day.\n\n## Two\n\nThe second one.\n"
HOLDING = [
    "draft: true",
    'draft: "true"',
    "draft: 1",
    "draft: yes please",
    "draft: ' on '",
    "draft: 是",
    "published: false",
    'published: "No"',
    "published: 0",
    'status: "draft "',
    "status: unpublished",
    "status: In review",
    "status: 草稿",
    "状态: 草稿",
    "publish: false",
    "private: true",
    "unlisted: true",
    "hidden: 1",
    "visibility: private",
    "state: draft",
]
LETTING = [
    "draft: false",
    'draft: "False"',
    "draft: 0",
    "draft:",
    "draft: 否",
    "published: true",
    "published: 2026-01-02",
    "published:",
    "status: published",
    "status: ' Public '",
    "status: 已发布",
    "status:",
    "publish: true",
    "private: false",
    "visibility: public",
    "state: published",
]


@pytest.mark.parametrize("mark", HOLDING)
def test_a_mark_of_a_draft_holds_a_digest(mark: str, read: Read) -> None:
    report = read(f"---\ntitle: A day\ndate: 2026-01-02\n{mark}\n---\n{BODY}")

    assert report.status is Status.HELD
    assert [problem.code for problem in report.problems] == ["draft"]


@pytest.mark.parametrize("mark", ["Draft: true", "Published: False", "Status: draft"])
def test_a_mark_without_a_fence_holds_a_digest(mark: str, read: Read) -> None:
    assert read(f"Title: A day\nDate: 2026-01-02\n{mark}\n{BODY}").status is Status.HELD


@pytest.mark.parametrize("mark", LETTING)
def test_a_mark_of_a_finished_text_holds_nothing(mark: str, read: Read) -> None:
    report = read(f"---\ntitle: A day\ndate: 2026-01-02\n{mark}\n---\n{BODY}")

    assert report.status is Status.READY


@pytest.mark.parametrize(
    "body",
    [
        "## 待补充\n\n待补充\n\n## TODO\n\nTBD\n\n## 第三\n\n略\n",
        "## 标题\n\n内容\n\n## 标题\n\n（内容）\n",
        "## OpenAI\n\n…\n\n## Google\n\nTo be written.\n",
        "## TODO\n\n" + "## TBD\n\n" * 9,
        "## OpenAI\n\nA short text.\n\n## TODO\n",
        "## 今日资讯\n\n暂无\n\n## 论文\n\n无。\n\n## 产品\n\n暂无更新\n",
        "## News\n\nNone\n\n## Papers\n\nN/A\n\n## Products\n\n- nothing new\n",
    ],
)
def test_a_skeleton_is_a_stub(body: str, read: Read) -> None:
    report = read(f"---\ntitle: A day\ndate: 2026-01-02\nsummary: Short\n---\n{body}")

    assert "stub" in {problem.code for problem in report.problems}


def test_a_place_kept_for_a_story_among_others_holds_nothing(read: Read) -> None:
    report = read(f"---\ntitle: A day\ndate: 2026-01-02\n---\n{BODY}\n## TODO\n")

    assert report.status is Status.READY
