"""What an operator chooses, from the environment or ``.env``; all faults reported at once."""

from __future__ import annotations

import contextlib
import re
from datetime import time
from pathlib import Path
from typing import Annotated, Any, Literal, NamedTuple, TypeVar
from zoneinfo import ZoneInfo

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    PlainValidator,
    SecretStr,
    ValidationError,
    ValidationInfo,
    field_validator,
    model_validator,
)
from pydantic_core import ErrorDetails
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

TOKEN_FORM = re.compile(r"[0-9]{3,}:[A-Za-z0-9_-]{30,}")
TARGET_FORM = re.compile(r"(@[A-Za-z][A-Za-z0-9_]{3,31}|-?[0-9]{1,19})(?:/([0-9]{1,10}))?")
TIME_FORM = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)")
# Telegram refuses the number of the topic "General": it is the chat itself.
GENERAL = 1
FREE_RATE = 30
PAID_RATE = 1000
# A bot may delete its messages for 48 hours: https://core.telegram.org/bots/api#deletemessage
MAX_REPLY_MINUTES = 47 * 60


NOWHERE = "none"
HOOK_LISTEN = "127.0.0.1:8080"


class SettingsError(Exception):
    """The settings are wrong; the message names every fault, a line each."""


class Place(NamedTuple):
    """Where to listen."""

    host: str
    port: int


class TargetName(NamedTuple):
    """A chat to push to, ``@name`` or an id, and a forum topic of it; 0 is the chat itself."""

    chat: str
    thread_id: int


def parse_target(text: str) -> TargetName:
    """Read ``@name``, ``-100123`` or either with ``/thread``.

    Raises:
        ValueError: saying what a chat looks like.
    """
    match = TARGET_FORM.fullmatch(text.strip())
    if not match:
        raise ValueError(f"{text!r} is no chat: write @name or a numeric id, /thread for a topic")
    thread_id = int(match[2] or 0)
    return TargetName(match[1], 0 if thread_id == GENERAL else thread_id)


def parse_push_at(text: str) -> time | None:
    """Read ``HH:MM``, or ``now`` as None.

    Raises:
        ValueError: saying what a time looks like.
    """
    if text.strip().lower() == "now":
        return None
    match = TIME_FORM.fullmatch(text.strip())
    if not match:
        raise ValueError(f"{text!r} is no time: write HH:MM such as 08:00, or now")
    return time(int(match[1]), int(match[2]))


def _split(value: object) -> object:
    if isinstance(value, str):
        return tuple(part.strip() for part in value.split(",") if part.strip())
    return value


def _ids(value: object) -> object:
    parts = _split(value)
    if not isinstance(parts, tuple):
        return value
    for part in parts:
        if not part.isdecimal():
            raise ValueError(f"{part!r} is no user id: write numbers, comma separated")
    return parts


def _zone(value: object) -> ZoneInfo:
    try:
        return ZoneInfo(str(value).strip())
    except (KeyError, ValueError, OSError):
        raise ValueError(f"{value!r} is no time zone: write one such as Asia/Shanghai") from None


def _target(text: str) -> str:
    parse_target(text)
    return text


def _web_root(url: str) -> str:
    if not re.match(r"https?://[^/\s]+", url):
        raise ValueError(f"{url!r} is no address: write one such as https://api.telegram.org")
    return url.rstrip("/")


def _database(url: str) -> str:
    if not url.startswith("sqlite+aiosqlite:///"):
        raise ValueError("write sqlite+aiosqlite:///path/to/file; no other database works yet")
    return url


def _listen(text: str) -> str:
    if text != NOWHERE and not re.fullmatch(r".+:[0-9]{1,5}", text):
        raise ValueError(f"{text!r} is no address: write one such as 127.0.0.1:8080, or {NOWHERE}")
    return text


def _language(value: object) -> object:
    """Accept a locale list too: desktops set LANGUAGE=de_DE:en for gettext, not for us."""
    tags = str(value).replace("_", "-").split(":")
    known = (name for tag in tags for name in ("zh-CN", "en") if tag[:2].lower() == name[:2])
    of_desktop = ":" in str(value) or "_" in str(value)
    return next(known, "zh-CN" if of_desktop else value)


def _token(value: SecretStr) -> SecretStr:
    token = value.get_secret_value().strip()
    if not TOKEN_FORM.fullmatch(token):
        raise ValueError("this is no bot token: copy it whole from @BotFather (123456:ABC…)")
    return SecretStr(token)


Token = Annotated[SecretStr, AfterValidator(_token)]


class Settings(BaseSettings):
    """All settings, checked; ``.env.example`` explains each."""

    model_config = SettingsConfigDict(
        env_file=".env",
        env_file_encoding="utf-8",
        env_ignore_empty=True,
        extra="ignore",
        frozen=True,
        hide_input_in_errors=True,
        validate_default=False,
    )

    bot_token: Token | None = None
    bot_token_file: Path | None = None
    telegram_api: Annotated[str, AfterValidator(_web_root)] = "https://api.telegram.org"
    admin_ids: Annotated[frozenset[int], NoDecode, BeforeValidator(_ids)] = frozenset()
    push_targets: Annotated[
        tuple[Annotated[str, AfterValidator(_target)], ...], NoDecode, BeforeValidator(_split)
    ] = ("@ai_news_plus",)
    digest_dir: Path = Path("data/digests")
    digest_git: SecretStr | None = None
    topics_file: Path = Path("data/topics.toml")
    database_url: Annotated[str, AfterValidator(_database)] = (
        "sqlite+aiosqlite:///data/state/digestbot.db"
    )
    index_path: Path = Path("data/state/index.db")
    timezone: Annotated[ZoneInfo, PlainValidator(_zone)] = ZoneInfo("Asia/Shanghai")
    push_at: Annotated[time | None, PlainValidator(lambda text: parse_push_at(str(text)))] = time(8)
    catch_up_days: Annotated[int, Field(ge=0, le=365)] = 1
    paid_broadcast: bool = False
    send_rate: Annotated[float, Field(gt=0, le=PAID_RATE)] = FREE_RATE
    group_reply_minutes: Annotated[float, Field(ge=0, le=MAX_REPLY_MINUTES)] = 0
    language: Annotated[Literal["zh-CN", "en"], BeforeValidator(_language)] = "zh-CN"
    http_listen: Annotated[str, AfterValidator(_listen)] | None = None
    webhook_secret: SecretStr | None = None
    log_level: Annotated[
        Literal["debug", "info", "warning", "error"],
        BeforeValidator(lambda level: str(level).lower()),
    ] = "info"
    log_format: Literal["auto", "text", "json"] = "auto"

    @property
    def listens_at(self) -> Place | None:
        """Where to listen: as chosen, else where a webhook has something to do."""
        chosen = self.http_listen or (HOOK_LISTEN if self.digest_git else NOWHERE)
        if chosen == NOWHERE:
            return None
        host, _, port = chosen.rpartition(":")
        return Place(host.strip("[]"), int(port))

    @model_validator(mode="before")
    @classmethod
    def _read_token_file(cls, values: dict[str, Any]) -> dict[str, Any]:
        path = values.get("bot_token_file")
        if path and not values.get("bot_token"):
            # What cannot be read is told below, together with all other faults.
            with contextlib.suppress(OSError, UnicodeDecodeError):
                return values | {"bot_token": Path(path).read_text(encoding="utf-8")}
        return values

    @field_validator("bot_token_file")
    @classmethod
    def _check_token_file(cls, path: Path | None) -> Path | None:
        try:
            if path:
                path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise ValueError(f"{path} cannot be read: {error}") from error
        return path

    @field_validator("send_rate")
    @classmethod
    def _check_rate(cls, rate: float, info: ValidationInfo) -> float:
        if rate > FREE_RATE and not info.data.get("paid_broadcast"):
            raise ValueError(f"more than {FREE_RATE} a second needs PAID_BROADCAST=true")
        return rate


class RunSettings(Settings):
    """The settings of a running bot, which cannot do without a token."""

    bot_token: Token


S = TypeVar("S", bound=Settings)


def load_settings() -> Settings:
    """Read the settings for work that needs no token.

    Raises:
        SettingsError: naming all faults at once.
    """
    return _load(Settings)


def load_run_settings() -> RunSettings:
    """Read the settings for running the bot.

    Raises:
        SettingsError: naming all faults at once.
    """
    return _load(RunSettings)


def _load(kind: type[S]) -> S:
    try:
        return kind()
    except UnicodeDecodeError:
        raise SettingsError(".env: is not UTF-8; save it as such") from None
    except ValidationError as error:
        faults = [_fault(detail) for detail in error.errors(include_url=False)]
        raise SettingsError("\n".join(["The settings need mending:", *faults])) from None


def _fault(detail: ErrorDetails) -> str:
    name = str(detail["loc"][0]).upper() if detail["loc"] else ""
    if detail["type"] == "missing":
        return f"  {name}: is missing: get one from @BotFather, or try the bot with: make run"
    return f"  {name}: {detail['msg']}".replace(": Value error, ", ": ").replace("  : ", "  ")
