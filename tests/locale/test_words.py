"""The catalogues hold every sentence, and translate it soundly."""

import re
from datetime import date
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from bot.locale import HERE, words

BOT = Path(__file__).parents[2] / "bot"
KEYWORDS = {"w": None, "_w": None, "plural": (1, 2)}
PLACE = re.compile(r"\{(\w+)\}")


def used_messages() -> set[str | tuple[str, ...]]:
    found = extract_from_dir(str(BOT), [("**.py", "python")], keywords=KEYWORDS)
    return {message for _, _, message, _, _ in found}


def read_catalogue(name: str) -> Catalog:
    with (HERE / name / "messages.po").open("rb") as file:
        return read_po(file, locale=name, abort_invalid=True)


def test_every_sentence_of_the_interface_is_translated() -> None:
    known = {message.id for message in read_catalogue("zh_CN") if message.id and message.string}

    assert sorted(map(str, used_messages() - known)) == []


def test_no_translation_is_left_over() -> None:
    known = {message.id for message in read_catalogue("zh_CN") if message.id}

    assert sorted(map(str, known - used_messages())) == []


def test_translations_have_the_places_of_the_sentence() -> None:
    for message in read_catalogue("zh_CN"):
        ids = message.id if isinstance(message.id, tuple) else (message.id,)
        texts = message.string if isinstance(message.string, tuple) else (message.string,)
        for text in texts if message.id else ():
            assert set(PLACE.findall(str(text))) == set(PLACE.findall(str(ids[-1]))), ids


@pytest.mark.parametrize(
    ("tag", "language"),
    [("zh-hans", "zh-CN"), ("zh-TW", "zh-CN"), ("en-GB", "en"), ("de", "en"), (None, "zh-CN")],
)
def test_any_language_tag_finds_words(tag: str | None, language: str) -> None:
    assert words(tag).language == language


def test_dates_are_local() -> None:
    day = date(2026, 1, 14)

    assert words("zh").day(day) == "2026年1月14日（周三）"
    assert words("en").day(day) == "Wed, Jan 14, 2026"
    assert words("zh").span(date(2026, 1, 8), day) == "2026年1月8日至14日"
    span = words("en").span(date(2025, 12, 31), day)
    assert " ".join(span.split()) == "Dec 31, 2025 – Jan 14, 2026"
    assert words("zh").month(2026, 1) == "2026年1月"
    assert words("zh").weekdays()[0] == "一"


def test_everyone_is_spoken_to_in_one_manner() -> None:
    texts = [str(message.string) for message in read_catalogue("zh_CN")]

    assert [text for text in texts if "您" in text] == []


def test_values_are_data_not_patterns() -> None:
    assert words("en")("a {name}", name="{other}") == "a {other}"


@pytest.mark.parametrize(
    ("n", "english", "chinese"),
    [(0, "0 stories", "0 条"), (1, "1 story", "1 条"), (1200, "1,200 stories", "1,200 条")],
)
def test_counts_have_the_forms_of_their_language(n: int, english: str, chinese: str) -> None:
    assert words("en").plural("{n} story", "{n} stories", n) == english
    assert words("zh").plural("{n} story", "{n} stories", n) == chinese
