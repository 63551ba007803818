"""What is understood of what people type."""

from datetime import date
from pathlib import Path

import pytest

from bot.digests.topics import Topics
from bot.search.expression import expression, places, topic_of, topic_token
from bot.search.index import Index
from bot.search.parsing import parse
from bot.search.phrases import lone_character
from bot.search.query import Query, SourceName
from bot.text.pieces import LONGEST
from tests.search.stories import TableOfTopics

TABLE = Path(__file__).parents[2] / "data" / "topics.toml"


def asked(text: str, table: TableOfTopics) -> str:
    return expression(parse(text, table)).words


def days(
    text: str, table: TableOfTopics, today: date | None = None
) -> tuple[date | None, date | None]:
    query = parse(f"since:{text} until:{text}", table, today)
    return query.since, query.until


def words(query: Query) -> list[list[str]]:
    return [[term.text for term in clause] for clause in query.clauses]


@pytest.mark.parametrize(
    ("text", "clauses"),
    [
        ("智谱 GLM", [["智谱"], ["GLM"]]),
        ('"claude code" bug', [['"claude code"'], ["bug"]]),
        ("“国家标准”", [['"国家标准"']]),
        ("a OR b c", [["a", "b"], ["c"]]),
        ("a or b | c", [["a", "b", "c"]]),
        ("豆包 或 可灵 ＯＲ a", [["豆包", "可灵", "a"]]),
        ("豆包或可灵", [["豆包或可灵"]]),
        ('a "or" b', [["a"], ['"or"'], ["b"]]),
        ("a AND b ＡＮＤ c and", [["a"], ["b"], ["c"], ["and"]]),
        ("OR a OR", [["a"]]),
        ('a "b', [["a"], ["b"]]),
        ('- -- … "" a', [["a"]]),
        ("#nobody tag:nobody", [["#nobody"], ["nobody"]]),
        ('tag:"no body"', [['"no body"']]),
        ("#openai OR b c", [["#openai", "b"], ["c"]]),
        ("a #openai OR b", [["a"], ["#openai", "b"]]),
        ("a OR #openai OR b | #kimi c", [["a", "#openai", "b", "#kimi"], ["c"]]),
        ("#openai OR #kimi OR a", [["#openai OR #kimi", "a"]]),
        ("#openai OR …", []),
        ("since:yesterday in:body", [["since yesterday"], ["in body"]]),
        ("open source: x in: since:", [["open"], ["source:"], ["x"], ["in:"], ["since:"]]),
        ("since: soon until: 2026", [["since soon"]]),
        ("http://x.example/a", [["http://x.example/a"]]),
    ],
)
def test_words_quotes_and_alternatives(
    text: str, clauses: list[list[str]], topics: TableOfTopics
) -> None:
    assert words(parse(text, topics)) == clauses


@pytest.mark.parametrize("text", ["a -b", "a NOT b", "NOT b a", "a AND NOT b", "a ＮＯＴ b NOT"])
def test_what_must_not_occur_is_said_in_several_ways(text: str, topics: TableOfTopics) -> None:
    query = parse(text, topics)

    assert words(query) == [["a"]]
    assert [term.text for term in query.excluded] == ["b"]


@pytest.mark.parametrize("beside", ["source:a OR source:b", "OR since:2026", "OR -#kimi"])
def test_words_beside_a_filter_with_or_must_all_occur(beside: str, topics: TableOfTopics) -> None:
    assert words(parse(f"x {beside} y", topics)) == [["x"], ["y"]]


def test_a_topic_may_be_unwanted_by_a_word(topics: TableOfTopics) -> None:
    assert parse("NOT #kimi", topics) == parse("-#kimi", topics)


@pytest.mark.parametrize(
    ("text", "families"),
    [
        ("tag:谷歌 OR tag:kimi", (("Google", "Kimi"),)),
        ("#谷歌 或 #kimi | #openai", (("Google", "Kimi", "OpenAI"),)),
        ("#谷歌 #kimi OR #openai", (("Google",), ("Kimi", "OpenAI"))),
        ("OR #谷歌 模型 OR 芯片 #kimi", (("Google",), ("Kimi",))),
        ("#谷歌 模型 OR #kimi", (("Google",),)),
        ("#谷歌 #kimi OR 模型", (("Google",),)),
        ("#谷歌 OR … OR #kimi", (("Google", "Kimi"),)),
    ],
)
def test_of_topics_one_may_be_enough(
    text: str, families: tuple[tuple[str, ...], ...], topics: TableOfTopics
) -> None:
    assert parse(text, topics).topics == families


@pytest.mark.parametrize(
    ("said", "names"),
    [
        ("日报", ("日报", "ai-daily", "evening")),
        ("AI日报", ("AI日报", "ai-daily")),
        ("week", ("week", "weekly")),
        ("eek", ("eek",)),
        ("-", ("-",)),
    ],
)
def test_a_source_may_be_called_by_its_title(
    said: str, names: tuple[str, ...], topics: TableOfTopics
) -> None:
    titles = {"ai-daily": "AI 日报", "evening": "晚间日報", "weekly": "The Week"}

    query = parse(f"source:{said} source:{said} -source:{said}", topics, titles=titles)

    assert query.sources == query.excluded_sources
    assert tuple(source.text for source in query.sources) == names
    assert [source.is_whole for source in query.sources] == [False, *[True] * (len(names) - 1)]


async def test_a_source_is_found_by_its_title(stocked: Index) -> None:
    by_name = await stocked.search("source:evening 机器人")
    by_title = await stocked.search("source:晚报 机器人", titles={"evening": "科技晚报"})

    assert by_name.total == by_title.total > 0


def test_filters_are_read_in_any_width_and_case(topics: TableOfTopics) -> None:
    query = parse("Tag：谷歌 ＃openai -tag:kimi SOURCE:morning -source:x in:TITLE", topics)

    assert query == Query(
        topics=(("Google",), ("OpenAI",)),
        excluded_topics=(("Kimi",),),
        sources=(SourceName("morning"),),
        excluded_sources=(SourceName("x"),),
        in_title=True,
    )


@pytest.mark.parametrize(
    ("text", "since", "until"),
    [
        ("2026", date(2026, 1, 1), date(2026, 12, 31)),
        ("2026-02", date(2026, 2, 1), date(2026, 2, 28)),
        ("2026-2-3", date(2026, 2, 3), date(2026, 2, 3)),
        ("20260203", date(2026, 2, 3), date(2026, 2, 3)),
        ("２０２６年２月", date(2026, 2, 1), date(2026, 2, 28)),
        ("2026/02/03", date(2026, 2, 3), date(2026, 2, 3)),
    ],
)
def test_days_months_and_years(text: str, since: date, until: date, topics: TableOfTopics) -> None:
    assert days(text, topics) == (since, until)


@pytest.mark.parametrize(
    ("text", "since", "until"),
    [
        ("昨天", date(2026, 3, 9), date(2026, 3, 9)),
        ("-3", date(2026, 3, 7), date(2026, 3, 7)),
        ('"last friday"', date(2026, 3, 6), date(2026, 3, 6)),
        ("2月", date(2026, 2, 1), date(2026, 2, 28)),
        ("７月", date(2025, 7, 1), date(2025, 7, 31)),
        ("13月", None, None),
        ("上周", date(2026, 3, 2), date(2026, 3, 8)),
        ('"this week"', date(2026, 3, 9), date(2026, 3, 10)),
        ("2026-W02", date(2026, 1, 5), date(2026, 1, 11)),
        ("2026-W50", date(2026, 12, 7), date(2026, 3, 10)),
        ("9999-W52", None, None),
        ("上個月", date(2026, 2, 1), date(2026, 2, 28)),
        ("本月", date(2026, 3, 1), date(2026, 3, 31)),
        ("今年", date(2026, 1, 1), date(2026, 12, 31)),
        ('"last year"', date(2025, 1, 1), date(2025, 12, 31)),
        ("7d", date(2026, 3, 3), date(2026, 3, 3)),
    ],
)
def test_days_are_read_from_today_on(
    text: str, since: date | None, until: date | None, topics: TableOfTopics
) -> None:
    assert days(text, topics, date(2026, 3, 10)) == (since, until)


def test_the_month_before_january_is_december(topics: TableOfTopics) -> None:
    assert days("上月", topics, date(2026, 1, 31)) == (date(2025, 12, 1), date(2025, 12, 31))


def test_a_blank_may_follow_what_names_a_filter(topics: TableOfTopics) -> None:
    query = parse("tag: OpenAI since: 2026-01 until:\u3000“2026-02” a", topics)

    assert query == parse("tag:OpenAI since:2026-01 until:2026-02 a", topics)
    assert (query.since, query.until) == (date(2026, 1, 1), date(2026, 2, 28))


@pytest.mark.parametrize("text", ["2026-13", "2026-02-30", "0000", "soon", "2026-00-01"])
def test_what_is_no_day_is_a_word(text: str, topics: TableOfTopics) -> None:
    query = parse(f"since:{text} until:{text}", topics)

    assert query.since is None
    assert words(query)[0] == [f"since {text}"]


def test_a_name_finds_the_same_name_in_the_other_script(topics: TableOfTopics) -> None:
    assert '"英伟 伟达"' in asked("nvidia", topics)
    assert '"nvidia"' in asked("英伟达", topics)
    assert "openai" not in asked("ChatGPT", topics)
    assert "英伟" not in asked('"nvidia"', topics)


def test_a_name_of_several_words_finds_its_other_name() -> None:
    table = TableOfTopics({"抱抱脸": ("Hugging Face",)})

    assert '"抱抱 抱脸"' in asked("hugging face", table)
    assert "抱抱" not in asked("hugging OR x face", table)


@pytest.mark.parametrize(
    "name", ["arxiv", "CANN", "Seedance", "MiniCPM", "Vidu", "TTS", "RLHF", "PPT"]
)
def test_what_only_belongs_to_a_topic_is_no_other_word_for_it(name: str) -> None:
    asked_for = parse(name, Topics.load(TABLE))

    assert asked_for.clauses[0][0].aliases == ()


def test_single_characters_must_match_but_do_not_rank(topics: TableOfTopics) -> None:
    query = parse("机器人 谱", topics)
    asked = [place.words for together in places(query) for place in together]

    assert '"谱" *' in expression(query).found_words
    assert all('"机器 器人"' in words for words in asked)
    assert not any("谱" in words for words in asked)


def test_words_side_by_side_rank_but_match_nothing_else(topics: TableOfTopics) -> None:
    query = parse("claude 机器人", topics)

    assert '"claude 机器 器人"' in places(query)[0][0].words
    assert '"claude 机器 器人"' not in expression(query).found_words


def test_only_the_last_word_of_letters_stands_for_its_beginnings(topics: TableOfTopics) -> None:
    assert '"code" *' in asked("claude code", topics)
    assert '"claude" *' not in asked("claude code", topics)
    assert "*" not in asked("claude 4o", topics)
    assert "*" not in asked("AI", topics)


def test_a_long_query_is_cut_between_words(topics: TableOfTopics) -> None:
    query = parse("模" * (LONGEST - 4) + " lettersletters", topics)
    longest = parse("字" * 4096, topics)
    many = parse(" ".join(f"word{number}" for number in range(20)), topics)

    assert words(query) == [["模" * (LONGEST - 4)]]
    assert words(longest) == [["字" * LONGEST]]
    assert len(many.clauses) == 12


def test_names_in_one_word_are_not_more_than_names_apart(topics: TableOfTopics) -> None:
    query = parse("，".join(f"词语{number}" for number in range(20)), topics)

    assert sum(len(term.parts) for clause in query.clauses for term in clause) == 12


@pytest.mark.parametrize("between", [" ", "-", "，", "x"])
def test_of_many_rare_characters_the_first_are_asked_for(
    between: str, topics: TableOfTopics
) -> None:
    query = parse(between.join("谱芯视频音乐的") + " claude", topics)
    parts = [part for clause in query.clauses for term in clause for part in term.parts]

    assert [lone_character(part) for part in parts if lone_character(part)] == list("谱芯视频的")
    assert parts[-1][0].words == ["claude"]


@pytest.mark.parametrize("text", ["", "   ", "-", "…，。", '""', "\u200d\u200b", "\ud800", "\x00"])
def test_nothing_is_asked_by_what_holds_no_word(text: str, topics: TableOfTopics) -> None:
    assert parse(text, topics).is_empty


def test_names_of_topics_survive_the_index() -> None:
    assert topic_of(topic_token('C++ "智谱" *')) == 'C++ "智谱" *'


def test_what_is_said_twice_is_asked_once(topics: TableOfTopics) -> None:
    query = parse("人 人 claude 人 -的 -的 claude", topics)

    assert [clause[0].text for clause in query.clauses] == ["人", "claude", "claude"]
    assert len(query.excluded) == 1
