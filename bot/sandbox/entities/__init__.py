"""Telegram's text entities: parsing, clean-up and detection, with TDLib's results."""

from bot.sandbox.entities.formatted import formatted
from bot.sandbox.entities.html import parse_html
from bot.sandbox.entities.markdown_legacy import parse_markdown_legacy
from bot.sandbox.entities.markdown_v2 import parse_markdown_v2
from bot.sandbox.entities.model import Entity, EntityError

__all__ = [
    "Entity",
    "EntityError",
    "formatted",
    "parse_html",
    "parse_markdown_legacy",
    "parse_markdown_v2",
]
