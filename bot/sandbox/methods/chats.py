"""What chats are, and leaving them."""

from __future__ import annotations

from bot.sandbox import access, errors, posting
from bot.sandbox.access import Access
from bot.sandbox.contents import file_content
from bot.sandbox.membership import move
from bot.sandbox.methods.media import stored
from bot.sandbox.methods.registry import Query, method
from bot.sandbox.nouns import PERMISSIONS, Chat, Json, Member, Standing

# docs, setChatTitle and setChatDescription; tdlib cuts what is longer
TITLE = 128
ABOUT = 255


@method("getChat")
def get_chat(query: Query) -> Json:
    """Show everything about a chat (docs, ChatFullInfo)."""
    chat = query.chat(Access.READ)
    shown = chat.view() | {
        "accent_color_id": abs(chat.id) % 7,
        "max_reaction_count": 11,
        "accepted_gift_types": dict.fromkeys(GIFTS, False),
    }
    if chat.username:
        shown["active_usernames"] = [chat.username]
    if chat.photo:
        shown["photo"] = chat.photo
    if chat.about:
        shown["bio" if chat.private else "description"] = chat.about
    if chat.pinned:
        shown["pinned_message"] = chat.posts[chat.pinned[-1]].view(nested=True)
    return shown | ({} if chat.private else group_facts(chat))


GIFTS = (
    "unlimited_gifts",
    "limited_gifts",
    "unique_gifts",
    "premium_subscription",
    "gifts_from_channels",
)


def group_facts(chat: Chat) -> Json:
    """Show what only groups and channels have."""
    facts: Json = {"permissions": {name: name in chat.permissions for name in PERMISSIONS}}
    if chat.slow_mode:
        facts["slow_mode_delay"] = chat.slow_mode
    return facts


@method("getChatMemberCount")
def get_chat_member_count(query: Query) -> int:
    """Count who is in a chat."""
    return sum(member.present for member in query.chat(Access.MEMBERS).members.values())


@method("leaveChat")
def leave_chat(query: Query) -> bool:
    """Go."""
    chat = query.chat(Access.READ)
    if chat.private:
        raise errors.bad_request("can't leave private chats")  # tdlib, leave_dialog
    access.refuse_absent(access.member(query.world, chat), chat)
    bot = query.world.bot
    posting.serve(query.world, chat, bot, {"left_chat_member": bot.view()})
    move(query.world, chat, bot, Standing.LEFT, by=bot)
    return True


def changing(query: Query, what: str) -> Chat:
    """Find a chat whose title, photo or description the bot may change (tdlib)."""
    chat = query.chat(Access.WRITE)
    if chat.private:
        raise errors.bad_request(f"can't change private chat {what}")
    if not may_change(access.member(query.world, chat), chat):
        raise errors.bad_request(f"not enough rights to {NEEDED[what]}")
    return chat


NEEDED = {
    "title": "change chat title",
    "photo": "change chat photo",
    "description": "set chat description",
}


def may_change(own: Member, chat: Chat) -> bool:
    """Tell whether the bot may change what a chat says of itself, by right or as all may."""
    may = access.permitted(chat, own, "can_change_info")
    return own.may("can_change_info") or (not own.admin and own.present and may)


@method("setChatTitle")
def set_chat_title(query: Query) -> bool:
    """Name a chat anew."""
    chat = changing(query, "title")
    title = " ".join(str(query.get("title", "")).split())[:TITLE]
    if not title:
        raise errors.bad_request("title must be non-empty")  # tdlib, set_dialog_title
    if title != chat.title:
        chat.title = title
        posting.serve(query.world, chat, query.world.bot, {"new_chat_title": title})
    return True


@method("setChatDescription")
def set_chat_description(query: Query) -> bool:
    """Describe a chat anew."""
    chat = changing(query, "description")
    about = str(query.get("description", "")).strip()[:ABOUT]
    if about == (chat.about or ""):
        raise errors.bad_request("chat description is not modified")  # server
    chat.about = about or None
    return True


@method("setChatPhoto")
def set_chat_photo(query: Query) -> bool:
    """Give a chat a picture."""
    if "photo" not in query.files and not str(query.get("photo", "")).startswith("attach://"):
        words = "photo must be uploaded as an InputFile"
        lacking = "there is no photo in the request"
        raise errors.bad_request(words if query.get("photo") else lacking)  # server
    file = stored(query, "photo", query.get("photo"))
    chat = changing(query, "photo")
    ids = {"file_id": file.id, "file_unique_id": file.unique_id}
    chat.photo = {f"{size}_{name}": ids[name] for size in ("small", "big") for name in ids}
    line = file_content("photo", file)["photo"]
    posting.serve(query.world, chat, query.world.bot, {"new_chat_photo": line})
    return True


@method("deleteChatPhoto")
def delete_chat_photo(query: Query) -> bool:
    """Take a chat's picture away."""
    chat = changing(query, "photo")
    if chat.photo is None:
        raise errors.bad_request("CHAT_NOT_MODIFIED")  # seen
    chat.photo = None
    posting.serve(query.world, chat, query.world.bot, {"delete_chat_photo": True})
    return True


@method("getUserChatBoosts")
def get_user_chat_boosts(query: Query) -> Json:
    """Show how someone boosts a chat: nobody does here."""
    query.user_id()
    chat = query.chat(Access.WRITE)
    if not access.member(query.world, chat).admin:
        raise errors.bad_request("CHAT_ADMIN_REQUIRED")  # seen
    return {"boosts": []}
