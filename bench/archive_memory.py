"""What a whole bot takes that reads ten thousand digests for the first time, by the limit.

python -m bench.archive_memory [ARCHIVE] [COUNT…]

The bot runs beside a sandbox, as anyone would run it, and Linux tells the most that it took; what
its helpers take while it reads is told apart.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from bench.archive_scale import HERE, made

LIMIT = 150.0
LOADED = "archive indexed"
# What follows upon a load, such as finding what is to be pushed, is over then.
AFTERWARDS_SECONDS = 5


@contextmanager
def sandbox() -> Iterator[dict[str, str]]:
    """Have a sandbox run; give the settings by which a bot reaches it."""
    command = [sys.executable, "-m", "bot", "sandbox", "--no-bot", "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        reached = json.loads(process.stdout.readline())
        yield {"TELEGRAM_API": reached["api"], "BOT_TOKEN": reached["token"]}
        process.terminate()


@contextmanager
def bot(folder: Path, settings: dict[str, str]) -> Iterator[int]:
    """Have a bot with a state of its own run, and write its log; give the process's number."""
    environment = {
        **os.environ,
        **settings,
        "DIGEST_DIR": str(folder / "archive"),
        "DATABASE_URL": f"sqlite+aiosqlite:///{folder / 'bot.db'}",
        "INDEX_PATH": str(folder / "index.db"),
        "HTTP_LISTEN": "",
        "LOG_FORMAT": "json",
    }
    command = [sys.executable, "-m", "bot", "run"]
    with (
        (folder / "log").open("wb") as log,
        subprocess.Popen(command, env=environment, stderr=log) as process,
    ):
        yield process.pid
        process.terminate()


def taken(pid: int | str, kind: str = "VmHWM") -> float:
    """Give the most memory that a process took, in MB, or with VmRSS what it takes now."""
    with suppress(FileNotFoundError):
        status = Path(f"/proc/{pid}/status").read_text()
        if found := re.search(rf"^{kind}:\s+([0-9]+) kB", status, re.MULTILINE):
            return int(found[1]) / 1024
    return 0.0


def helpers(pid: int) -> set[str]:
    """Name the processes that a process's threads started."""
    lists = Path(f"/proc/{pid}/task").glob("*/children")
    return {child for one in lists for child in one.read_text().split()}


def measured(given: Path, count: int) -> str:
    """Let a bot load so many digests."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        made(given, folder / "archive", count)
        most_of_helpers, began = 0.0, time.perf_counter()
        with sandbox() as settings, bot(folder, settings) as pid:
            while LOADED not in (folder / "log").read_text():
                most_of_helpers = max(most_of_helpers, sum(map(taken, helpers(pid))))
                time.sleep(0.2)
            seconds = time.perf_counter() - began
            time.sleep(AFTERWARDS_SECONDS)
            peak, now = taken(pid), taken(pid, "VmRSS")
    return (
        f"{count} digests: {peak / LIMIT:.2f} of the limit (≤ 1), a peak of {peak:.0f} MB and "
        f"{now:.0f} MB afterwards; helpers {most_of_helpers:.0f} MB while it read, {seconds:.0f} s"
    )


def main() -> None:
    given = Path(sys.argv[1]) if len(sys.argv) > 1 else HERE / "../shared/corpora/ai-daily"
    for count in [int(count) for count in sys.argv[2:]] or [2, 10_000]:
        print(measured(given, count), flush=True)


if __name__ == "__main__":
    main()
