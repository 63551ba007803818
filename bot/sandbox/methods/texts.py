"""Words that a query carries: parsed, checked against limits."""

from __future__ import annotations

from bot.sandbox import errors
from bot.sandbox.entities import EntityError, formatted
from bot.sandbox.nouns import Json

# docs, sendMessage and sendPhoto, in UTF-16 units after parsing
TEXT = 4096
CAPTION = 1024
# server, get_formatted_text: before parsing
RAW_BYTES = 1 << 15
# docs, "Formatting options": further entities are ignored
ENTITIES = 100


def units(text: str) -> int:
    """Count UTF-16 units, the measure of Telegram's limits."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def words(
    text: str, parse_mode: str | None, entities: list[Json] | None, *, allow_empty: bool = False
) -> tuple[str, list[Json]]:
    """Parse words into text and entities."""
    if len(text.encode(errors="surrogatepass")) > RAW_BYTES:
        raise errors.bad_request("text is too long")  # server, get_formatted_text
    try:
        text, found = formatted(text, parse_mode, entities, allow_empty=allow_empty)
    except EntityError as error:
        raise errors.bad_request(str(error)) from None
    return text, found[:ENTITIES]


def text_content(params: Json, name: str = "text") -> Json:
    """Read the words of a text message."""
    text, entities = words(
        str(params.get(name, "")), params.get("parse_mode"), params.get("entities")
    )
    if units(text) > TEXT:
        raise errors.bad_request("message is too long")  # tdlib, MESSAGE_TOO_LONG
    return {"text": text} | ({"entities": entities} if entities else {}) | preview(params)


def preview(params: Json) -> Json:
    """Read the options of the link preview, which the message shows again."""
    options = {
        name: value for name, value in (params.get("link_preview_options") or {}).items() if value
    }
    return {"link_preview_options": options} if options else {}


def caption_content(params: Json) -> Json:
    """Read the words under a photo or file; there may be none."""
    if not params.get("caption"):
        return {}
    mode, given = params.get("parse_mode"), params.get("caption_entities")
    text, entities = words(str(params["caption"]), mode, given, allow_empty=True)
    if units(text) > CAPTION:
        raise errors.bad_request("message caption is too long")  # tdlib, MEDIA_CAPTION_TOO_LONG
    if not text:
        return {}
    above = {"show_caption_above_media": True} if params.get("show_caption_above_media") else {}
    return {"caption": text} | ({"caption_entities": entities} if entities else {}) | above
