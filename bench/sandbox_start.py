"""How long `python -m bot sandbox --no-bot` takes to its line: `python -m bench.sandbox_start`.

Beside the seconds on the clock, which other load lengthens, it counts the CPU seconds; those must
stay below the limit. The interpreter alone is the measure of the machine.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import time

LIMIT = 1.0
ROUNDS = 5
SANDBOX = ["-m", "bot", "sandbox", "--no-bot"]
BARE = ["-c", "print(flush=True)"]


def start(arguments: list[str]) -> tuple[float, float]:
    """Seconds until a process writes its first line: on the clock, and of CPU."""
    before, began = used_by_children(), time.perf_counter()
    process = subprocess.Popen([sys.executable, *arguments], stdout=subprocess.PIPE)
    assert process.stdout is not None
    process.stdout.readline()
    seconds = time.perf_counter() - began
    process.terminate()
    process.communicate()
    return seconds, used_by_children() - before


def used_by_children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def best(arguments: list[str]) -> tuple[float, float]:
    found = [start(arguments) for _ in range(ROUNDS)]
    return min(seconds for seconds, _ in found), min(used for _, used in found)


def main() -> int:
    bare, (seconds, used) = best(BARE)[1], best(SANDBOX)
    print(
        f"interpreter {bare:.2f} s of CPU; sandbox {used:.2f} s of CPU, {seconds:.2f} s on the "
        f"clock; share of the limit {used / LIMIT:.2f} (≤ 1)"
    )
    return int(used > LIMIT)


if __name__ == "__main__":
    sys.exit(main())
