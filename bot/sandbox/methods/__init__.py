"""The methods of the Bot API, one module a family; the list of what the sandbox can do."""

from bot.sandbox.methods import (
    answers,
    chats,
    copies,
    deleting,
    edits,
    invites,
    media,
    members,
    messages,
    pins,
    places,
    polls,
    profile,
    reactions,
    topics,
    updates,
)
from bot.sandbox.methods.registry import METHODS, Query

__all__ = [
    "METHODS",
    "Query",
    "answers",
    "chats",
    "copies",
    "deleting",
    "edits",
    "invites",
    "media",
    "members",
    "messages",
    "pins",
    "places",
    "polls",
    "profile",
    "reactions",
    "topics",
    "updates",
]
