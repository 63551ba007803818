"""The list of what a reader keeps: any story, also one that is gone, within the limits."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.locale import Words
from bot.model import Digest
from bot.rendering.callbacks import Forget, Open, SavedPage
from bot.rendering.links import Links
from bot.rendering.saved import STORIES_A_PAGE, Kept, SavedView, saved_page
from tests.rendering.conftest import Judge
from tests.rendering.walking import targets
from tests.strategies import digests, texts


@settings(max_examples=60, suppress_health_check=list(HealthCheck))
@given(digest=digests(), title=texts, source=texts, page=st.integers(0, 199))
def test_any_stories_are_listed_to_read_and_to_remove(
    telegram_accepts: Judge,
    w: Words,
    links: Links,
    digest: Digest,
    title: str,
    source: str,
    page: int,
) -> None:
    found = [Kept(digest.id, item.key, title, digest) for item in digest.items]
    kept = tuple([Kept("gone", "k", title, None), Kept(digest.id, "no", "", digest), *found][:5])
    total = page * STORIES_A_PAGE + len(kept)

    message = saved_page(SavedView(kept, total, page, {"source": source}), w, links)

    text = telegram_accepts(message)
    assert text.count(w("No longer in the archive.")) == 2
    leads = list(targets(message))
    assert [one for one in leads if isinstance(one, Forget)] == [
        Forget(story.digest_id, story.item_key, page) for story in kept
    ]
    assert [one for one in leads if isinstance(one, Open)] == [
        Open(story.digest_id, story.item_key) for story in kept if story.item
    ]
    assert (SavedPage(page - 1) in leads) is (page > 0)


def test_without_stories_it_is_said_how_to_save_one(
    telegram_accepts: Judge, w: Words, links: Links
) -> None:
    assert "☆" in telegram_accepts(saved_page(SavedView((), 0, 0, {}), w, links))
