"""Telegram's text entities: parsing, clean-up and detection, with TDLib's results."""

from bot.sandbox.entities.formatted import formatted
from bot.sandbox.entities.html import parse_html
from bot.sandbox.entities.model import Entity, EntityError

__all__ = ["Entity", "EntityError", "formatted", "parse_html"]
