"""What the limiter needs to know of a request, read from its method and its data. Pure."""

from __future__ import annotations

from typing import Any, TypeAlias

from msgspec import Struct

from bot.services.outcomes import Priority

Chat: TypeAlias = int | str

_COUNTED = ("send", "copy", "forward", "edit", "deleteMessages")


class Ask(Struct, frozen=True):
    """A request: its chat, what it costs, and which message it edits, if any; *paid* in stars."""

    chat: Chat
    method: str
    priority: Priority
    cost: int
    paced: bool
    edits: int | None = None
    paid: bool = False


def read_ask(method: str, data: dict[str, Any], priority: Priority) -> Ask | None:
    """Read from a request what the limiter needs; None where no chat is concerned."""
    chat = data.get("chat_id")
    if chat is None:
        return None
    if isinstance(chat, str) and chat.lstrip("-").isdigit():
        chat = int(chat)
    message_id = data.get("message_id") if method.startswith("edit") else None
    # Edits in private chats are answers to pressed buttons: nobody but the bot's rate slows them.
    in_group = isinstance(chat, str) or chat < 0
    paced = not method.startswith("delete") and (message_id is None or in_group)
    cost = _cost(method, data)
    return Ask(
        chat,
        method,
        priority,
        cost,
        paced=bool(cost) and paced,
        edits=message_id,
        paid=bool(data.get("allow_paid_broadcast")),
    )


def _cost(method: str, data: dict[str, Any]) -> int:
    """Count the messages that a request sends, edits or deletes."""
    if method == "sendChatAction" or not method.startswith(_COUNTED):
        return 0
    several = data.get("media") or data.get("message_ids")
    return len(several) if isinstance(several, list | tuple) else 1
