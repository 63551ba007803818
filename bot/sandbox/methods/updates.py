"""Receiving updates."""

from __future__ import annotations

from bot.sandbox import errors
from bot.sandbox.methods.registry import Query, Remark, method
from bot.sandbox.nouns import Json

# server, LONG_POLL_MAX_TIMEOUT
LONGEST = 50


@method("getUpdates")
async def get_updates(query: Query) -> list[Json]:
    """Hand out updates; wait for them as long as asked."""
    world = query.world
    if world.webhook.url:
        raise errors.conflict(
            "can't use getUpdates method while webhook is active; "
            "use deleteWebhook to delete the webhook first"
        )
    world.updates.allow(query.get("allowed_updates"))
    limit = min(max(int(query.get("limit", 100)), 1), 100)
    wait = min(max(int(query.get("timeout", 0)), 0), LONGEST)
    return await world.updates.poll(int(query.get("offset", 0)), limit, wait)


@method("setWebhook")
def set_webhook(query: Query) -> Remark:
    """Have updates sent to an address; an empty one ends that."""
    url = str(query.get("url", "")).strip()
    if not url:
        return end_webhook(query)
    certified = "certificate" in query.files or "certificate" in query.params
    changed = query.world.webhook.set(url, query.params, certified=certified)
    query.world.updates.allow(query.get("allowed_updates"))
    forget(query)
    # server, abort_long_poll
    query.world.updates.end_poll("terminated by setWebhook request")
    return Remark("Webhook was set" if changed else "Webhook is already set")


@method("deleteWebhook")
def delete_webhook(query: Query) -> Remark:
    """Go back to polling."""
    return end_webhook(query)


def end_webhook(query: Query) -> Remark:
    """Forget the address."""
    forget(query)
    deleted = query.world.webhook.remove()
    return Remark("Webhook was deleted" if deleted else "Webhook is already deleted")


def forget(query: Query) -> None:
    """Drop what is pending, if that is asked for."""
    if query.get("drop_pending_updates"):
        query.world.updates.clear()


@method("getWebhookInfo")
def get_webhook_info(query: Query) -> Json:
    """Show how the webhook fares."""
    updates = query.world.updates
    info = query.world.webhook.info() | {"pending_update_count": len(updates)}
    if updates.allowed is not None:
        info["allowed_updates"] = sorted(updates.allowed)
    return info


@method("logOut", "close")
def leave_server(query: Query) -> bool:
    """Take leave of the server, which changes nothing here."""
    del query
    return True
