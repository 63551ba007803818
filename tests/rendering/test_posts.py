"""Posts: all that was announced, within the limits, as Telegram accepts it."""

from __future__ import annotations

from datetime import date

from hypothesis import HealthCheck, given, settings

from bot.locale import Words
from bot.model import Digest, Headline, Item, Origin, Preview, Section
from bot.rendering.callback_data import decode
from bot.rendering.callbacks import Contents
from bot.rendering.links import Links
from bot.rendering.payload import plain_text
from bot.rendering.posts import digest_name, personal_post, post
from tests.rendering.conftest import Judge
from tests.rendering.expecting import post_ends
from tests.rendering.walking import bare
from tests.strategies import digests


def digest(headlines: tuple[Headline, ...] = (), cover: str | None = None) -> Digest:
    """Make a digest of two stories, the second one without a source."""
    items = (
        Item("k1", "One", url="https://example.com/1", topics=("OpenAI", "3D打印")),
        Item("k2", "Two", url="https://nohost", topics=("OpenAI", "Claude Code")),
    )
    day = date(2026, 1, 2)
    return Digest(
        "d1", "source", "en", day, "A <title>", headlines, (Section("S", items),), "hash", cover
    )


def headline(text: str, item: str | None = None) -> Headline:
    """Make a headline."""
    return Headline(text, Origin.SUMMARY, item)


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(digest=digests())
def test_any_post_is_accepted_and_ends_with_its_headlines_and_topics(
    telegram_accepts: Judge, chinese: Words, links: Links, digest: Digest
) -> None:
    messages = post(digest, "AI 日报", chinese, links)

    text = bare("".join(telegram_accepts(message) for message in messages))

    assert text.endswith(post_ends(digest))


def test_a_post_is_one_message_with_title_day_headlines_and_topics(w: Words, links: Links) -> None:
    (message,) = post(digest((headline("First", "k1"), headline("Second"))), "Daily", w, links)

    assert plain_text(message.text).split("\n") == [
        f"Daily · {w.day(date(2026, 1, 2))}",
        "A <title>",
        "",
        "• First",
        "• Second",
        "",
        "#OpenAI #_3D打印 #Claude_Code",
    ]


def test_a_headline_leads_to_its_source_else_to_the_bot(w: Words, links: Links) -> None:
    headlines = (headline("a", "k1"), headline("b", "k2"), headline("c"), headline("d", "gone"))
    (message,) = post(digest(headlines), "Daily", w, links)

    for text, url in (
        ("a", "https://example.com/1"),
        ("b", "https://t.me/digest_sandbox_bot?start=i2_d1k2"),
        ("c", "https://t.me/digest_sandbox_bot?start=d_d1"),
        ("d", "https://t.me/digest_sandbox_bot?start=d_d1"),
    ):
        assert f'• <a href="{url}">{text}</a>' in message.text


def test_the_cover_is_shown_large_above_the_text(w: Words, links: Links) -> None:
    (message,) = post(digest(cover="https://example.com/c.png"), "Daily", w, links)

    assert message.preview == Preview("https://example.com/c.png", large=True, above=True)


def test_a_cover_that_telegram_refuses_is_left_out(w: Words, links: Links) -> None:
    (message,) = post(digest(cover="/images/c.png"), "Daily", w, links)

    assert message.preview is None


def test_a_group_post_leads_into_the_private_chat(w: Words, links: Links) -> None:
    (message,) = post(digest(), "Daily", w, links)

    read, search = message.buttons[0]
    assert read.url == links.digest("d1")
    assert search.url == links.search()


def test_a_personal_post_is_read_on_where_it_stands(w: Words, links: Links) -> None:
    (message,) = personal_post(digest(), "Daily", w, links)

    assert decode(message.buttons[0][0].data or "") == Contents("d1")


def test_what_does_not_fit_follows_without_picture_and_buttons(
    telegram_accepts: Judge, w: Words, links: Links
) -> None:
    many = tuple(headline(f"Headline {number} " + "word " * 20) for number in range(120))
    first, *rest = post(digest(many, "https://example.com/c.png"), "Daily", w, links)

    assert first.preview
    assert first.buttons
    assert rest
    assert all(not part.buttons and part.preview is None for part in rest)
    assert all(telegram_accepts(part).startswith(("• Headline", "#")) for part in rest)


def test_a_source_that_runs_from_right_to_left_is_isolated(w: Words, links: Links) -> None:
    (message,) = post(digest(), "أخبار", w, links)

    assert message.text.startswith("\u2068أخبار\u2069 · ")


def test_admins_read_of_source_day_and_id_of_a_digest(w: Words) -> None:
    day = w.day(date(2026, 1, 2))

    assert digest_name("d1", digest(), "Daily", w) == f"Daily · {day} · d1"
    assert digest_name("d1", digest(), "", w) == f"{day} · d1"
    assert digest_name("d1", None, "", w) == "d1"
