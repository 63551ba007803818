"""Changing the bot's own messages, and those that people sent with its inline results."""

from __future__ import annotations

from bot.sandbox import access, errors, posting
from bot.sandbox.access import Access
from bot.sandbox.keyboards import markup
from bot.sandbox.methods.copies import without_caption
from bot.sandbox.methods.media import media_content
from bot.sandbox.methods.places import live, location
from bot.sandbox.methods.registry import Query, method
from bot.sandbox.methods.texts import caption_content, text_content
from bot.sandbox.nouns import Json, Kind, Post

# What has neither words nor anything that could be changed in it.
FIXED = ("dice", "contact", "venue", "sticker", "video_note")


def editable(query: Query, purpose: str = "message to edit") -> Post:
    """Find the message that the query means, if the bot may change it."""
    if not query.get("chat_id") and not query.get("message_id"):
        return inline_message(query)
    chat = query.chat(Access.EDIT)
    post = query.post(chat, purpose)
    if post.service or "forward_origin" in post.extra or not own(query, post):
        raise errors.bad_request("message can't be edited")  # tdlib, can_edit_message
    if chat.private:
        access.check_private(query.world, chat)
    return post


def own(query: Query, post: Post) -> bool:
    """Tell whether a message is the bot's to change; in channels a right goes further."""
    in_channel = post.chat.kind is Kind.CHANNEL
    bot = access.member(query.world, post.chat)
    return post.sender is query.world.bot or (in_channel and bot.may("can_edit_messages"))


def inline_message(query: Query) -> Post:
    """Find a message that someone sent with the bot's help."""
    number = query.get("inline_message_id")
    if not number:
        # server, get_inline_message_id
        raise errors.bad_request("message identifier is not specified")
    if number not in query.world.inline:
        raise errors.bad_request("MESSAGE_ID_INVALID")  # seen
    return query.world.inline[number]


def edit(query: Query, post: Post, content: Json) -> Json | bool:
    """Change a message; refuse if nothing would change."""
    buttons = markup(query.get("reply_markup"), inline_only=True)
    if content == post.content and buttons == post.inline_markup:
        # server, MESSAGE_NOT_MODIFIED
        raise errors.bad_request(
            "message is not modified: specified new message content and reply markup are exactly "
            "the same as a current content and reply markup of the message"
        )
    posting.change(query.world, post, content, buttons)
    return True if post.inline_id else post.view()


@method("editMessageText")
def edit_message_text(query: Query) -> Json | bool:
    """Change the words of a text message."""
    content = text_content(query.params)
    post = editable(query)
    if "text" not in post.content:
        raise errors.bad_request("there is no text in the message to edit")  # tdlib
    return edit(query, post, content)


@method("editMessageCaption")
def edit_message_caption(query: Query) -> Json | bool:
    """Change the words under a photo or file."""
    caption = caption_content(query.params)
    post = editable(query)
    if any(kind in post.content for kind in ("text", "poll", "location", *FIXED)):
        raise errors.bad_request("there is no caption in the message to edit")  # tdlib
    return edit(query, post, without_caption(post.content) | caption)


@method("editMessageMedia")
def edit_message_media(query: Query) -> Json | bool:
    """Change the photo or file of a message."""
    content = media_content(query, query.need("media"))
    post = editable(query)
    if any(kind in post.content for kind in ("poll", "location", *FIXED)):
        raise errors.bad_request("there is no media in the message to edit")  # tdlib
    return edit(query, post, content)


@method("editMessageReplyMarkup")
def edit_message_reply_markup(query: Query) -> Json | bool:
    """Change the buttons alone."""
    post = editable(query)
    return edit(query, post, post.content)


@method("editMessageLiveLocation", "stopMessageLiveLocation")
def edit_message_live_location(query: Query) -> Json | bool:
    """Move a place that goes along with someone, or let it stay where it is."""
    place = location(query) | live(query) if "latitude" in query.params else {}
    post = editable(query)
    before = post.content.get("location", {})
    if "live_period" not in before:
        # tdlib, edit_message_live_location
        raise errors.bad_request("there is no live location in the message to edit")
    if query.method.startswith("stop"):
        place = {name: before[name] for name in ("latitude", "longitude")}
    else:
        place = {"live_period": before["live_period"]} | place
    return edit(query, post, {"location": place})


@method("stopPoll")
def stop_poll(query: Query) -> Json:
    """Close a poll."""
    post = editable(query, "message with poll to stop")
    if "poll" not in post.content:
        raise errors.bad_request("message is not a poll")  # tdlib, stop_poll
    if post.content["poll"]["is_closed"]:
        raise errors.bad_request("poll has already been closed")  # seen
    poll = post.content["poll"] | {"is_closed": True}
    edit(query, post, {"poll": poll})
    return dict(poll)
