"""Refusals, in Telegram's words.

Where the words come from: `server` is the code of Telegram's Bot API server (telegram-bot-api,
Client.cpp), `tdlib` the library below it, `docs` core.telegram.org/bots/api, `seen` what bots
commonly report. What only the sandbox refuses starts with `sandbox:`.
"""

from __future__ import annotations

from typing import Any


class ApiError(Exception):
    """A refused call."""

    def __init__(
        self, code: int, description: str, parameters: dict[str, Any] | None = None
    ) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.parameters = parameters

    @property
    def retry_after(self) -> int:
        """Tell for how long the caller should wait."""
        return int((self.parameters or {}).get("retry_after", 0))

    def body(self) -> dict[str, Any]:
        """Word the answer as Telegram does (docs, "Making requests")."""
        answer = {"ok": False, "error_code": self.code, "description": self.description}
        return answer | ({"parameters": self.parameters} if self.parameters else {})


class Cut(Exception):  # noqa: N818  # nobody is told of it
    """The connection is to end without an answer."""


def bad_request(words: str) -> ApiError:
    """Refuse what was asked."""
    return ApiError(400, f"Bad Request: {words}")


def forbidden(words: str) -> ApiError:
    """Refuse to act against someone's will."""
    return ApiError(403, f"Forbidden: {words}")


def conflict(words: str) -> ApiError:
    """Refuse a second way of getting updates."""
    return ApiError(409, f"Conflict: {words}")


def sandbox(words: str) -> ApiError:
    """Refuse what Telegram would accept or treat otherwise: an error of the sandbox's own."""
    return ApiError(400, f"sandbox: {words}")


def unauthorized() -> ApiError:
    """Refuse a token that belongs to no bot (server, Unauthorized)."""
    return ApiError(401, "Unauthorized")


def not_found() -> ApiError:
    """Refuse a path that is no method's (server, Not Found)."""
    return ApiError(404, "Not Found")


def too_many_requests(seconds: int) -> ApiError:
    """Ask to wait (server, set_retry_after_error)."""
    words = f"Too Many Requests: retry after {seconds}"
    return ApiError(429, words, {"retry_after": seconds})


def migrated(chat_id: int) -> ApiError:
    """Point to the supergroup that a group became (docs, ResponseParameters)."""
    words = "Bad Request: group chat was upgraded to a supergroup chat"
    return ApiError(400, words, {"migrate_to_chat_id": chat_id})
