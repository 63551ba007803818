"""Which digests a message is about."""

from __future__ import annotations

from datetime import date

from bot.model import Button, Message
from bot.rendering.callback_data import encode
from bot.rendering.callbacks import Callback, Contents, Day, ItemPage, Open
from bot.rendering.links import Links
from bot.rendering.origins import digests_of


def test_the_digests_that_buttons_lead_to_are_named_once(links: Links) -> None:
    data: list[Callback] = [
        Contents("d1"),
        ItemPage("d1", "key"),
        Day(date(2026, 1, 14)),
        Open("d2", "key"),
    ]
    buttons = [Button("x", data=encode(one)) for one in data]
    buttons += [Button("x", url=links.item("d3", "key")), Button("x", url=links.digest("d2"))]

    assert digests_of(Message("text", (tuple(buttons),))) == ("d1", "d2", "d3")


def test_other_buttons_name_no_digest(links: Links) -> None:
    shared = links.share(links.digest("d1"), "title")
    urls = ["https://example.com", shared, links.search("d_1"), links.subscribe()]
    buttons = [Button("x", url=url) for url in urls]
    buttons += [Button("x", query="d1"), Button("x", data="nothing of ours")]

    assert digests_of(Message("text", (tuple(buttons),))) == ()
    assert digests_of(Message("text")) == ()
