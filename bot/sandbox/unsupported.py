"""Parameters that Telegram takes and the sandbox does not: it refuses them, by decision.

What is neither here nor used has no effect that a bot or a person would see, as
`disable_notification`.
"""

from __future__ import annotations

EVERYWHERE = frozenset(
    {"business_connection_id", "direct_messages_topic_id", "suggested_post_parameters"}
)
BY_METHOD = {
    "sendPoll": frozenset(
        {
            "allow_adding_options",
            "close_date",
            "correct_option_id",
            "country_codes",
            "description",
            "explanation_media",
            "hide_results_until_closes",
            "media",
            "open_period",
            "shuffle_options",
        }
    ),
    "sendVideo": frozenset({"cover", "start_timestamp"}),
    "copyMessage": frozenset({"video_start_timestamp"}),
    "forwardMessage": frozenset({"video_start_timestamp"}),
    "deleteMessageReaction": frozenset({"actor_chat_id"}),
    "deleteAllMessageReactions": frozenset({"actor_chat_id"}),
}


def unsupported(method: str) -> frozenset[str]:
    """List the parameters of a method that are refused."""
    return EVERYWHERE | BY_METHOD.get(method, frozenset())
