"""Digests made of our own stories, and a topic table for them."""

import tomllib
from datetime import date, timedelta
from pathlib import Path

from bot.model import (
    Digest,
    Headline,
    Item,
    Origin,
    Paragraph,
    Report,
    Section,
    Stamp,
    Status,
    Text,
)
from bot.text.normalise import normalise

HERE = Path(__file__).parent
FIRST_DAY = date(2026, 1, 1)
STORIES_A_DIGEST = 4


class TableOfTopics:
    """A topic table made of a dict."""

    def __init__(
        self,
        table: dict[str, tuple[str, ...]],
        digest: str = "1",
        parents: dict[str, str] | None = None,
    ) -> None:
        self.table = table
        self.digest = digest
        self.parents = parents or {}

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(self.table)

    def find(self, text: str) -> tuple[str, ...]:
        folded = normalise(text)
        found = (
            topic
            for topic, aliases in self.table.items()
            if any(normalise(name) in folded for name in (topic, *aliases))
        )
        return tuple(found)

    def resolve(self, name: str) -> str | None:
        wanted = normalise(name)
        for topic, aliases in self.table.items():
            if wanted in map(normalise, (topic, *aliases)):
                return topic
        return None

    def aliases(self, name: str) -> tuple[str, ...]:
        return (name, *self.table[name]) if name in self.table else ()

    def family(self, name: str) -> tuple[str, ...]:
        topic = self.resolve(name)
        below = (child for child, parent in self.parents.items() if parent == topic)
        return (topic, *below) if topic else ()


TOPICS = {
    "NVIDIA": ("英伟达", "辉达"),
    "Google": ("谷歌",),
    "智能体": ("Agent", "agents", "AI Agent"),
    "OpenAI": ("ChatGPT", "Sora"),
    "Anthropic": ("Claude", "克劳德"),
    "DeepSeek": ("深度求索",),
    "智谱": ("Zhipu", "ChatGLM"),
    "豆包": ("Doubao",),
    "Kimi": ("月之暗面", "Moonshot"),
    "通义千问": ("Qwen", "千问"),
}


def paragraphs(text: str) -> tuple[Paragraph, ...]:
    return tuple(Paragraph((Text(line),)) for line in text.split("\n") if line)


def digest_of(
    day: date,
    sections: tuple[Section, ...],
    *,
    source: str = "morning",
    headlines: tuple[Headline, ...] = (),
    title: str = "",
) -> Digest:
    return Digest(
        id=f"{source}-{day.isoformat()}",
        source=source,
        language="zh-CN",
        day=day,
        title=title or f"{source} {day.isoformat()}",
        headlines=headlines,
        sections=sections,
        content_hash="0",
    )


def report_of(digest: Digest, status: Status = Status.READY) -> tuple[Stamp, Report]:
    path = f"{digest.id}.md"
    return Stamp(path, 1, 1), Report(path, status, digest)


def own_digests() -> list[Digest]:
    stories = tomllib.loads((HERE / "stories.toml").read_text(encoding="utf-8"))["story"]
    starts = range(0, len(stories), STORIES_A_DIGEST)
    groups = [stories[start : start + STORIES_A_DIGEST] for start in starts]
    return [_own_digest(number, group) for number, group in enumerate(groups)]


def _own_digest(number: int, stories: list[dict[str, object]]) -> Digest:
    items = [
        (
            str(story["section"]),
            Item(
                key=f"i{place}",
                title=str(story["title"]),
                body=paragraphs(str(story["body"])),
                url=f"https://news.example/{number}/{place}",
                topics=tuple(map(str, story.get("topics", []))),  # type: ignore[call-overload]
            ),
        )
        for place, story in enumerate(stories)
    ]
    return digest_of(
        FIRST_DAY + timedelta(days=number * 3),
        tuple(Section(title, (item,)) for title, item in items),
        source="morning" if number % 2 else "evening",
        headlines=(Headline(f"今天先看：{items[0][1].title}", Origin.SUMMARY, items[0][1].key),),
    )
