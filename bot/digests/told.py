"""An item with its words, worked out once for all that look at them."""

from __future__ import annotations

from msgspec import Struct

from bot.model import Item


class Told(Struct, frozen=True):
    """An item, the words of its body, and its title and body folded for comparing."""

    item: Item
    body: str
    folded_title: str
    folded_body: str
