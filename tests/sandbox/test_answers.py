"""Every method that is there answers as an independent client's models want it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import telegram

from bot.sandbox import Group, Person, Sandbox
from bot.sandbox.methods import METHODS
from bot.sandbox.schema import schema
from bot.sandbox.unsupported import BY_METHOD, EVERYWHERE
from bot.sandbox.updates import KINDS
from tests.sandbox.conftest import Api

FILE = "https://example.org/a.bin"
BUTTONS = {"inline_keyboard": [[{"text": "Go", "callback_data": "go"}]]}
ARTICLE = {
    "type": "article",
    "id": "1",
    "title": "One",
    "input_message_content": {"message_text": "One"},
}
PAGE = Path(__file__).parents[2] / "docs" / "sandbox-methods.md"


@dataclass
class Scene:
    """A forum with an owner, a member and a bot that may do everything, and a private chat."""

    sandbox: Sandbox
    api: Api
    group: Group
    ann: Person
    bob: Person
    topic: int

    async def sent(self, **more: object) -> dict[str, Any]:
        """Send a message, and say where it is."""
        message = await self.api("sendMessage", chat_id=self.group.id, text="Hi", **more)
        return {"chat_id": self.group.id, "message_id": message["message_id"]}

    async def of(self, method: str, **params: object) -> dict[str, Any]:
        """Send something else, and say where it is."""
        message = await self.api(method, chat_id=self.group.id, **params)
        return {"chat_id": self.group.id, "message_id": message["message_id"]}

    async def update(self, kind: str) -> dict[str, Any]:
        """Wait for an update of a kind."""
        while True:
            for one in await self.api("getUpdates", timeout=5):
                if kind in one:
                    return dict(one[kind])


@pytest.fixture
async def scene(sandbox: Sandbox, api: Api) -> Scene:
    group = sandbox.chat("@ai_news_plus")
    ann, bob = sandbox.person("Ann", username="ann_reads"), sandbox.person("Bob")
    group.has_owner(ann)
    group.has_member(bob)
    await ann.says("/start")
    return Scene(sandbox, api, group, ann, bob, group.opens_topic("Topic"))


async def pressed(scene: Scene) -> dict[str, Any]:
    await scene.api("sendMessage", chat_id=scene.ann.id, text="Press", reply_markup=BUTTONS)
    message = await scene.ann.sees("Press")
    await scene.ann.presses(message, "Go", within=0)
    query = await scene.update("callback_query")
    return {"callback_query_id": query["id"], "text": "Gone"}


async def typed(scene: Scene) -> dict[str, Any]:
    await scene.ann.types_inline("words", within=0)
    query = await scene.update("inline_query")
    return {"inline_query_id": query["id"], "results": [ARTICLE], "next_offset": "2"}


async def asked(scene: Scene) -> dict[str, Any]:
    link = await scene.api(
        "createChatInviteLink", chat_id=scene.group.id, creates_join_request=True
    )
    eve = scene.sandbox.person("Eve")
    await eve.joins(scene.group, link["invite_link"])
    return {"chat_id": scene.group.id, "user_id": eve.id}


async def linked(scene: Scene) -> dict[str, Any]:
    link = await scene.api("createChatInviteLink", chat_id=scene.group.id, name="Friends")
    return {"chat_id": scene.group.id, "invite_link": link["invite_link"]}


async def pinned(scene: Scene) -> dict[str, Any]:
    where = await scene.sent()
    await scene.api("pinChatMessage", **where)
    return where


async def promoted(scene: Scene) -> dict[str, Any]:
    who = {"chat_id": scene.group.id, "user_id": scene.bob.id}
    await scene.api("promoteChatMember", **who, can_pin_messages=True)
    return who | {"custom_title": "Chief"}


async def pictured(scene: Scene) -> dict[str, Any]:
    scene.group.chat.photo = {}
    return {"chat_id": scene.group.id}


async def closed(scene: Scene) -> dict[str, Any]:
    scene.group.chat.general.closed = True
    scene.group.closes_topic(scene.topic)
    return {"chat_id": scene.group.id, "message_thread_id": scene.topic}


async def hidden(scene: Scene) -> dict[str, Any]:
    scene.group.chat.general.hidden = True
    return {"chat_id": scene.group.id}


async def located(scene: Scene) -> dict[str, Any]:
    return await scene.of("sendLocation", latitude=1, longitude=2, live_period=60)


async def photographed(scene: Scene) -> dict[str, Any]:
    return await scene.of("sendPhoto", photo=FILE, caption="Old", has_spoiler=True)


async def reacted(scene: Scene) -> dict[str, Any]:
    where = await scene.sent()
    await scene.bob.reacts(scene.group.messages[-1], "👍")
    return where | {"user_id": scene.bob.id}


def to_group(**params: object) -> Callable[[Scene], Awaitable[dict[str, Any]]]:
    async def make(scene: Scene) -> dict[str, Any]:
        return {"chat_id": scene.group.id} | params

    return make


def to_ann(**params: object) -> Callable[[Scene], Awaitable[dict[str, Any]]]:
    async def make(scene: Scene) -> dict[str, Any]:
        return {"chat_id": scene.ann.id} | params

    return make


def about_bob(**params: object) -> Callable[[Scene], Awaitable[dict[str, Any]]]:
    async def make(scene: Scene) -> dict[str, Any]:
        return {"chat_id": scene.group.id, "user_id": scene.bob.id} | params

    return make


def to_topic(**params: object) -> Callable[[Scene], Awaitable[dict[str, Any]]]:
    async def make(scene: Scene) -> dict[str, Any]:
        return {"chat_id": scene.group.id, "message_thread_id": scene.topic} | params

    return make


def one_sent(**params: object) -> Callable[[Scene], Awaitable[dict[str, Any]]]:
    async def make(scene: Scene) -> dict[str, Any]:
        return await scene.sent() | params

    return make


def some_sent(**params: object) -> Callable[[Scene], Awaitable[dict[str, Any]]]:
    async def make(scene: Scene) -> dict[str, Any]:
        numbers = [(await scene.sent())["message_id"] for _ in range(2)]
        return {"chat_id": scene.group.id, "message_ids": numbers} | params

    return make


def sent_on(**params: object) -> Callable[[Scene], Awaitable[dict[str, Any]]]:
    async def make(scene: Scene) -> dict[str, Any]:
        where = await photographed(scene)
        return {
            "chat_id": scene.ann.id,
            "from_chat_id": where["chat_id"],
            "message_id": where["message_id"],
        } | params

    return make


def all_on(**params: object) -> Callable[[Scene], Awaitable[dict[str, Any]]]:
    async def make(scene: Scene) -> dict[str, Any]:
        given = await some_sent()(scene)
        return {
            "chat_id": scene.ann.id,
            "from_chat_id": given["chat_id"],
            "message_ids": given["message_ids"],
        } | params

    return make


def then(
    make: Callable[[Scene], Awaitable[dict[str, Any]]], **params: object
) -> Callable[[Scene], Awaitable[dict[str, Any]]]:
    async def made(scene: Scene) -> dict[str, Any]:
        return await make(scene) | params

    return made


async def nothing(scene: Scene) -> dict[str, Any]:
    del scene
    return {}


def alone(**params: object) -> Callable[[Scene], Awaitable[dict[str, Any]]]:
    return then(nothing, **params)


async def a_file(scene: Scene) -> dict[str, Any]:
    sent = await scene.api("sendDocument", chat_id=scene.ann.id, document=FILE)
    return {"file_id": sent["document"]["file_id"]}


async def a_poll(scene: Scene) -> dict[str, Any]:
    return await scene.of("sendPoll", question="Which?", options=["One", "Two"])


ASKS: dict[str, Callable[[Scene], Awaitable[dict[str, Any]]]] = {
    "answerCallbackQuery": pressed,
    "answerInlineQuery": typed,
    "approveChatJoinRequest": asked,
    "banChatMember": about_bob(until_date=2_000_000_000, revoke_messages=True),
    "close": nothing,
    "closeForumTopic": to_topic(),
    "closeGeneralForumTopic": to_group(),
    "copyMessage": sent_on(caption="<b>New</b>", parse_mode="HTML"),
    "copyMessages": all_on(),
    "createChatInviteLink": to_group(name="Friends", member_limit=5, expire_date=2_000_000_000),
    "createForumTopic": to_group(name="Another", icon_color=0xFFD67E),
    "declineChatJoinRequest": asked,
    "deleteAllMessageReactions": about_bob(),
    "deleteChatPhoto": pictured,
    "deleteForumTopic": to_topic(),
    "deleteMessage": one_sent(),
    "deleteMessageReaction": reacted,
    "deleteMessages": some_sent(),
    "deleteMyCommands": alone(scope={"type": "all_private_chats"}),
    "deleteWebhook": alone(drop_pending_updates=True),
    "editChatInviteLink": then(linked, member_limit=3),
    "editForumTopic": to_topic(name="Renamed", icon_custom_emoji_id="5"),
    "editGeneralForumTopic": to_group(name="Lobby"),
    "editMessageCaption": then(photographed, caption="New", show_caption_above_media=True),
    "editMessageLiveLocation": then(located, latitude=3, longitude=4, heading=90),
    "editMessageMedia": then(photographed, media={"type": "video", "media": FILE, "duration": 3}),
    "editMessageReplyMarkup": one_sent(reply_markup=BUTTONS),
    "editMessageText": one_sent(text="<i>New</i>", parse_mode="HTML", reply_markup=BUTTONS),
    "exportChatInviteLink": to_group(),
    "forwardMessage": sent_on(),
    "forwardMessages": all_on(),
    "getChat": to_group(),
    "getChatAdministrators": to_group(),
    "getChatMember": about_bob(),
    "getChatMemberCount": to_group(),
    "getChatMenuButton": to_ann(),
    "getFile": a_file,
    "getMe": nothing,
    "getMyCommands": nothing,
    "getMyDefaultAdministratorRights": alone(for_channels=True),
    "getMyDescription": nothing,
    "getMyName": nothing,
    "getMyShortDescription": nothing,
    "getUpdates": nothing,
    "getUserChatBoosts": about_bob(),
    "getUserProfileAudios": about_bob(),
    "getUserProfilePhotos": about_bob(),
    "getWebhookInfo": nothing,
    "hideGeneralForumTopic": to_group(),
    "leaveChat": to_group(),
    "logOut": nothing,
    "pinChatMessage": one_sent(),
    "promoteChatMember": about_bob(can_pin_messages=True, is_anonymous=True),
    "reopenForumTopic": closed,
    "reopenGeneralForumTopic": closed,
    "restrictChatMember": about_bob(permissions={"can_send_polls": True}),
    "revokeChatInviteLink": linked,
    "sendAnimation": to_ann(animation=FILE, duration=1, width=2, height=3),
    "sendAudio": to_ann(audio=FILE, performer="One", title="Song"),
    "sendChatAction": to_ann(action="typing"),
    "sendContact": to_ann(phone_number="+1", first_name="Bo", last_name="B", vcard="v"),
    "sendDice": to_ann(emoji="🎯"),
    "sendDocument": to_ann(document=FILE, caption="Read", reply_markup=BUTTONS),
    "sendLocation": to_ann(latitude=1.5, longitude=2, horizontal_accuracy=3, live_period=60),
    "sendMediaGroup": to_ann(media=[{"type": "photo", "media": FILE}] * 2),
    "sendMessage": to_ann(text="<b>Hi</b>", parse_mode="HTML", protect_content=True),
    "sendMessageDraft": to_ann(draft_id=1, text="Think"),
    "sendPhoto": to_ann(photo=FILE, has_spoiler=True, caption="See"),
    "sendPoll": to_group(
        question="*Which*?",
        question_parse_mode="MarkdownV2",
        options=["One", {"text": "<b>Two</b>", "text_parse_mode": "HTML"}],
        type="quiz",
        correct_option_ids=[1],
        explanation="_Because_",
        explanation_parse_mode="MarkdownV2",
    ),
    "sendSticker": to_ann(sticker=FILE),
    "sendVenue": to_ann(latitude=1, longitude=2, title="Here", address="There", foursquare_id="4"),
    "sendVideo": to_ann(video=FILE, supports_streaming=True, duration=5),
    "sendVideoNote": to_ann(video_note=FILE, length=100),
    "sendVoice": to_ann(voice=FILE, caption="Hear", duration=4),
    "setChatAdministratorCustomTitle": promoted,
    "setChatDescription": to_group(description="All of it"),
    "setChatMenuButton": to_ann(menu_button={"type": "commands"}),
    "setChatPermissions": to_group(permissions={"can_send_messages": True}),
    "setChatTitle": to_group(title="AI News"),
    "setMessageReaction": one_sent(reaction=[{"type": "emoji", "emoji": "👍"}]),
    "setMyCommands": alone(commands=[{"command": "today", "description": "Today"}]),
    "setMyDefaultAdministratorRights": nothing,
    "setMyDescription": alone(description="Reads for you"),
    "setMyName": alone(name="Digest"),
    "setMyShortDescription": alone(short_description="Reads"),
    "setWebhook": alone(url="https://example.org/hook", max_connections=3),
    "stopMessageLiveLocation": located,
    "stopPoll": a_poll,
    "unbanChatMember": about_bob(only_if_banned=True),
    "unhideGeneralForumTopic": hidden,
    "unpinAllChatMessages": pinned,
    "unpinAllForumTopicMessages": to_topic(),
    "unpinAllGeneralForumTopicMessages": to_group(),
    "unpinChatMessage": pinned,
}
# Its file must be uploaded, which tests/sandbox/test_files.py does.
UPLOADED = {"setChatPhoto"}


def fitting(method: str, params: dict[str, Any]) -> dict[str, Any]:
    return {name: params[name] for name in params if name in schema().methods[method]}


@pytest.mark.parametrize("method", sorted(ASKS))
async def test_the_answer_fits_the_models(scene: Scene, method: str) -> None:
    params = await ASKS[method](scene)

    await scene.api(method, **fitting(method, params))


def test_no_method_answers_unchecked() -> None:
    assert METHODS.keys() - UPLOADED == ASKS.keys()


def test_all_methods_and_refusals_are_written_down() -> None:
    page = PAGE.read_text(encoding="utf-8")
    unnamed = [name for name in schema().methods if f"`{name}`" not in page]
    refused = {name for names in BY_METHOD.values() for name in names} | EVERYWHERE

    assert unnamed == []
    assert [name for name in refused if f"`{name}`" not in page] == []


def test_parameters_that_are_refused_exist() -> None:
    for method, names in BY_METHOD.items():
        assert names <= schema().methods[method].keys()


def test_the_kinds_of_updates_are_those_of_the_library() -> None:
    assert set(telegram.Update.ALL_TYPES) == KINDS


async def test_every_kind_of_update_fits_the_models(scene: Scene) -> None:
    """What people do comes to the bot as the models want it; the fixture `api` checks."""
    await scene.api("getUpdates", allowed_updates=sorted(KINDS))
    ann, bob, group = scene.ann, scene.bob, scene.group
    for kind in ("photo", "video", "audio", "voice", "animation", "sticker", "video_note"):
        await ann.sends_file(kind, "a.bin", b"content", "" if kind == "sticker" else "Look")
    await ann.sends({"location": {"latitude": 1.0, "longitude": 2.0}})
    await ann.sends({"contact": {"phone_number": "+1", "first_name": "Bo"}})
    await ann.sends({"dice": {"emoji": "🎲", "value": 6}})
    await bob.says("Hi", group)
    await bob.edits(group.messages[-1], "Hello")
    await bob.reacts(group.messages[-1], "👍")
    await bob.leaves(group)
    await asked(scene)
    await ann.blocks()
    await ann.presses(ann.messages[0], "x", within=0) if ann.messages[0].buttons else None
    press = asyncio.create_task(ann.types_inline("words", in_=group))
    await asyncio.sleep(0)
    updates = await scene.api("getUpdates", limit=100)
    press.cancel()

    seen = {kind for update in updates for kind in update} - {"update_id"}
    assert seen >= {
        *("message", "edited_message", "message_reaction", "chat_member", "my_chat_member"),
        *("chat_join_request", "inline_query"),
    }
