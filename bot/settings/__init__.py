"""What an operator chooses, from the environment or ``.env``; all faults reported at once."""

from __future__ import annotations

import contextlib
from datetime import time
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pydantic import (
    Field,
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
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)

from bot.settings.forms import (
    LISTEN,
    DatabaseUrl,
    Language,
    Listen,
    LogLevel,
    Place,
    PushAt,
    Targets,
    Token,
    UserIds,
    WebhookUrl,
    WebRoot,
    Zone,
)

TELEGRAM = "https://api.telegram.org"
FREE_RATE = 30
PAID_RATE = 1000
# A bot may delete its messages for 48 hours: https://core.telegram.org/bots/api#deletemessage
MAX_REPLY_MINUTES = 47 * 60
# Empty in the environment, these are none, whatever .env says.
NONE = {"http_listen": "", "webhook_url": None, "digest_git": None}


TOPICS = Path("data/topics.toml")
# Only an installed bot has a copy of that here.
INSTALLED_TOPICS = Path(__file__).with_name("topics.toml")


class SettingsError(Exception):
    """The settings are wrong; the message names every fault, a line each."""


def _topics_file() -> Path:
    """Give the table of topics that lies here, else the one that was installed with the bot."""
    return INSTALLED_TOPICS if INSTALLED_TOPICS.exists() and not TOPICS.exists() else TOPICS


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
    telegram_api: WebRoot = TELEGRAM
    admin_ids: UserIds = frozenset()
    push_targets: Targets = ("@ai_news_plus",)
    digest_dir: Path = Path("data/digests")
    digest_git: SecretStr | None = None
    topics_file: Annotated[Path, Field(default_factory=_topics_file)]
    database_url: DatabaseUrl = "sqlite+aiosqlite:///data/state/digestbot.db"
    index_path: Path = Path("data/state/index.db")
    timezone: Zone = ZoneInfo("Asia/Shanghai")
    push_at: PushAt = time(8)
    catch_up_days: Annotated[int, Field(ge=0, le=365)] = 1
    paid_broadcast: bool = False
    send_rate: Annotated[float, Field(gt=0, le=PAID_RATE)] = FREE_RATE
    group_reply_minutes: Annotated[float, Field(ge=0, le=MAX_REPLY_MINUTES)] = 0
    language: Language = "zh-CN"
    http_listen: Listen = LISTEN
    webhook_url: WebhookUrl | None = None
    webhook_secret: SecretStr | None = None
    log_level: LogLevel = "info"
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
        except OSError as error:
            raise ValueError(f"{path} cannot be read: {error.strerror}") from error
        except UnicodeDecodeError as error:
            raise ValueError(f"{path} is no text: write the token alone into it") from error
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
