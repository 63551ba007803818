"""The verdict of TDLib's own parser on ours."""

import random
from itertools import islice

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

pytest.importorskip("tdjson", reason="TDLib has no build for this platform")

from bench import entities_judge as judge
from bench import entities_texts
from bench.entities_fuzz import found_differences, parse_differences, verdict_on
from bot.sandbox.entities import EntityError
from bot.sandbox.entities.automatic import found
from bot.sandbox.entities.cleanup import cleaned, cleaned_string
from bot.sandbox.entities.formatted import shown
from bot.sandbox.entities.given import given_entities
from bot.sandbox.entities.model import Entity
from bot.sandbox.entities.nesting import merged

# A hundred thousand of HTML and of MarkdownV2, in shares so that they spread over processes.
TEXTS = 5_000
SEED = 20_260_101
SEEDS = range(SEED, SEED + 20)
MODES = ("HTML", "MarkdownV2")

# No half characters: TDLib dies of them in an address.
alphabet = st.sampled_from("<>/&;=\"' abipre\n\t\r#x1_*~`[]()!|\\.:@$-中😀\u2028\u200f\u030a")


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("mode", MODES)
def test_texts_errors_and_entities_are_those_of_tdlib(mode: str, seed: int) -> None:
    assert list(islice(parse_differences(mode, TEXTS, seed), 3)) == []


def test_old_markdown_is_parsed_as_tdlib_does() -> None:
    assert list(islice(parse_differences("Markdown", TEXTS, SEED), 3)) == []


@pytest.mark.parametrize("mode", MODES)
@settings(max_examples=300)
@given(text=st.text(alphabet, max_size=40))
def test_any_text_is_parsed_as_tdlib_does(mode: str, text: str) -> None:
    ours, theirs = verdict_on(text, mode)

    assert ours == theirs


@pytest.mark.parametrize("seed", SEEDS[:4])
def test_links_tags_and_commands_are_found_where_tdlib_finds_them(seed: int) -> None:
    differences = list(found_differences(TEXTS, seed))

    assert len(differences) <= TEXTS // 1000
    for text, _, theirs in differences:
        assert "'media_timestamp'" in str(theirs), f"an unknown class of differences: {text!r}"


def test_what_is_found_joins_what_is_marked_as_in_tdlib() -> None:
    source = random.Random(SEED)
    compared = 0
    for _ in range(3_000):
        text = cleaned_string(entities_texts.automatic(source)).translate(judge.MASK)
        marked = _marked(source, text)
        extra = [entity for entity in found(text) if not _collides(entity, marked)]
        if not text.strip() or len(extra) < len(found(text)):
            continue
        compared += 1
        ours = shown(text, merged(cleaned(text, marked)[1], extra))
        together = [{**entity} for entity in shown(text, marked + extra)]
        assert (text, ours) == judge.given(text, together)
    assert compared > 1_000


def _marked(source: random.Random, text: str) -> list[Entity]:
    kinds = ("bold", "italic", "spoiler", "code", "blockquote", "underline")
    marked = []
    for _ in range(source.randint(0, 4)):
        begin = source.randint(0, len(text))
        length = source.randint(0, len(text) - begin)
        if length:
            marked.append(Entity(source.choice(kinds), begin, length))
    return marked


def _collides(found_one: Entity, marked: list[Entity]) -> bool:
    hard = [entity for entity in marked if entity.kind in ("code", "blockquote")]
    return any(entity.offset < found_one.end and found_one.offset < entity.end for entity in hard)


def test_given_entities_are_checked_and_cleaned_as_in_tdlib() -> None:
    source = random.Random(SEED)
    for _ in range(5_000):
        text = "".join(source.choice("ab \n中😀\r\u2028") for _ in range(source.randint(1, 12)))
        entities = [_entity(source) for _ in range(source.randint(1, 6))]
        assert _verdict(text, entities) == judge.given(text, entities), (text, entities)


def _entity(source: random.Random) -> dict[str, object]:
    kinds: tuple[dict[str, object], ...] = (
        {"type": "bold"},
        {"type": "italic"},
        {"type": "code"},
        {"type": "pre"},
        {"type": "pre", "language": "p\ty"},
        {"type": "blockquote"},
        {"type": "expandable_blockquote"},
        {"type": "text_link", "url": _link(source)},
        {"type": "text_mention", "user": {"id": 5}},
        {"type": "custom_emoji", "custom_emoji_id": source.choice("0111")},
    )
    length = source.choice((-1, 0, 1, 2, 3, 4, 6, 8))
    return {**source.choice(kinds), "offset": source.randint(0, 8), "length": length}


def _link(source: random.Random) -> str:
    if source.random() < 0.7:
        return "t.me/x"
    pieces = ("http://", "https://", "tg://", "ton:", "user?id=5", "a.b", "@", ":", "80", "/", "?")
    more = ("[::1]", "%41", "%4", " ", "中", "#", ".", "_", "\u2028", "x", "tonsite://", '"')
    return "".join(source.choice(pieces + more) for _ in range(source.randint(1, 5)))


def _verdict(text: str, entities: list[dict[str, object]]) -> judge.Verdict:
    try:
        plain, read = cleaned(text, given_entities(text, entities))
    except EntityError as error:
        return str(error)
    if not plain.strip(" \n"):
        return "", []
    return plain, shown(plain, read)
