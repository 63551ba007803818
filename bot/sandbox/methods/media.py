"""Photos, files and albums, up and down."""

from __future__ import annotations

from bot.sandbox import access, errors
from bot.sandbox.files import File
from bot.sandbox.methods.registry import Query, method
from bot.sandbox.methods.sending import deliver, send
from bot.sandbox.methods.texts import caption_content
from bot.sandbox.nouns import Json

ATTACH = "attach://"
# docs, sendPhoto and "Sending files", in bytes
PHOTO_BYTES = 10 * 1024 * 1024
# docs, getFile
DOWNLOAD_BYTES = 20 * 1024 * 1024
# docs, sendMediaGroup
ALBUM = range(2, 11)
# The size of pictures and films is not looked into.
FRAME = {"width": 1280, "height": 720}
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
KINDS = {"sendVideoNote": "video_note"}
UNCAPTIONED = ("sticker", "video_note")


@method(
    "sendPhoto",
    "sendDocument",
    "sendVideo",
    "sendAudio",
    "sendVoice",
    "sendAnimation",
    "sendSticker",
    "sendVideoNote",
)
def send_media(query: Query) -> Json:
    """Send one file of the kind that the method names."""
    kind = KINDS.get(query.method) or query.method.removeprefix("send").lower()
    content = file_content(kind, stored(query, kind, query.get(kind)))
    if kind not in UNCAPTIONED:
        content |= caption_content(query.params)
    if query.get("has_spoiler"):
        content["has_media_spoiler"] = True
    return deliver(query, content, PERMISSIONS[kind])


@method("sendMediaGroup")
def send_media_group(query: Query) -> list[Json]:
    """Send an album."""
    media = query.need("media")
    if len(media) not in ALBUM:
        # server, get_input_message_contents
        raise errors.bad_request("media group must include 2-10 items")
    contents = [media_content(query, one) for one in media]
    chat = query.chat()
    access.check_write(query.world, chat, PERMISSIONS[media[0]["type"]])
    group = {"media_group_id": str(query.world.change())}
    return [send(query, chat, content | group, None).view() for content in contents]


def media_content(query: Query, media: Json) -> Json:
    """Read an InputMedia object."""
    kind = str(media.get("type", ""))
    if kind not in PERMISSIONS:
        raise errors.bad_request(f'type "{kind}" is unsupported for the input media')  # server
    caption = caption_content(media)
    return file_content(kind, stored(query, kind, media.get("media"))) | caption


def stored(query: Query, kind: str, given: object) -> File:
    """Find the file that a parameter means: an upload, an address or the id of a known file."""
    upload = query.files.get(kind)
    if isinstance(given, str) and given.startswith(ATTACH):
        upload = query.files.get(given.removeprefix(ATTACH))
    if upload is not None:
        check_upload(kind, len(upload.content))
        return query.world.files.add(upload)
    if not given:
        raise errors.bad_request(f"there is no {kind} in the request")  # server
    return linked(query, str(given))


def check_upload(kind: str, size: int) -> None:
    """Refuse files that are empty or too large."""
    if not size:
        raise errors.bad_request("file must be non-empty")  # tdlib
    if kind == "photo" and size > PHOTO_BYTES:
        raise errors.bad_request(
            f"file of size {size} bytes is too big for a photo; "
            f"the maximum size is {PHOTO_BYTES} bytes"
        )


def linked(query: Query, given: str) -> File:
    """Find a known file by its id; of an address only the name is kept, nothing is loaded."""
    known = query.world.files.find(given)
    if known is not None:
        return known
    if given.startswith(("http://", "https://")):
        return query.world.files.remote(given)
    # server, MEDIA_EMPTY
    raise errors.bad_request("wrong file identifier/HTTP URL specified")


def file_content(kind: str, file: File) -> Json:
    """Show a stored file as the kind of message content that it is."""
    view = file.view()
    named = {"file_name": file.name, "mime_type": file.type}
    shown: dict[str, object] = {
        "photo": [view | FRAME],
        "document": view | named,
        "video": view | named | FRAME | {"duration": 0},
        "animation": view | named | FRAME | {"duration": 0},
        "audio": view | named | {"duration": 0},
        "video_note": view | {"length": 240, "duration": 0},
        "voice": view | {"mime_type": file.type, "duration": 0},
        "sticker": view | FRAME | {"type": "regular", "is_animated": False, "is_video": False},
    }
    content: Json = {kind: shown[kind]}
    if kind == "animation":
        # docs, Message: an animation is a document too, for older bots
        content["document"] = view | named
    return content


@method("getFile")
def get_file(query: Query) -> Json:
    """Tell where a file can be loaded."""
    file = query.world.files.find(str(query.get("file_id", "")))
    if file is None:
        raise errors.bad_request("invalid file_id")  # server, check_remote_file_id
    if len(file.content) > DOWNLOAD_BYTES:
        raise errors.bad_request("file is too big")  # server, do_get_file
    return file.view() | {"file_path": file.path}
