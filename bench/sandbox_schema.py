"""Write the sandbox's table of the Bot API from aiogram's models, cut to what the bot can speak.

Run it after an update of either library: `python -m bench.sandbox_schema`.
"""

from __future__ import annotations

import inspect
import json
import types
from pathlib import Path
from typing import Annotated, Any, Literal, Union, get_args, get_origin

import aiogram.methods
import aiogram.types
import telegram
from aiogram.client.default import Default
from aiogram.methods import TelegramMethod
from aiogram.types.base import TelegramObject
from pydantic import BaseModel

TARGET = Path(__file__).parent.parent / "bot" / "sandbox" / "schema.json"
SCALARS = {int: "int", str: "str", bool: "bool", float: "float"}
# Old spellings, which python-telegram-bot still offers but no longer sends.
OLD = {"disable_web_page_preview", "allow_sending_without_reply", "reply_to_message_id"}

# Fields that it fills in by itself.
IMPLIED = {"ReplyKeyboardRemove": {"remove_keyboard"}, "ForceReply": {"force_reply"}}
# What Telegram takes besides (server, get_keyboard_button): a button may be its words alone.
BESIDES = {("ReplyKeyboardMarkup", "keyboard"): "[[KeyboardButton|str]]!"}


def camel(name: str) -> str:
    head, *rest = name.split("_")
    return head + "".join(part.title() for part in rest)


def known_methods() -> dict[str, set[str]]:
    coroutines = inspect.getmembers(telegram.Bot, inspect.iscoroutinefunction)
    return {
        camel(name).lower(): set(inspect.signature(function).parameters)
        for name, function in coroutines
        if name == name.lower() and not name.startswith("_")
    }


class Table:
    """The methods and the objects that they take: `type|type`, with `!` where required."""

    def __init__(self) -> None:
        self.types: dict[str, dict[str, str]] = {}

    def kinds(self, annotation: Any) -> list[str]:
        """Name the alternatives of a type: scalars, objects, `[item]` for lists, `file`."""
        origin = get_origin(annotation)
        if origin is Annotated:
            return self.kinds(get_args(annotation)[0])
        if origin in (Union, types.UnionType):
            return [name for part in get_args(annotation) for name in self.kinds(part)]
        if origin is list:
            return [f"[{self.joined(get_args(annotation)[0])}]"]
        if origin is Literal:
            return ["bool" if get_args(annotation) == (True,) else "str"]
        return self.single(annotation)

    def joined(self, annotation: Any) -> str:
        return "|".join(dict.fromkeys(self.kinds(annotation)))

    def single(self, annotation: Any) -> list[str]:
        if annotation in (type(None), Default):
            return []
        if annotation in SCALARS:
            return [SCALARS[annotation]]
        return self.named(annotation) if inspect.isclass(annotation) else ["int"]

    def named(self, annotation: type[Any]) -> list[str]:
        if annotation.__name__ == "InputFile":
            return ["file"]
        if issubclass(annotation, str):
            return ["str"]
        if not issubclass(annotation, TelegramObject):
            return ["int"]  # dates and spans
        return [annotation.__name__] if self.known(annotation) else []

    def known(self, model: type[BaseModel]) -> bool:
        """Enter an object type into the table, unless the bot's library does not know it."""
        theirs = getattr(telegram, model.__name__, None)
        if theirs is None:
            return False
        if model.__name__ not in self.types:
            self.types[model.__name__] = {}
            known = set(inspect.signature(theirs).parameters) | {"type", "source"}
            known |= IMPLIED.get(model.__name__, set())
            fields = self.fields(model, known)
            besides = {name: BESIDES.get((model.__name__, name)) for name in fields}
            self.types[model.__name__] = fields | {name: k for name, k in besides.items() if k}
        return True

    def fields(self, model: type[BaseModel], known: set[str]) -> dict[str, str]:
        return {
            field.alias or name: self.joined(field.annotation) + "!" * field.is_required()
            for name, field in model.model_fields.items()
            if (field.alias or name) in known
        }


def method_models() -> list[type[TelegramMethod[Any]]]:
    models = [getattr(aiogram.methods, name) for name in aiogram.methods.__all__]
    return [
        model
        for model in models
        if model is not TelegramMethod
        and issubclass(model, TelegramMethod)
        # What is no method of its own has no name.
        and isinstance(getattr(model, "__api_method__", None), str)
    ]


def main() -> None:
    known = known_methods()
    table = Table()
    models = {model.__api_method__: model for model in method_models()}
    methods = {
        name: table.fields(model, known[name.lower()] - OLD)
        for name, model in models.items()
        if name.lower() in known
    }
    content = {
        "version": telegram.__bot_api_version__,
        "methods": methods,
        "newer": sorted(models.keys() - methods.keys()),
        "types": table.types,
    }
    TARGET.write_text(json.dumps(content, indent=1, sort_keys=True) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
