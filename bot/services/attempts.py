"""One try: bring a chat one step nearer to what it should see."""

from __future__ import annotations

from bot.model import Message
from bot.services.outcomes import Address, Outcome, Priority, Sender, Sent
from bot.storage.records import Delivery, Task

_PRIORITY = Priority.BROADCAST


async def attempt(sender: Sender, delivery: Delivery, message: Message | None) -> Outcome:
    """Send, edit or delete, so that the chat sees *message*; None for nothing."""
    address = Address(delivery.chat_id, delivery.topic)
    if message is None:
        return await _delete(sender, address, (*delivery.pieces, delivery.sent_id))
    if delivery.task is Task.SEND:
        return await sender.send(address, message, _PRIORITY, piece=delivery.piece)
    if not delivery.sent_id:
        return Sent(0)  # an admin saw it, and nobody knows its number
    edited = await sender.edit(address, delivery.sent_id, message, _PRIORITY)
    if not isinstance(edited, Sent):
        return edited
    deleted = await _delete(sender, address, delivery.pieces)
    return edited if isinstance(deleted, Sent) else deleted


async def _delete(sender: Sender, address: Address, numbers: tuple[int | None, ...]) -> Outcome:
    there = [number for number in numbers if number]
    return await sender.delete(address, there, _PRIORITY) if there else Sent(0)
