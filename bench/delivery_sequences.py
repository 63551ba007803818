"""So many random sequences of broadcasts, outcomes, corrections, stops, crashes and waits.

python -m bench.delivery_sequences [SEQUENCES]
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Iterator
from itertools import count
from os import getloadavg

from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.services.test_outbox_machine import Outbox

STEPS = 20


def main(sequences: int) -> None:
    numbers: Iterator[int] = count()
    began = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:

        class OnSqlite(Outbox):
            def new_url(self) -> str:
                return f"sqlite+aiosqlite:///{folder}/{next(numbers)}.db"

        run_state_machine_as_test(
            OnSqlite,
            settings=settings(
                max_examples=sequences,
                stateful_step_count=STEPS,
                deadline=None,
                database=None,
                suppress_health_check=list(HealthCheck),
            ),
        )
    minutes = (time.perf_counter() - began) / 60
    print(f"{next(numbers)} sequences of {STEPS} steps in {minutes:.0f} minutes: nothing found")
    print(f"load {getloadavg()}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 2_000)
