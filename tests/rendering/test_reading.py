"""Reading: every word of a digest can be reached by buttons, within the limits."""

from __future__ import annotations

from datetime import date

from hypothesis import HealthCheck, given, settings

from bot.locale import Words
from bot.model import Digest, Insight, Item, Message, Paragraph, Section, Text
from bot.rendering.callbacks import Contents, Day, ItemPage, Topic
from bot.rendering.links import Links
from bot.rendering.payload import plain_text
from bot.rendering.reading import contents, find_section, item_page, section_at, section_page
from tests.rendering.conftest import Judge
from tests.rendering.expecting import assert_all_said
from tests.rendering.walking import SOURCE, bare, pages_of, said, targets
from tests.strategies import digests

DAY = date(2026, 1, 2)


def paragraph(text: str) -> Paragraph:
    """Make a paragraph."""
    return Paragraph((Text(text),))


def item(key: str, title: str = "", body: str = "") -> Item:
    """Make a story."""
    return Item(key, title, (paragraph(body),) if body else ())


def digest(*sections: Section) -> Digest:
    """Make a digest."""
    return Digest("d1", "s", "en", DAY, "Title", (), sections, "hash")


def labels(message: Message) -> list[list[str]]:
    """Give the labels of the buttons."""
    return [[button.text for button in row] for row in message.buttons]


@settings(max_examples=30, suppress_health_check=list(HealthCheck))
@given(digest=digests())
def test_all_words_of_any_digest_are_reached_by_buttons_and_no_others(
    telegram_accepts: Judge, chinese: Words, links: Links, digest: Digest
) -> None:
    pages = pages_of(digest, chinese, links)
    texts = {at: telegram_accepts(message) for at, message in pages.items()}

    assert_all_said(digest, texts, chinese)
    everywhere = bare("".join(texts[at] for at in sorted(texts, key=str)))
    for title in (digest.title, *(section.title for section in digest.sections)):
        assert said(title)[:200] in everywhere


def test_the_contents_list_sections_with_their_counts(w: Words) -> None:
    two = digest(Section("Models", (item("a"), item("b"))), Section("", (item("c"),)))

    message = contents(two, SOURCE, w)

    assert "1. <b>Models</b>" in message.text
    counted = w.plural("{n} story", "{n} stories", 2)
    assert counted in message.text.replace("\u00a0", " ")
    assert w("More") in message.text
    assert list(targets(message)) == [section_at(two, 0), section_at(two, 1), Day(DAY)]


def test_many_sections_go_over_several_pages(w: Words) -> None:
    many = digest(*(Section(f"S{n}", (item(f"k{n}"),)) for n in range(23)))

    second = contents(many, SOURCE, w, 1)

    assert "11. <b>S10</b>" in second.text
    assert section_at(many, 10) in targets(second)
    assert labels(second)[-2] == ["‹", "2/3", "›"]
    assert contents(many, SOURCE, w, 99) == contents(many, SOURCE, w, 2)


def test_a_digest_without_sections_still_has_a_page(w: Words) -> None:
    message = contents(digest(), SOURCE, w)

    assert plain_text(message.text) == f"Daily · {w.day(DAY)}\nTitle"
    assert list(targets(message)) == [Day(DAY)]


def test_a_single_section_needs_no_contents(w: Words) -> None:
    one = digest(Section("Only", (item("a", "A"),)))

    assert contents(one, SOURCE, w) == section_page(one, 0, SOURCE, w)
    assert Day(DAY) in targets(contents(one, SOURCE, w))


def test_a_single_section_without_a_title_is_called_as_its_digest(w: Words, links: Links) -> None:
    one = digest(Section("", (item("a", "A"),)))

    assert plain_text(section_page(one, 0, SOURCE, w).text).startswith(
        f"Daily · {w.day(DAY)}\nTitle\n\n1. "
    )
    assert item_page(one, "a", w, links).text.startswith(f"Title · {w.short_day(DAY)}\n<b>A</b>")


def test_a_title_too_long_for_a_heading_is_whole_in_the_contents(
    telegram_accepts: Judge, w: Words
) -> None:
    one = digest(Section("word " * 200, (item("a", "A"),)))

    assert ("word " * 200).strip() in telegram_accepts(contents(one, SOURCE, w))


def test_a_section_shows_titles_and_how_stories_begin(w: Words) -> None:
    stories = (
        item("a", "A title", "First sentence about v3.5. Second one."),
        item("b", "", "没有标题的一条。第二句。"),
        item("c"),
    )

    text = plain_text(section_page(digest(Section("S", stories)), 0, SOURCE, w).text)

    assert "1. A title\nFirst sentence about v3.5.\n" in text
    assert "Second one" not in text
    assert "2. 没有标题的一条。\n" in text
    assert f"3. {w('Untitled')}" in text


def test_a_long_section_has_pages_of_eight(w: Words) -> None:
    long = digest(Section("A", ()), Section("S", tuple(item(f"k{n}", f"T{n}") for n in range(20))))

    middle = section_page(long, 1, SOURCE, w, 1)

    assert labels(middle)[0] == [str(n) for n in range(9, 17)]
    assert labels(middle)[1] == ["‹", "2/3", "›"]
    assert labels(middle)[2] == [w("‹ Section"), w("Contents")]
    assert labels(section_page(long, 0, SOURCE, w)) == [[w("Contents"), w("Section ›")]]
    assert section_page(long, 1, SOURCE, w, 99) == section_page(long, 1, SOURCE, w, 2)


def test_a_story_leads_back_to_the_page_that_it_was_chosen_on(w: Words, links: Links) -> None:
    long = digest(Section("S", tuple(item(f"k{n}", f"T{n}") for n in range(10))))

    message = item_page(long, "k9", w, links)

    assert list(targets(message))[1:] == [ItemPage("d1", "k8"), section_at(long, 0, 1)]


def test_neighbours_are_found_across_sections(w: Words, links: Links) -> None:
    two = digest(Section("A", (item("a"),)), Section("B", (item("b"),)))

    assert ItemPage("d1", "b") in targets(item_page(two, "a", w, links))
    assert ItemPage("d1", "a") in targets(item_page(two, "b", w, links))


def test_a_story_has_its_insight_sources_topics_and_share(
    telegram_accepts: Judge, w: Words, links: Links
) -> None:
    story = Item(
        "k",
        "Title",
        (paragraph("Body."),),
        url="https://www.example.com/a",
        links=("https://example.org/b", "#", "https://www.example.com/a", "https://אתר.example/"),
        insights=(Insight("Why", (paragraph("Because."),)),),
        topics=("OpenAI",),
    )

    message = item_page(digest(Section("S", (story,))), "k", w, links)

    telegram_accepts(message)
    assert '<a href="https://www.example.com/a"><b>Title</b></a>' in message.text
    assert "<blockquote expandable><b>Why</b>\nBecause.</blockquote>" in message.text
    assert plain_text(message.text).endswith(
        f"{w('Sources: ')}example.com · example.org · \u2068אתר.example\u2069"
    )
    assert Topic("OpenAI") in targets(message)
    assert (
        message.buttons[1][1].url
        == "https://t.me/share/url?url=https%3A%2F%2Fwww.example.com%2Fa&text=Title"
    )


def test_a_story_without_a_source_is_shared_by_the_bots_link(w: Words, links: Links) -> None:
    message = item_page(digest(Section("S", (item("k", "T"),))), "k", w, links)

    assert message.buttons[0][1].url == links.share(links.item("d1", "k"), "T")


def test_a_source_too_long_to_share_gives_way_to_the_bots_link(w: Words, links: Links) -> None:
    story = Item("k", "T", url="https://example.com/" + "路" * 1000)
    message = item_page(digest(Section("S", (story,))), "k", w, links)

    assert message.buttons[0][1].url == links.share(links.item("d1", "k"), "T")


def test_a_long_story_goes_over_pages(telegram_accepts: Judge, w: Words, links: Links) -> None:
    long = digest(Section("S", (item("k", "T", "word " * 2000),)))

    first, last = (item_page(long, "k", w, links, page) for page in (0, 99))

    assert labels(first)[0] == ["1/3", "›"]
    assert labels(last)[0] == ["‹", "3/3"]
    assert telegram_accepts(last).startswith("word")


def test_what_a_corrected_digest_no_longer_has_is_answered_kindly(w: Words, links: Links) -> None:
    one = digest(Section("S", (item("k"),)))

    message = item_page(one, "gone", w, links)

    assert message.text == w("This is no longer in the digest, which was corrected since.")
    assert list(targets(message)) == [Contents("d1")]


def test_a_section_is_found_again_after_corrections() -> None:
    models, chips = Section("Models", (item("a"), item("b"))), Section("Chips", (item("c"),))
    twice = Section("Models", (item("d"),))
    asked = section_at(digest(models, chips, twice), 1)
    empty = section_at(digest(models, Section("Chips", ())), 1)

    assert find_section(digest(chips, models), asked) == 0
    assert find_section(digest(models, Section("Hardware", chips.items)), asked) == 1
    assert find_section(digest(models, Section("Chips", (item("x"),)), twice), asked) == 1
    assert find_section(digest(models, twice), asked) is None
    assert find_section(digest(), asked) is None
    assert find_section(digest(models, chips), empty) == 1


def test_of_sections_with_one_name_the_nearest_is_meant() -> None:
    same = [Section("News", (item(key),)) for key in "abc"]

    for at in range(3):
        assert find_section(digest(*same), section_at(digest(*same), at)) == at
