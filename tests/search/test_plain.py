"""The words of a tree."""

from bot.model import (
    Block,
    Break,
    Code,
    CodeBlock,
    Emphasis,
    Heading,
    Image,
    Insight,
    Item,
    Link,
    List,
    Paragraph,
    Quote,
    Rule,
    Strike,
    Strong,
    Table,
    Text,
)
from bot.search.plain import item_text


def test_every_word_of_an_item_is_there_in_order() -> None:
    body: tuple[Block, ...] = (
        Heading(2, (Text("一"),)),
        Paragraph((Strong((Text("二"),)), Emphasis((Text("三"),)), Break(), Strike((Code("四"),)))),
        Rule(),
        List(((Paragraph((Link("https://x.example", (Text("五"),)),)),),)),
        Quote((Paragraph((Image("https://x.example/i.png", "六"),)),)),
        CodeBlock("七"),
        Table(((Text("八"),), (Text("九"),)), (((Text("十"),), ()),)),
    )
    item = Item("a", "题", body, insights=(Insight("影响", (Paragraph((Text("后"),)),)),))

    assert item_text(item) == "一\n二三\n四\n五\n六\n七\n八 九\n十 \n后"
