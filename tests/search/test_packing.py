"""How digests are kept."""

from hypothesis import given
from hypothesis import strategies as st

from bot.model import Digest, Item, Section
from bot.search.packing import Packing, dictionary_of
from tests.search.stories import FIRST_DAY, digest_of, own_digests, paragraphs

PACKING = Packing(dictionary_of(own_digests()))


def telling(text: str) -> Digest:
    return digest_of(FIRST_DAY, (Section(text, (Item("a", text, paragraphs(text)),)),))


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_any_text_comes_back_as_it_was(text: str) -> None:
    digest = telling(text)

    assert PACKING.unpack(PACKING.pack(digest)) == digest


def test_what_digests_share_takes_little_room() -> None:
    digests = own_digests()
    alone, together = Packing(), Packing(dictionary_of(digests[1:]))

    assert len(together.pack(digests[0])) < len(alone.pack(digests[0])) * 0.9
