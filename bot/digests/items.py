"""Stories of the body as the model's items: keys, links, topics."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import NamedTuple

from msgspec import Struct

from bot.digests.identity import item_keys
from bot.digests.inlines import links, plain
from bot.digests.outline import Chapter, Story
from bot.digests.plain import blocks_text
from bot.digests.sources import links_in, source_of, take_source
from bot.digests.told import Told
from bot.digests.topics import Topics
from bot.model import Insight, Item, Section
from bot.text.normalise import normalise_each


class Contents(NamedTuple):
    """The sections of a digest, and the words of their items in the same order."""

    sections: tuple[Section, ...]
    told: tuple[Told, ...]


class _Words(Struct, frozen=True):
    """The words of a story, and its title and body folded for comparing."""

    title: str
    body: str
    folded_title: str
    folded_body: str


def contents(chapters: Iterable[Chapter], topics: Topics) -> Contents:
    """Make sections of chapters; keys are unique within the whole."""
    shelves = [(chapter.title, [_sourced(s) for s in chapter.stories]) for chapter in chapters]
    stories = [story for _, stories in shelves for story in stories]
    words = _words(stories)
    keys = item_keys(_names(stories, words))
    items = [_item(*one, topics) for one in zip(stories, words, keys, strict=True)]
    told = (
        Told(item, said.body, said.folded_title, said.folded_body)
        for item, said in zip(items, words, strict=True)
    )
    rest = iter(items)
    sections = (Section(title, tuple(islice(rest, len(own)))) for title, own in shelves)
    return Contents(tuple(sections), tuple(told))


def _sourced(story: Story) -> Story:
    """Settle where a story comes from."""
    title, url = take_source(story.title)
    found = story.url or url or source_of(title, story.blocks)
    return Story(title, story.blocks, story.line, story.insights, found)


def _words(stories: Sequence[Story]) -> list[_Words]:
    titles = [plain(story.title) for story in stories]
    bodies = [blocks_text(story.blocks) for story in stories]
    folded = normalise_each([*titles, *bodies])
    return list(map(_Words, titles, bodies, folded, folded[len(stories) :]))


def _names(stories: Sequence[Story], words: Sequence[_Words]) -> Iterator[str]:
    """Give what stays the same when a story's text, or another one, is corrected or deleted."""
    counts = Counter(story.url for story in stories)
    for story, said in zip(stories, words, strict=True):
        own = said.title or said.body
        is_shared = story.url and counts[story.url] > 1
        yield f"{story.url} {own}" if is_shared else story.url or own


def _topics(story: Story, words: _Words, topics: Topics) -> tuple[str, ...]:
    """Find what a story is about: comments mention much in passing, so they count last."""
    found = topics.find_folded(
        f"{words.folded_title}\n{words.folded_body}", f"{words.title}\n{words.body}"
    )
    if found or not story.insights:
        return found
    return topics.find("\n".join(blocks_text(comment.blocks) for comment in story.insights))


def _item(story: Story, words: _Words, key: str, topics: Topics) -> Item:
    return Item(
        key=key,
        title=words.title,
        body=story.blocks,
        url=story.url,
        links=_further(story),
        insights=tuple(Insight(label, blocks) for label, blocks in story.insights),
        topics=_topics(story, words, topics),
        line=story.line,
    )


def _further(story: Story) -> tuple[str, ...]:
    every = [*links(story.title), *links_in(story.blocks)]
    for comment in story.insights:
        every += links_in(comment.blocks)
    return tuple(link for link in dict.fromkeys(every) if link != story.url)
