"""Stories of the body as the model's items: keys, links, topics."""

from __future__ import annotations

from collections.abc import Iterable

from bot.digests.identity import item_keys
from bot.digests.inlines import links, plain
from bot.digests.outline import Chapter, Story
from bot.digests.plain import blocks_text
from bot.digests.sources import links_in, source_of, take_source
from bot.digests.topics import Topics
from bot.model import Insight, Item, Section


def sections(chapters: Iterable[Chapter], topics: Topics) -> tuple[Section, ...]:
    """Make sections of chapters; keys are unique within the whole."""
    shelves = [(chapter.title, [_sourced(s) for s in chapter.stories]) for chapter in chapters]
    every = [story for _, stories in shelves for story in stories]
    keys = iter(item_keys(map(_name, every)))
    found = iter(topics.find_each([_words(story) for story in every]))
    return tuple(
        Section(title, tuple(_item(story, next(keys), next(found)) for story in stories))
        for title, stories in shelves
    )


def _sourced(story: Story) -> Story:
    """Settle where a story comes from."""
    title, url = take_source(story.title)
    found = story.url or url or source_of(title, story.blocks)
    return story._replace(title=title, url=found)


def _name(story: Story) -> str:
    """What stays the same when a story's text is corrected."""
    return story.url or plain(story.title) or blocks_text(story.blocks)


def _words(story: Story) -> str:
    """What topics are looked for in."""
    comments = (blocks_text(comment.blocks) for comment in story.insights)
    return "\n".join((plain(story.title), blocks_text(story.blocks), *comments))


def _item(story: Story, key: str, topics: tuple[str, ...]) -> Item:
    return Item(
        key=key,
        title=plain(story.title),
        body=story.blocks,
        url=story.url,
        links=_further(story),
        insights=tuple(Insight(label, blocks) for label, blocks in story.insights),
        topics=topics,
        line=story.line,
    )


def _further(story: Story) -> tuple[str, ...]:
    every = [*links(story.title), *links_in(story.blocks)]
    for comment in story.insights:
        every += links_in(comment.blocks)
    return tuple(link for link in dict.fromkeys(every) if link != story.url)
