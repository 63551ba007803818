"""Changing the bot's own messages."""

from __future__ import annotations

from bot.sandbox import access, errors, posting
from bot.sandbox.keyboards import markup
from bot.sandbox.methods.media import media_content
from bot.sandbox.methods.registry import Query, method
from bot.sandbox.methods.texts import caption_content, text_content
from bot.sandbox.nouns import Json, Post


def editable(query: Query) -> Post:
    """Find the bot's own message that the query means."""
    if "inline_message_id" in query.params:
        raise errors.sandbox("inline messages cannot be edited yet")
    chat = query.chat()
    access.check_edit(query.world, chat)
    post = query.post(chat, "message to edit")
    if post.sender is not query.world.bot:
        raise errors.bad_request("message can't be edited")  # server, check_message
    if chat.private:
        access.check_private(chat)
    return post


def edit(query: Query, post: Post, content: Json) -> Json:
    """Change a message; refuse if nothing would change."""
    buttons = markup(query.get("reply_markup"), inline_only=True)
    if content == post.content and buttons == post.inline_markup:
        # server, MESSAGE_NOT_MODIFIED
        raise errors.bad_request(
            "message is not modified: specified new message content and reply markup are exactly "
            "the same as a current content and reply markup of the message"
        )
    posting.change(query.world, post, content, buttons)
    return post.view()


@method("editMessageText")
def edit_message_text(query: Query) -> Json:
    """Change the words of a text message."""
    content = text_content(query.params)
    post = editable(query)
    if "text" not in post.content:
        raise errors.bad_request("there is no text in the message to edit")  # tdlib
    return edit(query, post, content)


@method("editMessageCaption")
def edit_message_caption(query: Query) -> Json:
    """Change the words under a photo or file."""
    caption = caption_content(query.params)
    post = editable(query)
    if "text" in post.content or "poll" in post.content:
        raise errors.bad_request("there is no caption in the message to edit")  # tdlib
    kept = {key: value for key, value in post.content.items() if "caption" not in key}
    return edit(query, post, kept | caption)


@method("editMessageMedia")
def edit_message_media(query: Query) -> Json:
    """Change the photo or file of a message."""
    content = media_content(query, query.need("media"))
    return edit(query, editable(query), content)


@method("editMessageReplyMarkup")
def edit_message_reply_markup(query: Query) -> Json:
    """Change the buttons alone."""
    post = editable(query)
    return edit(query, post, post.content)


@method("stopPoll")
def stop_poll(query: Query) -> Json:
    """Close a poll."""
    post = editable(query)
    if "poll" not in post.content:
        raise errors.bad_request("message with poll to stop not found")  # server, check_message
    if post.content["poll"]["is_closed"]:
        raise errors.bad_request("poll has already been closed")  # seen
    poll = post.content["poll"] | {"is_closed": True}
    edit(query, post, {"poll": poll})
    return dict(poll)
