"""What a bot sends and what its readers get."""

from typing import Any

import pytest
from hypothesis import given as given_texts
from hypothesis import strategies as st

from bot.sandbox.entities import EntityError, formatted

BOLD = {"type": "bold", "offset": 0, "length": 1}


def refusal(text: str, mode: str | None = None, entities: Any = None) -> str:
    with pytest.raises(EntityError) as caught:
        formatted(text, mode, entities)
    return str(caught.value)


def entities_of(text: str, mode: str | None = "HTML") -> list[tuple[object, object, object]]:
    _, entities = formatted(text, mode, None)
    return [(entity["type"], entity["offset"], entity["length"]) for entity in entities]


def test_tags_become_entities() -> None:
    text, entities = formatted('<b>Hi</b> <a href="t.me/x?a&amp;b">there</a>', "HTML", None)

    assert text == "Hi there"
    assert entities == [
        {"type": "bold", "offset": 0, "length": 2},
        {"type": "text_link", "offset": 3, "length": 5, "url": "http://t.me/x?a&b"},
    ]


@pytest.mark.parametrize(
    ("markup", "kind"),
    [
        ("<em>x</em>", "italic"),
        ("<ins>x</ins>", "underline"),
        ("<del>x</del>", "strikethrough"),
        ("<tg-spoiler>x</tg-spoiler>", "spoiler"),
        ('<span class="tg-spoiler">x</span>', "spoiler"),
        ("<blockquote expandable>x</blockquote>", "expandable_blockquote"),
        ('<tg-emoji emoji-id="5">x</tg-emoji>', "custom_emoji"),
        ('<tg-time unix="5" format="r">x</tg-time>', "date_time"),
    ],
)
def test_each_tag_has_its_kind(markup: str, kind: str) -> None:
    assert entities_of(markup) == [(kind, 0, 1)]


@pytest.mark.parametrize("name", ["HTML", "html", "Html"])
def test_the_name_of_a_parse_mode_may_be_in_any_case(name: str) -> None:
    assert entities_of("<b>x</b>", name) == [("bold", 0, 1)]


def test_offsets_count_utf16_units() -> None:
    assert entities_of("😀<b>😀</b><i>x</i>") == [("bold", 2, 2), ("italic", 4, 1)]


def test_code_with_a_language_becomes_a_block_with_it() -> None:
    _, entities = formatted('<pre><code class="language-py">x</code></pre>', "HTML", None)

    assert entities == [{"type": "pre", "offset": 0, "length": 1, "language": "py"}]


def test_a_moment_keeps_the_letters_of_its_format_in_order() -> None:
    _, entities = formatted('<tg-time unix="5" format="TDw">x</tg-time>', "HTML", None)

    assert entities[0]["unix_time"] == 5
    assert entities[0]["date_time_format"] == "wDT"


def test_nothing_is_marked_inside_code() -> None:
    assert entities_of("<code>a <b>b</b> t.me/x</code>") == [("code", 0, 10)]


def test_bold_is_cut_where_a_link_begins_and_ends() -> None:
    assert entities_of("<b>see @abcd now</b>") == [
        ("bold", 0, 4),
        ("mention", 4, 5),
        ("bold", 4, 5),
        ("bold", 9, 4),
    ]


def test_a_refused_link_is_dropped_silently() -> None:
    assert formatted('<a href="javascript:x">a</a>', "HTML", None) == ("a", [])


def test_blanks_at_the_ends_go_but_marked_ones_at_the_beginning_stay() -> None:
    assert formatted("  a \n", None, None)[0] == "a"
    assert formatted(" <b> a </b> b ", "HTML", None)[0] == " a  b"
    assert entities_of("a<b> </b>") == []
    assert entities_of("a<b>b </b>") == [("bold", 1, 1)]


def test_control_characters_become_blanks_and_invisible_ones_go() -> None:
    text, entities = formatted("a\tb\r\n<b>\u2028c\u030a</b>\u200e\u200fx", "HTML", None)

    assert text == "a b\nc\u200c\u200fx"
    assert entities == [{"type": "bold", "offset": 4, "length": 1}]


@pytest.mark.parametrize("text", [" ", "\n \t", "\u200b", "\xa0\u3000"])
def test_a_text_of_which_nothing_is_seen_is_refused(text: str) -> None:
    assert refusal(text) == "text must be non-empty"


def test_an_empty_text_and_empty_tags_are_refused_in_different_words() -> None:
    assert refusal("") == "message text is empty"
    assert refusal("<b></b>", "HTML") == "text must be non-empty"


def test_a_caption_may_be_empty() -> None:
    assert formatted("", "nonsense", None, allow_empty=True) == ("", [])
    assert formatted("<b> </b>", "HTML", None, allow_empty=True) == ("", [])
    assert formatted("\u200b", None, None, allow_empty=True) == ("\u200b", [])


def test_an_unknown_parse_mode_is_refused() -> None:
    assert refusal("x", "XML") == "unsupported parse_mode"


def test_no_more_than_a_hundred_entities_are_kept_and_bold_goes_first() -> None:
    links = ' <a href="t.me/x">x</a>' * 60
    entities = entities_of("<b>x</b> " * 60 + links)

    kinds = [kind for kind, _, _ in entities]
    assert kinds.count("text_link") == 60
    assert kinds.count("bold") == 40


def test_custom_emoji_do_not_count_among_the_hundred() -> None:
    emoji = '<tg-emoji emoji-id="5">x</tg-emoji> ' * 50
    kinds = [kind for kind, _, _ in entities_of(emoji + "<code>x</code> " * 120)]

    assert kinds.count("custom_emoji") == 50
    assert kinds.count("code") == 100


def test_who_changes_an_answer_changes_no_other() -> None:
    text = '<a href="tg://user?id=7">x</a>'
    _, entities = formatted(text, "HTML", None)
    user = entities[0]["user"]
    assert isinstance(user, dict)
    user["first_name"] = "Ann"

    assert formatted(text, "HTML", None)[1][0]["user"] == {"id": 7}


def test_entities_may_be_given_instead_of_markup() -> None:
    given = [
        {"type": "bold", "offset": "0", "length": 2},
        {"type": "url", "offset": 0, "length": 9},
    ]

    assert formatted("<b>", None, given) == ("<b>", [{"type": "bold", "offset": 0, "length": 2}])
    assert formatted("<b>x</b>", "HTML", given)[0] == "x"


def test_a_given_link_to_a_person_is_a_mention() -> None:
    given: list[dict[str, object]] = [{**BOLD, "type": "text_link", "url": "tg://user?id=7"}]

    assert formatted("x", None, given)[1] == [
        {"type": "text_mention", "offset": 0, "length": 1, "user": {"id": 7}}
    ]


def test_half_a_character_is_refused_wherever_it_is() -> None:
    link = '<a href="http://a.b/&#xd83d;">x</a>'
    language = '<pre><code class="language-&#xd83d;">x</code></pre>'

    assert refusal("x\ud83d") == "strings must be encoded in UTF-8"
    assert refusal(link, "HTML") == "messageEntityTextUrl.url must be encoded in UTF-8"
    assert refusal(language, "HTML") == "messageEntityPreCode.language must be encoded in UTF-8"


@pytest.mark.parametrize("mode", [None, "HTML", "MarkdownV2", "Markdown"])
@given_texts(
    text=st.text() | st.text(st.sampled_from("<a href='&#xd8;>/b_*[]()`~|!\\.@:中\ud83d😀\0\n"))
)
def test_any_text_is_either_taken_or_refused(mode: str | None, text: str) -> None:
    try:
        plain, entities = formatted(text, mode, None)
    except EntityError:
        return
    units = len(plain.encode("utf-16-le")) // 2
    ends = [int(str(entity["offset"])) + int(str(entity["length"])) for entity in entities]
    assert all(end <= units for end in ends)


@pytest.mark.parametrize(
    ("entity", "reason"),
    [
        ("bold", "expected an Object"),
        ({"type": "bold", "length": 1}, 'Can\'t find field "offset"'),
        ({**BOLD, "offset": None}, 'Field "offset" must be a Number'),
        ({**BOLD, "offset": 1.5}, 'Field "offset" must be a valid Number'),
        ({**BOLD, "length": 2**31}, 'Field "length" must be a valid Number'),
        ({"offset": 0, "length": 1}, 'Can\'t find field "type"'),
        ({**BOLD, "type": ""}, "Type is not specified"),
        ({**BOLD, "type": "loud"}, "Unsupported type specified"),
        ({**BOLD, "type": []}, 'Field "type" must be of type String'),
        ({**BOLD, "type": "text_link"}, 'Can\'t find field "url"'),
        ({**BOLD, "type": "text_mention"}, 'Can\'t find field "user"'),
        ({**BOLD, "type": "text_mention", "user": 5}, 'Field "user" must be of type Object'),
        ({**BOLD, "type": "custom_emoji"}, 'Can\'t find field "custom_emoji_id"'),
        (
            {**BOLD, "type": "date_time", "unix_time": 5, "date_time_format": "z"},
            "Invalid date-time format specified",
        ),
    ],
)
def test_a_malformed_entity_is_refused(entity: object, reason: str) -> None:
    assert refusal("x", None, [entity]) == f"can't parse MessageEntity: {reason}"


@pytest.mark.parametrize(
    ("entity", "reason"),
    [
        ({**BOLD, "type": "date_time", "unix_time": -1}, "invalid date specified"),
        (
            {**BOLD, "type": "custom_emoji", "custom_emoji_id": "0"},
            "invalid custom emoji identifier specified",
        ),
        (
            {**BOLD, "type": "text_link", "url": "localhost"},
            "entity URL 'localhost' is invalid: Wrong HTTP URL",
        ),
        ({**BOLD, "offset": -1}, "receive an entity with incorrect offset -1"),
    ],
)
def test_an_entity_that_makes_no_sense_is_refused(entity: object, reason: str) -> None:
    assert refusal("x", None, [entity]) == reason


def test_a_moment_and_a_mention_may_be_given() -> None:
    given: list[dict[str, object]] = [
        {**BOLD, "type": "date_time", "unix_time": 5, "date_time_format": "Td"},
        {"type": "text_mention", "offset": 1, "length": 1, "user": {"id": 7}},
    ]

    _, entities = formatted("xy", None, given)

    assert [entity["type"] for entity in entities] == ["date_time", "text_mention"]
    assert entities[0]["date_time_format"] == "dT"
