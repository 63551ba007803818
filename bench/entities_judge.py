"""Ask TDLib itself, offline, what becomes of a text."""

from typing import cast

import msgspec
import tdjson

Entities = list[dict[str, object]]
Verdict = tuple[str, Entities] | str

_MODES = {
    "HTML": {"@type": "textParseModeHTML"},
    "MarkdownV2": {"@type": "textParseModeMarkdown", "version": 2},
    "Markdown": {"@type": "textParseModeMarkdown", "version": 1},
}
_KINDS = {
    "Mention": "mention",
    "Hashtag": "hashtag",
    "Cashtag": "cashtag",
    "BotCommand": "bot_command",
    "Url": "url",
    "EmailAddress": "email",
    "BankCardNumber": "bank_card_number",
    "MediaTimestamp": "media_timestamp",
    "Bold": "bold",
    "Italic": "italic",
    "Underline": "underline",
    "Strikethrough": "strikethrough",
    "Spoiler": "spoiler",
    "Code": "code",
    "Pre": "pre",
    "PreCode": "pre",
    "TextUrl": "text_link",
    "MentionName": "text_mention",
    "CustomEmoji": "custom_emoji",
    "BlockQuote": "blockquote",
    "ExpandableBlockQuote": "expandable_blockquote",
    "DateTime": "date_time",
}
_NAMES = {kind: name for name, kind in _KINDS.items() if name != "PreCode"}
_PLAIN_FIELDS = ("url", "custom_emoji_id", "language", "unix_time")
# parseMarkdown is the way to the clean-up; its own marks are masked, one for one.
MASK = str.maketrans(dict.fromkeys("*_~|`[]()", "x"))


def _ask(request: dict[str, object]) -> dict[str, object]:
    answer = tdjson.td_execute(msgspec.json.encode(request))
    return msgspec.json.decode(answer or b"{}", type=dict[str, object])


_ask({"@type": "setLogVerbosityLevel", "new_verbosity_level": 0})


def parsed(text: str, parse_mode: str) -> Verdict:
    """Let TDLib parse a text."""
    return _verdict(_parse(text, parse_mode))


def cleaned(text: str, parse_mode: str) -> Verdict:
    """Let TDLib parse a text and clean the result, whose marks come back masked."""
    answer = _parse(text, parse_mode)
    if answer["@type"] == "error":
        return _verdict(answer)
    return _clean(str(answer["text"]), cast("Entities", answer["entities"]))


def given(text: str, entities: Entities) -> Verdict:
    """Let TDLib check and clean entities in the Bot API's form; marks come back masked."""
    return _clean(text, [_to_tdlib(entity) for entity in entities])


def found(text: str) -> Entities:
    """Let TDLib find links and the like."""
    answer = _ask({"@type": "getTextEntities", "text": text})
    return [_from_tdlib(entity) for entity in cast("Entities", answer["entities"])]


def _parse(text: str, parse_mode: str) -> dict[str, object]:
    request = {"@type": "parseTextEntities", "text": text, "parse_mode": _MODES[parse_mode]}
    return _ask(request)


def _clean(text: str, entities: Entities) -> Verdict:
    masked = {"@type": "formattedText", "text": text.translate(MASK), "entities": entities}
    return _verdict(_ask({"@type": "parseMarkdown", "text": masked}))


def _verdict(answer: dict[str, object]) -> Verdict:
    if answer["@type"] == "error":
        message = str(answer["message"])
        return message[0].lower() + message[1:]
    entities = cast("Entities", answer["entities"])
    return str(answer["text"]), [_from_tdlib(entity) for entity in entities]


def _from_tdlib(entity: dict[str, object]) -> dict[str, object]:
    kind = cast("dict[str, object]", entity["type"])
    shown = {
        "type": _KINDS[str(kind["@type"]).removeprefix("textEntityType")],
        "offset": entity["offset"],
        "length": entity["length"],
    }
    shown |= {field: kind[field] for field in _PLAIN_FIELDS if field in kind}
    if "user_id" in kind:
        shown["user"] = {"id": kind["user_id"]}
    if "unix_time" in kind:
        shown["date_time_format"] = _format(kind.get("formatting_type"))
    return shown


def _format(formatting: object) -> str:
    if not isinstance(formatting, dict):
        return ""
    if formatting["@type"] == "dateTimeFormattingTypeRelative":
        return "r"
    week = "w" if formatting["show_day_of_week"] else ""
    day = _precision(formatting["date_precision"], "d")
    return week + day + _precision(formatting["time_precision"], "t")


def _precision(precision: dict[str, str], short: str) -> str:
    name = precision["@type"].removeprefix("dateTimePartPrecision")
    return {"None": "", "Short": short, "Long": short.upper()}[name]


def _to_tdlib(entity: dict[str, object]) -> dict[str, object]:
    name = _NAMES[str(entity["type"])]
    name = "PreCode" if name == "Pre" and entity.get("language") else name
    kind: dict[str, object] = {"@type": f"textEntityType{name}"}
    kind |= {field: entity[field] for field in _PLAIN_FIELDS if field in entity}
    if "user" in entity:
        kind["user_id"] = cast("dict[str, object]", entity["user"])["id"]
    offset, length = entity["offset"], entity["length"]
    return {"@type": "textEntity", "offset": offset, "length": length, "type": kind}
