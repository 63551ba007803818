"""Reactions to messages."""

from __future__ import annotations

from bot.sandbox import access, errors
from bot.sandbox.access import Access
from bot.sandbox.methods.registry import Query, method
from bot.sandbox.nouns import Chat, Json, Post

# docs, ReactionTypeEmoji; without the sign that asks for colours
EMOJI = frozenset(
    "👍👎❤🔥🥰👏😁🤔🤯😱🤬😢🎉🤩🤮💩🙏👌🕊🤡🥱🥴😍🐳🌚🌭💯🤣⚡🍌🏆💔🤨😐🍓🍾"
    "💋🖕😈😴😭🤓👻👀🎃🙈😇😨🤝✍🤗🫡🎅🎄☃💅🤪🗿🆒💘🙉🦄😘💊🙊😎👾🤷😡"
) | {"❤\u200d🔥", "👨\u200d💻", "🤷\u200d♂", "🤷\u200d♀"}
COLOURS = "\N{VARIATION SELECTOR-16}"


def known(reaction: Json) -> bool:
    """Tell whether there is such a reaction; of custom emoji none are looked up."""
    kind = reaction.get("type")
    return kind != "emoji" or str(reaction.get("emoji")).replace(COLOURS, "") in EMOJI


@method("setMessageReaction")
def set_message_reaction(query: Query) -> bool:
    """React to a message as the bot."""
    reactions = query.get("reaction") or []
    post = query.post(query.chat(Access.READ), "message to react")
    if len(reactions) > 1:
        raise errors.bad_request("REACTIONS_TOO_MANY")  # docs: bots may set one
    if any(one.get("type") == "paid" for one in reactions):
        # server, get_reaction_type: docs: bots can't use paid reactions
        words = "can't parse ReactionType: invalid reaction type specified"
        raise errors.bad_request(words)
    if not all(known(one) for one in reactions):
        raise errors.bad_request("REACTION_INVALID")  # seen
    post.reactions[query.world.bot.id] = reactions
    tell(query, post)
    return True


@method("deleteMessageReaction")
def delete_message_reaction(query: Query) -> bool:
    """Take someone's reactions to a message away."""
    user_id, chat = moderated(query)
    post = query.post(chat, "message to react")
    if post.reactions.pop(user_id, None):
        tell(query, post)
    return True


@method("deleteAllMessageReactions")
def delete_all_message_reactions(query: Query) -> bool:
    """Take someone's reactions to all messages of a chat away."""
    user_id, chat = moderated(query)
    for post in chat.posts.values():
        if post.reactions.pop(user_id, None):
            tell(query, post)
    return True


def moderated(query: Query) -> tuple[int, Chat]:
    """Find whose reactions go, in a group where the bot may delete."""
    user_id, chat = query.user_id(), query.chat(Access.WRITE)
    if not access.member(query.world, chat).may("can_delete_messages"):
        # docs name the right; the words of the refusal are not known
        raise errors.sandbox("not enough rights to delete reactions")
    return user_id, chat


def tell(query: Query, post: Post) -> None:
    """Show everyone what reactions a message has."""
    shown = [one for given in post.reactions.values() for one in given]
    query.world.tell("reaction", post.chat, {"message_id": post.id, "reactions": shown})
