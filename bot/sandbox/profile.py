"""What the bot says of itself: commands by scope and language, names, descriptions, menu button."""

from __future__ import annotations

from bot.sandbox.nouns import Json

DEFAULT = "default"


class Profile:
    """Keep each text by language, the commands by scope and language too."""

    def __init__(self) -> None:
        self.commands: dict[tuple[str, str], list[Json]] = {}
        self.texts: dict[tuple[str, str], str] = {}
        # The suggested rights, in channels or not.
        self.rights: dict[bool, Json] = {}
        self.menu_buttons: dict[int | None, Json] = {}

    def commands_for(self, scopes: list[str], language: str) -> list[Json]:
        """Find what a person's menu shows: that of the first scope that has any (docs)."""
        for scope in scopes:
            for tag in (language, ""):
                if self.commands.get((scope, tag)):
                    return self.commands[scope, tag]
        return []

    def text(self, kind: str, language: str) -> str:
        """Find a text in that language, else the one for all."""
        return self.texts.get((kind, language)) or self.texts.get((kind, ""), "")

    def menu_button(self, chat_id: int | None) -> Json:
        """Find the menu button of a chat, else that of all."""
        default = self.menu_buttons.get(None, {"type": "commands"})
        return self.menu_buttons.get(chat_id, default)


def scope_key(scope: Json | None) -> str:
    """Name a scope as text: its type, chat and user."""
    if not scope:
        return DEFAULT
    return ":".join(str(scope[name]) for name in ("type", "chat_id", "user_id") if name in scope)
