"""Settings are read from a real environment and a real ``.env``, in a process of their own."""

import os
import socket
import subprocess
import sys
from datetime import time
from pathlib import Path

import pytest
from pydantic import TypeAdapter, ValidationError

from bot.settings import Settings
from bot.settings.forms import Zone

ROOT = Path(__file__).parents[1]
TOKEN = "123456:" + "a" * 35


def run_bot(folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Start the bot in *folder* with only these settings."""
    kept = {name: os.environ[name] for name in os.environ if name.startswith(("PATH", "COV"))}
    return subprocess.run(
        [sys.executable, "-m", "bot", "run"],
        cwd=folder,
        env={**kept, "PYTHONPATH": str(ROOT), **environment},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_all_faults_come_in_one_message_with_status_2(tmp_path: Path) -> None:
    result = run_bot(
        tmp_path,
        PUSH_AT="25:00",
        TIMEZONE="Mars/Olympus",
        PUSH_TARGETS="ai news",
        ADMIN_IDS="1,ann",
        SEND_RATE="50",
        DATABASE_URL="mysql://x",
        TELEGRAM_API="telegram",
        LANGUAGE="tlh",
        LOG_LEVEL="loud",
        GROUP_REPLY_MINUTES="3000",
    )

    assert result.returncode == 2
    for name in (
        "BOT_TOKEN",
        "PUSH_AT",
        "TIMEZONE",
        "PUSH_TARGETS",
        "ADMIN_IDS",
        "SEND_RATE",
        "DATABASE_URL",
        "TELEGRAM_API",
        "LANGUAGE",
        "LOG_LEVEL",
        "GROUP_REPLY_MINUTES",
    ):
        assert f"  {name}: " in result.stderr
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("Beijing", "Asia/Shanghai"),
        ("UTC+8", "Asia/Shanghai"),
        ("asia/tokyo", "Asia/Tokyo"),
        ("New York", "America/New_York"),
        ("Moskow", "Europe/Moscow"),
    ],
)
def test_a_wrong_time_zone_is_answered_with_a_right_one(written: str, meant: str) -> None:
    with pytest.raises(ValidationError, match=f"write one such as {meant}"):
        TypeAdapter(Zone).validate_python(written)


def test_a_token_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    result = run_bot(tmp_path, BOT_TOKEN_FILE="/no/such/file", ADMIN_IDS="a")

    assert result.returncode == 2
    assert "ADMIN_IDS: 'a' is no user id" in result.stderr
    assert "BOT_TOKEN_FILE: /no/such/file cannot be read" in result.stderr


def test_a_token_is_never_shown(tmp_path: Path) -> None:
    result = run_bot(tmp_path, BOT_TOKEN="12:secret-but-short", PUSH_AT="25:00")

    assert result.returncode == 2
    assert "secret" not in result.stderr
    assert "BOT_TOKEN: this is no bot token" in result.stderr


@pytest.mark.parametrize(
    "address",
    [
        "postgresql://bot:secret@db/name",
        "postgresql+asyncpg://bot:secret@db",
        "postgresql+asyncpg://bot:secret@home@db/name",
        "postgresql+asyncpg://bot:secret@db:port/name",
    ],
)
def test_a_database_that_cannot_be_is_refused_without_its_password(
    tmp_path: Path, address: str
) -> None:
    result = run_bot(tmp_path, DATABASE_URL=address)

    assert result.returncode == 2
    assert "DATABASE_URL: write sqlite+aiosqlite:///path/to/file or postgresql+" in result.stderr
    assert "secret" not in result.stderr


def test_a_dotenv_file_is_read_and_the_environment_wins(tmp_path: Path) -> None:
    env = tmp_path / ".env"
    env.write_text("PUSH_AT=now\nSEND_RATE=5\nADMIN_IDS=1, 2\n")

    settings = Settings(_env_file=env)

    assert settings.push_at is None
    assert settings.send_rate == 5
    assert settings.admin_ids == {1, 2}


def test_a_token_file_gives_the_token(tmp_path: Path) -> None:
    secret = tmp_path / "token"
    secret.write_text(TOKEN + "\n")

    settings = Settings(bot_token_file=secret)

    assert settings.bot_token
    assert settings.bot_token.get_secret_value() == TOKEN
    assert TOKEN not in repr(settings)


def test_the_example_names_every_setting_with_its_default() -> None:
    lines = (ROOT / ".env.example").read_text().splitlines()
    given = dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))

    assert {name.lower() for name in given} == set(Settings.model_fields)
    assert Settings(_env_file=ROOT / ".env.example") == Settings(_env_file=None)


def test_a_dotenv_file_that_is_not_utf8_is_named(tmp_path: Path) -> None:
    (tmp_path / ".env").write_bytes(b"PUSH_AT=\xff")

    result = run_bot(tmp_path)

    assert result.returncode == 2
    assert ".env: is not UTF-8" in result.stderr


@pytest.mark.parametrize(
    ("value", "language"),
    [("en_US:en", "en"), ("zh_CN.UTF-8", "zh-CN"), ("de_DE:fr", "zh-CN"), ("en", "en")],
)
def test_a_desktops_language_list_is_no_fault(value: str, language: str) -> None:
    assert Settings.model_validate({"language": value}).language == language


@pytest.mark.parametrize(
    ("environment", "dotenv", "place"),
    [
        (None, None, ("127.0.0.1", 8080)),
        ("", None, None),
        (None, "", None),
        ("", "127.0.0.1:81", None),
        ("[::1]:81", "", ("::1", 81)),
        (None, "localhost:82", ("localhost", 82)),
    ],
)
def test_an_empty_place_to_listen_means_nowhere(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    environment: str | None,
    dotenv: str | None,
    place: tuple[str, int] | None,
) -> None:
    monkeypatch.delenv("HTTP_LISTEN", raising=False)
    if environment is not None:
        monkeypatch.setenv("HTTP_LISTEN", environment)
    env = tmp_path / ".env"
    env.write_text("PUSH_AT=\n" + ("" if dotenv is None else f"HTTP_LISTEN={dotenv}\n"))

    settings = Settings(_env_file=env)

    assert settings.listens_at == place
    assert settings.push_at == time(8)


def test_what_is_empty_in_the_environment_takes_back_what_the_file_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    env = tmp_path / ".env"
    env.write_text(
        "WEBHOOK_URL=https://x.example/\nDIGEST_GIT=https://x.example/a.git\nPUSH_AT=7:00"
    )
    for name in ("WEBHOOK_URL", "DIGEST_GIT", "PUSH_AT"):
        monkeypatch.setenv(name, "")

    settings = Settings(_env_file=env)

    assert settings.webhook_url is None
    assert settings.digest_git is None
    assert settings.push_at == time(7)


@pytest.mark.parametrize(
    ("chosen", "fault"),
    [
        ({"http_listen": "127.0.0.1"}, "is no address"),
        ({"http_listen": "127.0.0.1:65536"}, "is no address"),
        ({"webhook_url": "bot.example.org"}, "is no address"),
        ({"webhook_url": "https://bot.example.org/{x}"}, "is no address"),
        ({"webhook_url": "https://bot.example.org/?x=y"}, "is no address"),
        ({"webhook_url": "https://bot.example.org/hooks/archive"}, "take another path"),
        ({"webhook_url": "http://bot.example.org/updates"}, "must begin with https://"),
        ({"webhook_url": "https://bot.example.org/", "http_listen": ""}, "needs HTTP_LISTEN"),
    ],
)
def test_an_address_that_cannot_work_is_told(chosen: dict[str, str], fault: str) -> None:
    with pytest.raises(ValueError, match=fault):
        Settings.model_validate(chosen)


@pytest.mark.parametrize(
    ("chosen", "path"),
    [
        ({"webhook_url": "https://bot.example.org"}, "/"),
        ({"webhook_url": "https://bot.example.org/updates"}, "/updates"),
        ({"webhook_url": "http://[::1]:81/~a/b", "telegram_api": "http://localhost:8081"}, "/~a/b"),
    ],
)
def test_updates_are_posted_to_the_path_of_the_webhook(chosen: dict[str, str], path: str) -> None:
    assert Settings.model_validate(chosen).webhook_path == path


def test_a_folder_with_other_files_is_no_place_for_a_remote(tmp_path: Path) -> None:
    (tmp_path / "mine.md").write_text("mine", encoding="utf-8")

    result = run_bot(
        tmp_path,
        BOT_TOKEN=TOKEN,
        DIGEST_DIR=str(tmp_path),
        DIGEST_GIT="https://ann:s3cret@example.org/a.git",
        TOPICS_FILE=str(ROOT / "data" / "topics.toml"),
    )

    assert result.returncode == 2
    assert "DIGEST_GIT: " in result.stderr
    assert "choose an empty folder" in result.stderr
    assert "s3cret" not in result.stderr


def test_a_port_in_use_is_told(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        result = run_bot(
            tmp_path,
            BOT_TOKEN=TOKEN,
            DIGEST_DIR=str(tmp_path),
            HTTP_LISTEN=f"127.0.0.1:{taken.getsockname()[1]}",
            TOPICS_FILE=str(ROOT / "data" / "topics.toml"),
        )

    assert result.returncode == 2
    assert "HTTP_LISTEN: " in result.stderr
    assert "Traceback" not in result.stderr
