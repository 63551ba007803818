"""Photos, files and albums, up and down."""

from __future__ import annotations

from bot.sandbox import errors
from bot.sandbox.contents import FRAME, PERMISSIONS, UNCAPTIONED, file_content
from bot.sandbox.files import File
from bot.sandbox.methods.registry import Query, method
from bot.sandbox.methods.sending import deliver, send, way
from bot.sandbox.methods.texts import caption_content
from bot.sandbox.nouns import Json

ATTACH = "attach://"
# docs, sendPhoto and "Sending files", in bytes
PHOTO_BYTES = 10 * 1024 * 1024
# docs, getFile
DOWNLOAD_BYTES = 20 * 1024 * 1024
# docs, sendMediaGroup
ALBUM = range(2, 11)
ALONE = ("document", "audio")
KINDS = {"sendVideoNote": "video_note"}


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
    content = pictured(query, kind, query.params, query.get(kind))
    if kind not in UNCAPTIONED:
        content |= caption_content(query.params)
    return deliver(query, content, PERMISSIONS[kind])


def pictured(query: Query, kind: str, told: Json, given: object) -> Json:
    """Read a file, its thumbnail and what is said of it."""
    content = file_content(kind, stored(query, kind, given), told)
    if told.get("thumbnail") and kind not in ("photo", "voice", "sticker"):
        small = stored(query, "thumbnail", told["thumbnail"]).view() | FRAME
        content[kind] |= {"thumbnail": small}
    if told.get("has_spoiler"):
        content["has_media_spoiler"] = True
    return content


@method("sendMediaGroup")
def send_media_group(query: Query) -> list[Json]:
    """Send an album."""
    media = query.need("media")
    contents = [media_content(query, one) for one in media]
    if len(media) not in ALBUM:
        # tdlib, send_message_group
        raise errors.bad_request("media group must include 2-10 items")
    kinds = {str(one["type"]) for one in media}
    if len(kinds) > 1 and kinds & {*ALONE}:
        # server, MEDIA_GROUPED_INVALID; docs: these go with their like alone
        raise errors.bad_request("can't use the media of the specified type in the album")
    to = way(query, PERMISSIONS[media[0]["type"]])
    group = {"media_group_id": str(query.world.change())}
    return [send(query, to, content | group).view() for content in contents]


def media_content(query: Query, media: Json) -> Json:
    """Read an InputMedia object."""
    kind = str(media.get("type", ""))
    if kind not in PERMISSIONS or kind in UNCAPTIONED:
        # server, get_input_media
        words = f'can\'t parse InputMedia: type "{kind}" is unsupported for the input media'
        raise errors.bad_request(words)
    caption = caption_content(media)
    return pictured(query, kind, media, media.get("media")) | caption


def stored(query: Query, kind: str, given: object) -> File:
    """Find the file that a parameter means: an upload, an address or the id of a known file."""
    attached = isinstance(given, str) and given.startswith(ATTACH)
    upload = query.files.get(str(given).removeprefix(ATTACH) if attached else kind)
    if upload is not None:
        check_upload(kind, len(upload.content))
        return query.world.files.add(upload)
    if attached or not given:
        words = kind.replace("_", " ")
        raise errors.bad_request(f"there is no {words} in the request")  # server
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


@method("getFile")
def get_file(query: Query) -> Json:
    """Tell where a file can be loaded."""
    file = query.world.files.find(str(query.get("file_id", "")))
    if file is None:
        raise errors.bad_request("invalid file_id")  # server, check_remote_file_id
    if len(file.content) > DOWNLOAD_BYTES:
        raise errors.bad_request("file is too big")  # server, do_get_file
    return file.view() | {"file_path": file.path}
