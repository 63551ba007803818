"""What the bot says of itself: name, descriptions, commands, menu button."""

from __future__ import annotations

import re

from bot.sandbox import errors
from bot.sandbox.methods.registry import Query, method
from bot.sandbox.nouns import Chat, Json, Standing
from bot.sandbox.profile import scope_key

# docs, setMyCommands and BotCommand
COMMANDS = 100
COMMAND = re.compile(r"[a-z0-9_]{1,32}")
COMMAND_TEXT = 256
# docs, setMyName, setMyDescription, setMyShortDescription
TEXTS = {"name": 64, "description": 512, "short_description": 120}
LANGUAGE = re.compile(r"([a-z]{2})?")


@method("getMe")
def get_me(query: Query) -> Json:
    """Show the bot itself."""
    abilities: Json = {
        "can_join_groups": True,
        "can_read_all_group_messages": not query.world.privacy,
        "supports_inline_queries": True,
        "can_connect_to_business": False,
        "has_main_web_app": False,
        "has_topics_enabled": False,
        "allows_users_to_create_topics": False,
        "can_manage_bots": False,
    }
    return query.world.bot.view() | abilities


@method("getUserProfilePhotos")
def get_user_profile_photos(query: Query) -> Json:
    """Show a person's photos: nobody has any here."""
    query.world.user(int(query.get("user_id", 0)))
    return {"total_count": 0, "photos": []}


def language(query: Query) -> str:
    """Read a two-letter language; empty for all."""
    tag = str(query.get("language_code", ""))
    if not LANGUAGE.fullmatch(tag):
        raise errors.bad_request("invalid language code specified")  # tdlib, BotInfoManager
    return tag


def scope(query: Query) -> str:
    """Name the scope, whose chat must be known (server, check_bot_command_scope)."""
    given = dict(query.get("scope") or {})
    if "chat_id" in given:
        chat = query.world.chat(given["chat_id"])
        check_scope(chat, str(given.get("type")))
        given["chat_id"] = chat.id
    return scope_key(given)


def check_scope(chat: Chat, kind: str) -> None:
    """Refuse scopes that a chat cannot have."""
    if kind != "chat" and chat.private:
        raise errors.bad_request("can't use specified scope in private chats")  # server
    bot_here = any(
        member.user.is_bot and member.standing not in (Standing.LEFT, Standing.KICKED)
        for member in chat.members.values()
    )
    if not bot_here:
        raise errors.bad_request("chat not found")


@method("setMyCommands")
def set_my_commands(query: Query) -> bool:
    """Fill the command menu of a scope and language."""
    commands = [checked(command) for command in query.need("commands")]
    if len(commands) > COMMANDS:
        raise errors.bad_request("BOT_COMMANDS_TOO_MUCH")  # seen
    query.world.profile.commands[scope(query), language(query)] = commands
    query.world.events.publish("commands", {})
    return True


def checked(command: Json) -> Json:
    """Check one command and its description."""
    name = str(command.get("command", "")).strip().lower().removeprefix("/")
    words = str(command.get("description", "")).strip()
    if not COMMAND.fullmatch(name):
        raise errors.bad_request("BOT_COMMAND_INVALID")  # seen
    if not words:
        # tdlib, BotCommand
        raise errors.bad_request("command description must be non-empty")
    if len(words) > COMMAND_TEXT:
        raise errors.bad_request("BOT_COMMAND_DESCRIPTION_INVALID")  # seen
    return {"command": name, "description": words}


@method("getMyCommands")
def get_my_commands(query: Query) -> list[Json]:
    """List the commands of exactly that scope and language."""
    return query.world.profile.commands.get((scope(query), language(query)), [])


@method("deleteMyCommands")
def delete_my_commands(query: Query) -> bool:
    """Empty the menu of a scope and language."""
    query.world.profile.commands.pop((scope(query), language(query)), None)
    query.world.events.publish("commands", {})
    return True


@method("setMyName", "setMyDescription", "setMyShortDescription")
def set_text(query: Query) -> bool:
    """Set the text that the method names."""
    kind = text_kind(query.method)
    words = str(query.get(kind, ""))
    if len(words) > TEXTS[kind]:
        # tdlib, BotInfoManager
        raise errors.bad_request(f"bot {kind.replace('_', ' ')} is too long")
    query.world.profile.texts[kind, language(query)] = words
    return True


@method("getMyName", "getMyDescription", "getMyShortDescription")
def get_text(query: Query) -> Json:
    """Show the text that the method names."""
    kind = text_kind(query.method)
    default = query.world.bot.first_name if kind == "name" else ""
    return {kind: query.world.profile.text(kind, language(query)) or default}


def text_kind(name: str) -> str:
    """Tell which text a method is about."""
    return {"Name": "name", "Description": "description"}.get(name[5:], "short_description")


@method("setChatMenuButton")
def set_chat_menu_button(query: Query) -> bool:
    """Set the menu button, of a person or of all."""
    button = query.get("menu_button") or {"type": "default"}
    if button.get("type") == "default":
        query.world.profile.menu_buttons.pop(query.get("chat_id"), None)
    else:
        query.world.profile.menu_buttons[query.get("chat_id")] = button
    return True


@method("getChatMenuButton")
def get_chat_menu_button(query: Query) -> Json:
    """Show the menu button, of a person or of all."""
    return query.world.profile.menu_button(query.get("chat_id"))
