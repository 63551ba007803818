"""A disk that is full for a while: nobody is left out, nobody gets it twice."""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path

PROCESS = Path(__file__).with_name("full_disk_process.py")
ROOT = PROCESS.parents[2]


async def test_a_full_disk_loses_and_repeats_nothing(sqlite_url: str) -> None:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, str(PROCESS), sqlite_url),
        cwd=ROOT,
        env={"PYTHONPATH": str(ROOT)},
        stdout=asyncio.subprocess.PIPE,
    )
    output, _ = await process.communicate()
    *log, result = output.decode().splitlines()

    assert process.returncode == 0
    assert json.loads(result) == {"sent": 40, "arrived": [1] * 40}
    assert any("outbox not writable" in line for line in log)
