"""What files look like in a message, whoever sends them."""

from __future__ import annotations

from bot.sandbox.files import File
from bot.sandbox.nouns import Json

# The size of pictures and films is not looked into.
FRAME = {"width": 1280, "height": 720}
# What a sender may say of a file (docs, sendVideo and its like); only people name it.
TOLD = {
    "document": ("file_name",),
    "video": ("width", "height", "duration", "file_name"),
    "animation": ("width", "height", "duration", "file_name"),
    "audio": ("duration", "performer", "title", "file_name"),
    "voice": ("duration",),
    "video_note": ("duration", "length"),
}
# docs: the permission that each kind needs
PERMISSIONS = {
    "photo": "can_send_photos",
    "document": "can_send_documents",
    "video": "can_send_videos",
    "audio": "can_send_audios",
    "voice": "can_send_voice_notes",
    "animation": "can_send_other_messages",
    "sticker": "can_send_other_messages",
    "video_note": "can_send_video_notes",
}
OTHERS = {"poll": "can_send_polls", "dice": "can_send_other_messages"}
UNCAPTIONED = ("sticker", "video_note")


def needed(content: Json) -> str:
    """Tell which permission a content needs."""
    known = PERMISSIONS | OTHERS
    return next((known[kind] for kind in content if kind in known), "can_send_messages")


def file_content(kind: str, file: File, told: Json | None = None) -> Json:
    """Show a stored file as the kind of message content that it is, with what is *told* of it."""
    view = file.view()
    named = {"file_name": file.name, "mime_type": file.type}
    shapes: dict[str, Json] = {
        "document": named,
        "video": named | FRAME | {"duration": 0},
        "animation": named | FRAME | {"duration": 0},
        "audio": named | {"duration": 0},
        "video_note": {"length": 240, "duration": 0},
        "voice": {"mime_type": file.type, "duration": 0},
        "sticker": FRAME | {"type": "regular", "is_animated": False, "is_video": False},
    }
    if kind == "photo":
        return {"photo": [view | FRAME]}
    facts = {name: (told or {})[name] for name in TOLD.get(kind, ()) if (told or {}).get(name)}
    content: Json = {kind: view | shapes[kind] | facts}
    if kind == "animation":
        # docs, Message: an animation is a document too, for older bots
        content["document"] = view | named
    return content
