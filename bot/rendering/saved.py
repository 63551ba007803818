"""What a reader keeps: a list that outlives digests, and the buttons to keep a story."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from bot.locale import Words
from bot.model import Button, Digest, Item, Message
from bot.rendering.bidi import isolated
from bot.rendering.buttons import button, rows, turns
from bot.rendering.callbacks import Forget, Open, Save, SavedPage, Unsave
from bot.rendering.links import Links
from bot.rendering.markup import linked
from bot.rendering.names import item_name
from bot.rendering.packing import pack
from bot.rendering.posts import dateline
from bot.rendering.rich import Kind, Rich, bold, html, joined, line, wrapped
from bot.text.units import shorten

STORIES_A_PAGE = 5
MAX_TITLE = 200


class Kept(Struct, frozen=True):
    """A story as it was saved; *digest* is None where the archive no longer has it."""

    digest_id: str
    item_key: str
    title: str
    digest: Digest | None

    @property
    def item(self) -> Item | None:
        """Give the story itself, if it is still there."""
        return self.digest.item(self.item_key) if self.digest else None


class SavedView(Struct, frozen=True):
    """A page of what a reader keeps, of *total* stories; *titles* are those of the sources."""

    stories: tuple[Kept, ...]
    total: int
    page: int
    titles: Mapping[str, str]


def saved_page(view: SavedView, w: Words, links: Links) -> Message:
    """List what a reader keeps, the last saved first, to read and to remove."""
    if not view.stories:
        text = w("You have saved nothing yet. Open any story and press the ☆ below it.")
        return Message(html(line(text)))
    numbered = list(enumerate(view.stories, view.page * STORIES_A_PAGE + 1))
    entries = [_entry(number, story, view, w, links) for number, story in numbered]
    count = w.plural("{n} story", "{n} stories", view.total)
    heading = joined([bold(w("Saved")), line(count)], " · ")
    read = [button(str(n), Open(s.digest_id, s.item_key)) for n, s in numbered if s.item]
    remove = [button(f"✕ {n}", Forget(s.digest_id, s.item_key, view.page)) for n, s in numbered]
    turning = turns(view.page, -(-view.total // STORIES_A_PAGE), SavedPage)
    return Message(html(pack(joined([heading, *entries], "\n\n"))[0]), rows(read, remove, turning))


def save_button(digest: Digest, item: Item, page: int, w: Words, *, saved: bool) -> Button | None:
    """Let a reader keep the story that a page shows, or no longer."""
    if saved:
        return button(w("★ Saved"), Unsave(digest.id, item.key, page))
    return button(w("☆ Save"), Save(digest.id, item.key, page))


def _entry(number: int, story: Kept, view: SavedView, w: Words, links: Links) -> Rich:
    digest, item = story.digest, story.item
    if digest is None or item is None:
        gone = wrapped(line(w("No longer in the archive.")), Kind.ITALIC)
        return joined([joined([line(f"{number}."), _title(story.title)], " "), gone], "\n")
    title = linked(_title(item_name(item, w)), links.story(digest.id, item.key, item.url))
    place = dateline(digest, view.titles.get(digest.source, ""), w)
    return joined([joined([line(f"{number}."), title], " "), place], "\n")


def _title(title: str) -> Rich:
    return isolated(bold(shorten(title, MAX_TITLE)))
