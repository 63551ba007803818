"""The nouns that every layer shares. Pure: no files, no clock, no network.

They are msgspec structs: frozen, typed, and written to the index and read back without code of
our own (docs/decisions.md). Digests are written without the names of their fields, so whoever adds
one raises the index's layout (search/schema.py).
"""

from bot.model.digest import (
    DOUBTFUL,
    Digest,
    Headline,
    Insight,
    Item,
    Origin,
    Problem,
    Report,
    Section,
    Source,
    Status,
)
from bot.model.message import Button, Message, Preview
from bot.model.preferences import EVERY_DAY, Preferences, Quiet, Timing
from bot.model.results import Also, DigestHead, Hit, Results, Stamp
from bot.model.tree import (
    Block,
    Break,
    Code,
    CodeBlock,
    Emphasis,
    Heading,
    Image,
    Inline,
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

__all__ = [
    "DOUBTFUL",
    "EVERY_DAY",
    "Also",
    "Block",
    "Break",
    "Button",
    "Code",
    "CodeBlock",
    "Digest",
    "DigestHead",
    "Emphasis",
    "Heading",
    "Headline",
    "Hit",
    "Image",
    "Inline",
    "Insight",
    "Item",
    "Link",
    "List",
    "Message",
    "Origin",
    "Paragraph",
    "Preferences",
    "Preview",
    "Problem",
    "Quiet",
    "Quote",
    "Report",
    "Results",
    "Rule",
    "Section",
    "Source",
    "Stamp",
    "Status",
    "Strike",
    "Strong",
    "Table",
    "Text",
    "Timing",
]
