"""Votes in polls."""

from __future__ import annotations

from bot.sandbox.hindrances import check_there
from bot.sandbox.nouns import Json, Post, User
from bot.sandbox.world import World


def vote(world: World, user: User, post: Post, chosen: list[int]) -> None:
    """Let a person vote in a poll, anew or for the first time; no options take the vote back."""
    check_there(world, user, post.chat)
    poll = post.content["poll"]
    check(poll, chosen)
    post.votes.pop(user.id, None)
    if chosen:
        post.votes[user.id] = chosen
    poll = post.content["poll"] = poll | counted(post)
    post.changed = world.change()
    world.tell("edited", post.chat, {"message": post.view()})
    # docs, Update: bots hear of polls that they sent themselves, and of votes in open ones.
    if post.sender is world.bot:
        world.updates.push("poll", poll)
        if not poll["is_anonymous"]:
            world.updates.push("poll_answer", told(poll, user, chosen))


def told(poll: Json, user: User, chosen: list[int]) -> Json:
    """Show a vote as the Bot API does (docs, PollAnswer)."""
    return {
        "poll_id": poll["id"],
        "user": user.view(),
        "option_ids": chosen,
        "option_persistent_ids": [poll["options"][one]["persistent_id"] for one in chosen],
    }


def check(poll: Json, chosen: list[int]) -> None:
    """Refuse what Telegram's clients do not let people do."""
    if poll["is_closed"]:
        raise ValueError("the poll is closed")
    if any(option not in range(len(poll["options"])) for option in chosen):
        raise ValueError("there is no such option")
    if len(chosen) > 1 and not poll["allows_multiple_answers"]:
        raise ValueError("only one option may be chosen")


def counted(post: Post) -> Json:
    """Count the votes."""
    options = [
        option | {"voter_count": sum(number in chosen for chosen in post.votes.values())}
        for number, option in enumerate(post.content["poll"]["options"])
    ]
    return {"options": options, "total_voter_count": len(post.votes)}
