"""Words: messages, drafts of them, and that one is being written."""

from __future__ import annotations

from bot.sandbox import access, errors
from bot.sandbox.access import Access
from bot.sandbox.methods.registry import Query, method
from bot.sandbox.methods.sending import deliver, thread
from bot.sandbox.methods.texts import text_content
from bot.sandbox.nouns import Json

# server, get_chat_action, which takes names of old too
ACTIONS = frozenset(
    [
        "cancel",
        "typing",
        "upload_photo",
        "record_video",
        "upload_video",
        "record_voice",
        "record_audio",
        "upload_voice",
        "upload_audio",
        "upload_document",
        "choose_sticker",
        "find_location",
        "pick_up_location",
        "record_video_note",
        "upload_video_note",
    ]
)


@method("sendMessage")
def send_message(query: Query) -> Json:
    """Send words."""
    return deliver(query, text_content(query.params))


@method("sendChatAction")
def send_chat_action(query: Query) -> bool:
    """Show that the bot is busy."""
    action = str(query.get("action", "")).lower()
    if action not in ACTIONS:
        raise errors.bad_request("wrong parameter action in request")  # server
    chat = query.chat(Access.WRITE)
    access.check_send(query.world, chat)
    query.world.tell("action", chat, {"action": action})
    return True


@method("sendMessageDraft")
def send_message_draft(query: Query) -> bool:
    """Show words that are still being written."""
    content = text_content(query.params)
    chat = query.chat(Access.WRITE)
    if not chat.private:
        raise errors.bad_request("TEXTDRAFT_PEER_INVALID")  # seen
    access.check_send(query.world, chat)
    thread(query, chat, None)
    query.world.tell("draft", chat, {"draft_id": query.need("draft_id"), **content})
    return True
