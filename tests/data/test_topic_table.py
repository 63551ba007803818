"""The shipped table of topics."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from pathlib import Path

import pytest

from bot.digests.library import Library
from bot.digests.topics import Topics
from bot.model import Digest, Status
from bot.text.normalise import normalise


def test_the_table_is_rich(topics: Topics) -> None:
    assert len(topics.names) >= 120


def test_names_and_aliases_are_unique_once_normalised(topics: Topics) -> None:
    names = (normalise(alias) for name in topics.names for alias in topics.aliases(name))
    assert not [name for name, count in Counter(names).items() if count > 1]


def test_names_make_hashtags(topics: Topics) -> None:
    assert not [name for name in topics.names if not re.fullmatch(r"\w*[^\W\d]\w*", name)]


def test_parents_are_topics_without_a_parent(table: Path) -> None:
    entries = tomllib.loads(table.read_text(encoding="utf-8"))["topic"]
    roots = {entry["name"] for entry in entries if "parent" not in entry}
    assert {entry["parent"] for entry in entries if "parent" in entry} <= roots


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("chatgpt", "OpenAI"),
        ("輝達", "英伟达"),
        ("Nvidia", "英伟达"),
        ("ＮＶＩＤＩＡ", "英伟达"),
        ("华為", "华为"),
        ("hugging face", "HuggingFace"),
        ("#ClaudeCode", "ClaudeCode"),
    ],
)
def test_topics_are_found_by_any_of_their_names(topics: Topics, written: str, name: str) -> None:
    assert topics.resolve(written) == name


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("这款聊天机器人很会聊天", "具身智能"),
        ("网信办公布新规", "AI办公"),
        ("流程可灵活配置", "可灵AI"),
        ("强化学习的新方法", "AI科研"),
        ("使用电脑办理", "电力"),
        ("四天工作制", "昆仑万维"),
        ("东北大学的团队", "北京大学"),
        ("新智元报道", "智元机器人"),
        ("metadata of the file", "Meta"),
        ("a robotic arm", "豆包"),
        ("高通量计算平台", "高通"),
        ("线上黑客松报名", "网络安全"),
        ("一家服务商汤森路透", "商汤"),
        ("文远知行的 Robotaxi 上路", "特斯拉"),
        ("Apple pie", "苹果"),
        ("She is a real estate agent", "智能体"),
        ("new intel on the war", "英特尔"),
        ("an apple a day", "苹果"),
        ("a modular design", "Modular"),
        ("for amd64 and arm64", "AMD"),
        ("Lora the singer", "模型训练"),
        ("the Mistral wind of Provence", "Mistral"),
        ("甲骨文考古的新发现", "甲骨文"),
        ("AI 破译甲骨文", "甲骨文"),
        ("阿里山的日出", "阿里"),
        ("穆罕默德·阿里的拳赛", "阿里"),
        ("阿里·拉里贾尼说", "阿里"),
    ],
)
def test_other_words_are_no_topics(topics: Topics, text: str, name: str) -> None:
    assert name in topics.names
    assert name not in topics.find(text)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("LoRA vs QLoRA", "模型训练"),
        ("ORACLE raises money", "甲骨文"),
        ("阿里山下，阿里发布新模型", "阿里"),
        ("甲骨文与 OpenAI 合作", "甲骨文"),
    ],
)
def test_names_beside_other_words_are_topics(topics: Topics, text: str, name: str) -> None:
    assert name in topics.find(text)


def test_most_sample_items_have_a_topic(digests: list[Digest]) -> None:
    items = [item for digest in digests for item in digest.items]
    assert sum(bool(item.topics) for item in items) >= 0.85 * len(items)


@pytest.mark.parametrize("source", ["ai-daily", "reading-hub"])
def test_most_real_items_have_a_topic(topics: Topics, corpora: Path, source: str) -> None:
    reports = Library(corpora / source, topics).load()
    ready = [report.digest for report in reports if report.digest and report.status == Status.READY]
    items = [item for digest in ready for item in digest.items]
    assert sum(bool(item.topics) for item in items) >= 0.9 * len(items)
