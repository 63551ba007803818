"""What counts as a match, line by line, for the index and for the brute force alike."""

import pytest

from bot.model import Digest, Item, Section
from bot.search.index import Index
from tests.search.stories import FIRST_DAY, digest_of, paragraphs, report_of
from tests.search.truth import documents, found

# The rule, what is typed, a text that it finds, and one that it does not.
EXAMPLES = {
    "CJK by any part of a run": ("型发", "新模型发布", "发型与模特"),
    "a single CJK character": ("谱", "智谱开源", "普通话"),
    "Latin from the start of a word": ("pilot", "A pilot study", "Copilot 上线"),
    "not inside a word": ("RAG", "RAG 检索", "storage"),
    "the last word may go on": ("storag", "storage 成本", "astorage"),
    "an earlier word may not": ("stor cost", "stor cost", "storage cost"),
    "two letters do not go on": ("st", "st 级", "storage"),
    "camel parts": ("gpt", "ChatGPT 更新", "Chatgpts"),
    "camel parts together": ("chat gpt", "ChatGPT 更新", "Chat 更新"),
    "a camel word written small": ("OpenSource", "open source 年", "open the source"),
    "numbers whole": ("5.2", "GPT-5.2", "内核 15.2"),
    "numbers whole at their end": ("5.2", "版本 5.2。", "版本 5.21"),
    "two of three numbers": ("5.2", "版本 1.5.2 出了", "版本 1.5.3，第 2 版"),
    "three numbers": ("5.2.1", "版本 5.2.1", "版本 5.2 与 2.1"),
    "two numbers however parted": ("5.2", "比分 5 : 2", "比分 5 比 2"),
    "without a separator": ("GLM4.7", "GLM-4.7", "GLM-4.8"),
    "with a separator": ("GLM-4.7", "GLM 4.7", "GLM 7.4"),
    "with a blank": ("glm 4.7", "GLM4.7", "4.7 分"),
    "CJK beside Latin means both": ("智谱GLM", "GLM 来自智谱", "GLM 来自清华"),
    "all words": ("芯片 豆包", "豆包用上新芯片", "豆包上线"),
    "quotes bind": ('"Claude Code"', "用 Claude Code 写", "Code by Claude"),
    "quotes bind whole words": ('"Claude Cod"', "Claude Cod 鱼", "Claude Code"),
    "width and case": ("ｇｐｔ", "GPT 4", "G P T"),
    "traditional is simplified": ("機器", "机器学习", "器机"),
    "accents": ("cafe", "Café 开张", "caf 开张"),
    "c++ is no c": ("c++", "用 C++ 写", "用 C 写"),
    "c is no c++": ("c", "C 语言", "C++ 语言"),
    "an emoji": ("🔥", "🔥 热", "💧 冷"),
    "without": ("芯片 -豆包", "芯片降价", "豆包的芯片"),
    "one of two": ("豆包 OR 可灵", "可灵上线", "即梦上线"),
}


def told(*titles: str) -> Digest:
    items = (Item(f"i{at}", title, paragraphs("另文。")) for at, title in enumerate(titles))
    return digest_of(FIRST_DAY, (Section("要闻", tuple(items)),))


@pytest.mark.parametrize("rule", EXAMPLES)
async def test_a_line_of_the_definition_holds(rule: str, index: Index) -> None:
    typed, met, missed = EXAMPLES[rule]
    digest = told(met, missed)

    await index.apply([report_of(digest)], ())

    results = await index.search(typed, fold=False)
    assert [hit.title for hit in results.hits] == [met]
    assert found(typed, documents(digest), {}, {}) == {f"{digest.id}/i0"}
