"""What every handler is given: the services, and the words of whoever is asking."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import time
from typing import Any

from telegram import Chat, Message, Update
from telegram.ext import CallbackContext, ExtBot

from bot.handlers.vanishing import Vanishing
from bot.locale import Words, words
from bot.services.broadcasting import Broadcasts
from bot.services.delivery import DeliveryWorker
from bot.services.menus import AdminMenus
from bot.services.mirror import Mirror
from bot.services.offering import Offering
from bot.services.outcomes import Priority
from bot.services.preferences import PersonalSettings
from bot.services.reading import Reader
from bot.services.saving import SavedStories
from bot.services.subscriptions import Subscriptions
from bot.services.trends import Trends
from bot.services.turning import Turning
from bot.services.verdicts import Verdicts

Data = dict[Any, Any]


@dataclass(frozen=True, slots=True)
class Services:
    """All that handlers may ask for, and what the operator chose that answers mention."""

    reader: Reader
    offering: Offering
    trends: Trends
    subscriptions: Subscriptions
    broadcasts: Broadcasts
    worker: DeliveryWorker
    verdicts: Verdicts
    vanishing: Vanishing
    saved: SavedStories
    turning: Turning
    menus: AdminMenus
    mirror: Mirror | None
    personal: PersonalSettings
    admins: frozenset[int]
    language: str
    push_at: time | None


class Context(CallbackContext[ExtBot[Priority], Data, Data, Data]):
    """The library's context plus our services."""

    @property
    def services(self) -> Services:
        """Give the services; the one place that narrows their type."""
        services = self.bot_data["services"]
        if not isinstance(services, Services):
            raise TypeError("bot_data has no services: whoever runs the bot puts them there")
        return services

    def words(self, update: Update) -> Words:
        """Give the words for whoever is asking: as they chose, else Telegram, else the operator."""
        user, services = update.effective_user, self.services
        chosen = user and services.personal.language_at_hand(user.id)
        return words(chosen or (user and user.language_code) or services.language)

    @property
    def rest(self) -> str:
        """Give what was typed after the command, in one line."""
        return " ".join(self.args or ())


def message_of(update: Update) -> Message:
    """Give the message of an update whose filter promised one."""
    if update.effective_message is None:
        raise ValueError("an update without a message reached a message's handler")
    return update.effective_message


def thread_of(message: Message) -> int | None:
    """Give the topic in which a message stands; None where it stands in none."""
    return message.message_thread_id if message.is_topic_message else None


def chat_of(update: Update) -> Chat:
    """Give the chat of an update whose filter promised one."""
    if update.effective_chat is None:
        raise ValueError("an update without a chat reached a chat's handler")
    return update.effective_chat


def asker(update: Update) -> int | None:
    """Give the person who asks in private; None in a group, where the answer is for all."""
    user = update.effective_user
    return user.id if user and is_private(update) else None


def is_private(update: Update) -> bool:
    """Tell whether someone speaks with the bot alone."""
    return chat_of(update).type == Chat.PRIVATE
