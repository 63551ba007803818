"""Digests to Telegram messages. Pure."""
