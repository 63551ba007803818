"""Answers to searches, and topics.

A page button has to hold the query, and callback data is 64 bytes: some 19 Chinese characters or
58 Latin letters. A longer query gets no page buttons but one that opens inline mode with the same
words, where the list has no pages; keeping queries in a table instead would make old buttons
depend on it for ever.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta

from msgspec import Struct
from msgspec.structs import replace

from bot.locale import Words
from bot.model import Also, Button, Hit, Message, Results
from bot.rendering.bidi import isolated
from bot.rendering.buttons import button, grid, label, row, rows, turns
from bot.rendering.callback_data import fits
from bot.rendering.callbacks import Day, Open, Search, Topic, Topics, Weeks
from bot.rendering.hashtags import hashtag
from bot.rendering.links import Links
from bot.rendering.markup import linked
from bot.rendering.packing import pack
from bot.rendering.rich import Kind, Rich, bold, html, joined, line, plain, unbroken, wrapped
from bot.text.asking import at_any_time, names_days, narrowed, widened
from bot.text.units import cut, shorten

HITS_A_PAGE = 5
MAX_QUERY = 100
MAX_TITLE = 200
MAX_SNIPPET = 300
MAX_ALSO = 3
MAX_SUGGESTIONS = 6
MAX_REFINEMENTS = 3
PERIODS = (7, 30)
MAX_RELATED = 6
MAX_INLINE_QUERY = 64
MAX_PAGE = 400
CLOUD = 24
CLOUD_IN_GROUP = 12
CLOUD_A_ROW = 3


class Found(Struct, frozen=True):
    """A page of results and what it answers; *titles* are those of the sources, by their names.

    With *today*, a search can be narrowed to the last days. *day* is what the words mean besides,
    where they name a day. *is_early*: not all of the archive can be found yet.
    """

    question: Search | Topic
    results: Results
    titles: Mapping[str, str]
    in_group: bool = False
    today: date | None = None
    day: date | None = None
    is_early: bool = False


def results_page(found: Found, w: Words, links: Links) -> Message:
    """Show what was found for a query, or suggest what to look for instead."""
    if not found.results.hits:
        return _nothing(found, w)
    refined = (button(text, value) for text, value in _refinements(found))
    periods = (button(text, value) for text, value in _periods(found, w))
    heading = isolated(bold(_words(found.question)))
    return _page(found, heading, w, links, _day(found, w), row(*refined), row(*periods))


def topic_page(found: Found, w: Words, links: Links) -> Message:
    """Show a topic's stories, newest first, and the topics that go with it."""
    if not found.results.hits:
        return _nothing(found, w)
    name = _words(found.question)
    related = [topic for topic in found.results.topics if topic != name]
    others = (button(f"#{other}", Topic(other)) for other in related[:MAX_RELATED])
    heading = isolated(bold(hashtag(name) or name))
    further = [button(w("How it developed"), Weeks(name)), button(w("Topics"), Topics())]
    return _page(found, heading, w, links, *grid(others, CLOUD_A_ROW), further)


def topic_cloud(
    counts: Mapping[str, int], w: Words, rising: Sequence[str] = (), *, in_group: bool = False
) -> Message:
    """Show the topics of late with the number of their stories, and those that rise."""
    names = sorted(counts, key=lambda name: (-counts[name], name))
    heading = bold(w("Topics of the last 30 days"))
    if not names:
        return Message(html(joined([heading, line(w("There are none yet."))], "\n")))
    shown = names[: CLOUD_IN_GROUP if in_group else CLOUD]
    cloud = [unbroken(f"{hashtag(name) or name} {w.number(counts[name])}") for name in shown]
    news = Rich(w("Rising: {topics}", topics=_listed(map(_name, rising), w)) if rising else "")
    named = dict.fromkeys([*shown, *rising])
    buttons = grid((button(name, Topic(name)) for name in named), CLOUD_A_ROW)
    text = joined([heading, joined(cloud, " · "), news], "\n\n")
    return Message(html(pack(text)[0]), rows(*buttons))


def _page(
    found: Found, heading: Rich, w: Words, links: Links, *further: Sequence[Button | None]
) -> Message:
    first = found.question.page * HITS_A_PAGE + 1
    numbered = list(enumerate(found.results.hits[:HITS_A_PAGE], first))
    entries = [_entry(found, number, hit, w, links) for number, hit in numbered]
    numbers = [read_button(number, hit, links, in_group=found.in_group) for number, hit in numbered]
    early = w("I am just reading the archive anew: there may be more in a minute.")
    further_on = [line(early)] if found.is_early else []
    head = joined([heading, line(story_count(found.results, w))], " · ")
    text = joined([head, *entries, *further_on], "\n\n")
    return Message(html(pack(text)[0]), rows(numbers, _turns(found, w), *further))


def _nothing(found: Found, w: Words) -> Message:
    query = shorten(_words(found.question), MAX_QUERY)
    text = line(w("Nothing found for “{query}”.", query=query))
    if found.is_early:
        early = line(w("I am just reading the archive anew: please ask again in a minute."))
        text = joined([text, early], "\n")
    # A day's numbers, taken for words, say nothing.
    others = () if found.day else found.results.suggestions
    offered = row(*(_suggestion(other, found.question) for other in others))
    if offered:
        text = joined([text, line(w("Did you mean one of these?"))], "\n")
    below = grid(offered[:MAX_SUGGESTIONS], 2) if offered else [_lead_on(found, w)]
    return Message(html(text), rows(_day(found, w), *below, _as_words(found, w)))


def _as_words(found: Found, w: Words) -> tuple[Button, ...]:
    """Offer to search for what is no topic."""
    if isinstance(found.question, Search):
        return ()
    words = found.question.name
    return row(button(w("Search for “{words}”", words=words), Search(words)))


def _suggestion(words: str, question: Search | Topic) -> Button | None:
    """Offer to ask for other words; those that data cannot hold are asked for inline."""
    if isinstance(question, Topic):
        return button(words, Topic(words))
    inline = Button(label(words), query=words) if len(words) <= MAX_INLINE_QUERY else None
    return button(words, Search(words)) or inline


def _lead_on(found: Found, w: Words) -> tuple[Button, ...]:
    """Lead from where nothing is near to what there is."""
    newest = button(w("Today's digest"), Day(found.today)) if found.today else None
    return row(newest, button(w("Topics"), Topics()))


def _day(found: Found, w: Words) -> tuple[Button, ...]:
    """Offer the day that the words name."""
    return row(button(w.day(found.day), Day(found.day))) if found.day else ()


def _words(question: Search | Topic) -> str:
    words = question.query if isinstance(question, Search) else question.name
    return shorten(line(words).text, MAX_QUERY)


def story_count(results: Results, w: Words) -> str:
    """Say how many stories were found."""
    if results.more:
        return w("more than {n} stories", n=w.number(results.total))
    return w.plural("{n} story", "{n} stories", results.total)


def story_line(hit: Hit, links: Links) -> Rich:
    """Name a story, leading to its source, else to the bot's page of it."""
    address = links.story(hit.digest_id, hit.item_key, hit.url)
    return linked(bold(shorten(hit.title, MAX_TITLE) or "…"), address)


def story_places(hit: Hit, titles: Mapping[str, str], w: Words) -> Rich:
    """Say which source told a story on which day, and where else it stands."""
    return joined([_source(hit.source, titles), line(w.day(hit.day)), _also(hit, titles, w)], " · ")


def read_button(number: int, hit: Hit, links: Links, *, in_group: bool) -> Button | None:
    """Read the story below the list in a private chat, from a group in the private chat."""
    if in_group:
        return Button(label(str(number)), url=links.item(hit.digest_id, hit.item_key))
    return button(str(number), Open(hit.digest_id, hit.item_key))


def _entry(found: Found, number: int, hit: Hit, w: Words, links: Links) -> Rich:
    head = joined([line(f"{number}."), isolated(story_line(hit, links))], " ")
    text = story_snippet(hit)
    # Where many people read, the list stays short until someone unfolds it.
    told = wrapped(text, Kind.FOLD) if found.in_group else text
    return joined([head, story_places(hit, found.titles, w), told], "\n")


def _source(name: str, titles: Mapping[str, str]) -> Rich:
    return isolated(line(shorten(titles.get(name, ""), MAX_QUERY)))


def _also(hit: Hit, titles: Mapping[str, str], w: Words) -> Rich:
    """Name the other places by their days, and by their sources where those are others."""
    places = (_place(place, hit, titles, w) for place in hit.also_on)
    first = list(dict.fromkeys(places))[:MAX_ALSO]
    # Each place is one line already; taken as one once more, it would lose its isolation.
    return Rich(w("also: {places}", places=_listed(first, w)) if first else "")


def _listed(names: Iterable[str], w: Words) -> str:
    return w(", ").join(names)


def _name(topic: str) -> str:
    return isolated(line(topic)).text


def _place(place: Also, hit: Hit, titles: Mapping[str, str], w: Words) -> str:
    day = w.short_day(place.day)
    source = _source(place.source, titles).text if place.source != hit.source else ""
    return f"{source} {day}" if source else day


def story_snippet(hit: Hit) -> Rich:
    """Show the piece of a story in which it was found, with what matched in bold."""
    runs = ((plain(text), matched) for text, matched in hit.snippet)
    rich = joined(wrapped(run, Kind.BOLD) if matched else run for run, matched in runs)
    return pack(rich, MAX_SNIPPET)[0] if rich.text.strip() else Rich("")


def _turns(found: Found, w: Words) -> tuple[Button, ...]:
    question = found.question
    pages = -(-found.results.total // HITS_A_PAGE)
    if fits(replace(question, page=min(pages, MAX_PAGE))):
        return turns(question.page, min(pages, MAX_PAGE), lambda at: replace(question, page=at))
    if pages < 2:
        return ()
    words = cut(_words(question), MAX_INLINE_QUERY)
    return (Button(label(w("More results")), query=words),)


def _refinements(found: Found) -> list[tuple[str, Search]]:
    """Narrow the search by topics of its first stories, or widen it again."""
    words = _words(found.question)
    wider = [(f"✕ #{topic}", Search(rest)) for topic, rest in widened(words)]
    topics = [topic for topic in found.results.topics if topic not in words]
    named = [(f"+ #{topic}", Search(narrowed(words, topic))) for topic in topics]
    return [*wider[-1:], *named][:MAX_REFINEMENTS]


def _periods(found: Found, w: Words) -> list[tuple[str, Search]]:
    """Narrow what is longer than a page to the last days that have any, or widen it again."""
    words = _words(found.question)
    if names_days(words):
        wider = at_any_time(words)
        return [(w("Any time"), Search(wider))] if wider else []
    newest = found.results.newest
    if found.today is None or newest is None or found.results.total <= HITS_A_PAGE:
        return []
    first = {days: found.today - timedelta(days=days - 1) for days in PERIODS}
    return [
        (w("Last {n} days", n=days), Search(f"{words} since:{day}"))
        for days, day in first.items()
        if day <= newest
    ]
