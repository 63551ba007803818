"""What the bot says of itself: name, descriptions, commands, menu button."""

from __future__ import annotations

import re

from bot.sandbox import access, errors
from bot.sandbox.access import Access
from bot.sandbox.methods.registry import Query, method
from bot.sandbox.nouns import CHANNEL_RIGHTS, GROUP_RIGHTS, RIGHTS, Json
from bot.sandbox.profile import DEFAULT, scope_key

# docs, setMyCommands and BotCommand
COMMANDS = 100
COMMAND = re.compile(r"[a-z0-9_]+")
COMMAND_NAME = 32
COMMAND_TEXT = 256
# docs, setMyName, setMyDescription, setMyShortDescription
TEXTS = {"name": 64, "description": 512, "short_description": 120}
# docs, BotCommandScope: those of all chats, and those of one
WIDE = (DEFAULT, "all_private_chats", "all_group_chats", "all_chat_administrators")
NARROW = ("chat", "chat_administrators", "chat_member")
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


@method("getUserProfilePhotos", "getUserProfileAudios")
def get_user_profile_files(query: Query) -> Json:
    """Show a person's photos or music: nobody has any here."""
    query.world.user(query.user_id())
    kind = query.method.removeprefix("getUserProfile").lower()
    return {"total_count": 0, kind: []}


@method("setMyDefaultAdministratorRights")
def set_my_default_administrator_rights(query: Query) -> bool:
    """Say which rights are suggested when the bot is made an administrator."""
    key = bool(query.get("for_channels"))
    query.world.profile.rights[key] = query.get("rights") or {}
    return True


@method("getMyDefaultAdministratorRights")
def get_my_default_administrator_rights(query: Query) -> Json:
    """Show the suggested rights."""
    channels = bool(query.get("for_channels"))
    given = query.world.profile.rights.get(channels, {})
    own = CHANNEL_RIGHTS if channels else GROUP_RIGHTS
    return {name: bool(given.get(name)) for name in ("is_anonymous", *RIGHTS, *own)}


def language(query: Query) -> str:
    """Read a two-letter language; empty for all."""
    tag = str(query.get("language_code", ""))
    if not LANGUAGE.fullmatch(tag):
        raise errors.bad_request("invalid language code specified")  # tdlib, BotInfoManager
    return tag


def scope(query: Query) -> str:
    """Name the scope, whose chat must be known (server, check_bot_command_scope)."""
    given = dict(query.get("scope") or {})
    kind = given.get("type", DEFAULT)
    if kind not in (*WIDE, *NARROW):
        # server, get_bot_command_scope
        raise errors.bad_request("can't parse BotCommandScope: Unsupported type specified")
    if kind in WIDE:
        return scope_key({"type": kind})
    chat = query.world.chat(given.get("chat_id", ""))
    access.check(query.world, chat, Access.MEMBERS)
    if kind != "chat" and chat.private:
        # tdlib, BotCommandScope
        raise errors.bad_request("can't use specified scope in private chats")
    return scope_key(given | {"chat_id": chat.id})


@method("setMyCommands")
def set_my_commands(query: Query) -> bool:
    """Fill the command menu of a scope and language."""
    commands = [checked(command) for command in query.get("commands") or ()]
    if len(commands) > COMMANDS:
        raise errors.bad_request("BOT_COMMANDS_TOO_MUCH")  # seen
    query.world.profile.commands[scope(query), language(query)] = commands
    query.world.events.publish("commands", {})
    return True


def checked(command: Json) -> Json:
    """Check one command and its description."""
    for field in ("command", "description"):
        if field not in command:
            # server, get_bot_command
            raise errors.bad_request(f"can't parse BotCommand: Can't find field \"{field}\"")
    name = str(command["command"]).strip().removeprefix("/")
    words = str(command["description"]).strip()
    check_length("command", name, COMMAND_NAME)
    check_length("command description", words, COMMAND_TEXT)
    if not COMMAND.fullmatch(name):
        raise errors.bad_request("BOT_COMMAND_INVALID")  # seen
    return {"command": name, "description": words}


def check_length(what: str, words: str, most: int) -> None:
    """Refuse what is empty or too long (tdlib, set_commands)."""
    if not words:
        raise errors.bad_request(f"{what} must be non-empty")
    if len(words) > most:
        raise errors.bad_request(f"{what} length must not exceed {most}")


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
