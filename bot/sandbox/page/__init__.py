"""The chat page: a Telegram-like client in the browser, for anyone to try the bot."""

from bot.sandbox.page.page import Page

__all__ = ["Page"]
