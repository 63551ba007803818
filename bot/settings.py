"""What an operator chooses, from the environment or ``.env``; all faults reported at once."""

from __future__ import annotations

import contextlib
import re
from datetime import time
from pathlib import Path
from typing import Annotated, Any, Literal, NamedTuple, TypeVar
from urllib.parse import urlsplit
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
from pydantic_settings import (
    BaseSettings,
    DotEnvSettingsSource,
    EnvSettingsSource,
    InitSettingsSource,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)

TOKEN_FORM = re.compile(r"[0-9]{3,}:[A-Za-z0-9_-]{30,}")
TARGET_FORM = re.compile(r"(@[A-Za-z][A-Za-z0-9_]{3,31}|-?[0-9]{1,19})(?:/([0-9]{1,10}))?")
TIME_FORM = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)")
# Telegram refuses the number of the topic "General": it is the chat itself.
GENERAL = 1
TELEGRAM = "https://api.telegram.org"
FREE_RATE = 30
PAID_RATE = 1000
# A bot may delete its messages for 48 hours: https://core.telegram.org/bots/api#deletemessage
MAX_REPLY_MINUTES = 47 * 60
LISTEN = "127.0.0.1:8080"
ARCHIVE_HOOK = "/hooks/archive"
# Empty in the environment, these are none, whatever .env says.
NONE = {"http_listen": "", "webhook_url": None, "digest_git": None}
# What a path may be made of without meaning something else to a server.
WEBHOOK_FORM = re.compile(r"https?://[^/\s?#]+(/[A-Za-z0-9._~/-]*)?")


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
    if text and not re.fullmatch(r".+:[0-9]{1,5}", text):
        raise ValueError(f"{text!r} is no address: write one such as {LISTEN}, or nothing")
    return text


def _webhook(url: str) -> str:
    if not WEBHOOK_FORM.fullmatch(url):
        raise ValueError(
            f"{url!r} is no address: write one such as https://bot.example.org/updates"
        )
    if urlsplit(url).path == ARCHIVE_HOOK:
        raise ValueError(f"{ARCHIVE_HOOK} is where the archive's remote posts: take another path")
    return url


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
    telegram_api: Annotated[str, AfterValidator(_web_root)] = TELEGRAM
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
    http_listen: Annotated[str, AfterValidator(_listen)] = LISTEN
    webhook_url: Annotated[str, AfterValidator(_webhook)] | None = None
    webhook_secret: SecretStr | None = None
    log_level: Annotated[
        Literal["debug", "info", "warning", "error"],
        BeforeValidator(lambda level: str(level).lower()),
    ] = "info"
    log_format: Literal["auto", "text", "json"] = "auto"

    @property
    def listens_at(self) -> Place | None:
        """Where to listen, if anywhere."""
        host, _, port = self.http_listen.rpartition(":")
        return Place(host.strip("[]"), int(port)) if port else None

    @property
    def webhook_path(self) -> str:
        """Where in our server Telegram posts updates."""
        return urlsplit(self.webhook_url or "").path or "/"

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Let some settings mean none where they are empty; all others are then not set."""
        env_file = getattr(dotenv_settings, "env_file", None)
        env = EnvSettingsSource(cls, env_ignore_empty=False)
        dotenv = DotEnvSettingsSource(cls, env_file, env_ignore_empty=False)
        return init_settings, env_settings, _emptied(env), dotenv_settings, _emptied(dotenv)

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

    @field_validator("webhook_url")
    @classmethod
    def _check_webhook(cls, url: str | None, info: ValidationInfo) -> str | None:
        if url and not info.data.get("http_listen", LISTEN):
            raise ValueError("needs HTTP_LISTEN, where Telegram's updates come in")
        of_telegram = info.data.get("telegram_api") == TELEGRAM
        if url and of_telegram and not url.startswith("https:"):
            raise ValueError(f"{url!r} must begin with https:// for Telegram to use it")
        return url

    @field_validator("send_rate")
    @classmethod
    def _check_rate(cls, rate: float, info: ValidationInfo) -> float:
        if rate > FREE_RATE and not info.data.get("paid_broadcast"):
            raise ValueError(f"more than {FREE_RATE} a second needs PAID_BROADCAST=true")
        return rate


def _emptied(source: EnvSettingsSource) -> PydanticBaseSettingsSource:
    none = {name: none for name, none in NONE.items() if source.env_vars.get(name) == ""}
    return InitSettingsSource(source.settings_cls, none)


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
