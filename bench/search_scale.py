"""Search at several sizes, against other ways in the same run.

python -m bench.search_scale 7000                     all ways, with recall
python -m bench.search_scale 150000 ours trigram      some of them
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
import tomllib
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path

from bench.search_corpus import ROOT, varied
from bench.search_peers import PEERS, Peer, missing
from bot.search.entries import entries

ROUNDS = 3
MOST_FOR_RECALL = 10_000
SPECIAL = ("without", "or", "filters", "aliases", "quotes")


def queries() -> list[str]:
    """Give the queries of the set that are words alone, which every way understands."""
    path = ROOT / "tests" / "search" / "queries.toml"
    kinds = tomllib.loads(path.read_text(encoding="utf-8"))["kind"]
    return [query for kind in kinds if kind["name"] not in SPECIAL for query, _ in kind["queries"]]


def main() -> None:
    """Measure the ways named on the command line."""
    count = int(sys.argv[1])
    chosen = sys.argv[2:] or list(PEERS)
    absent = [name for name in missing() if name in chosen]
    print(f"{count} items; not installed: {', '.join(absent) or 'none'}")
    text = size_of_text(count)
    print(f"text {text / 1e6:.1f} MB")
    peers = {name: PEERS[name]() for name in chosen if name not in absent}
    with ExitStack() as folders:
        for name, peer in peers.items():
            folder = folders.enter_context(tempfile.TemporaryDirectory())
            build(name, peer, count, Path(folder), text)
        report(latencies(peers))
        truth: dict[str, set[int]] = {}
        for name, peer in peers.items() if count <= MOST_FOR_RECALL else ():
            print(f"{name:14} {recall_of(peer, truth)}", flush=True)


def size_of_text(count: int) -> float:
    """Give the bytes of the titles, sections and texts of so many items."""
    size = sum(
        len(f"{entry.title}{entry.section}{entry.body}".encode())
        for _, report in varied(min(count, 20_000))
        for entry in (entries(report.digest) if report.digest else ())
    )
    return size * count / min(count, 20_000)


def build(name: str, peer: Peer, count: int, folder: Path, text: float) -> None:
    """Build one index, and print how long it took and how large it is."""
    start = time.process_time()
    peer.build(count, folder)
    built = time.process_time() - start
    # What SQLite's connections share is gone with the last of them.
    kept = (path for path in folder.rglob("*") if not path.name.endswith("-shm"))
    size = sum(path.stat().st_size for path in kept)
    print(f"{name:14} build {built:7.1f} s  size {size / text:5.2f} x text", flush=True)


def latencies(peers: Mapping[str, Peer]) -> dict[str, list[float]]:
    """Ask each query a few times, each of all in turn: the machine is as fast for one as another.

    In rounds, so that none is warm by its neighbour.
    """
    times: dict[str, list[float]] = {name: [] for name in peers}
    for _ in range(ROUNDS):
        for query in queries():
            for name, peer in peers.items():
                start = time.process_time()
                peer.page(query)
                times[name].append((time.process_time() - start) * 1000)
    return times


def report(every: Mapping[str, list[float]]) -> None:
    """Print a row for each way."""
    for name, found in every.items():
        times = sorted(found)
        p50, p99 = statistics.median(times), times[int(len(times) * 0.99)]
        print(
            f"{name:14} p50 {p50:7.2f} ms  p99 {p99:8.2f} ms  worst {times[-1]:8.2f} ms",
            flush=True,
        )


def recall_of(peer: Peer, truth: dict[str, set[int]]) -> str:
    """Compare with what the first way found, which tests hold against brute force."""
    recalls, precisions = [], []
    for query in queries():
        found = peer.all(query)
        wanted = truth.setdefault(query, found)
        if wanted:
            recalls.append(len(found & wanted) / len(wanted))
        if found:
            precisions.append(len(found & wanted) / len(found))
    return f"recall {statistics.mean(recalls):.3f}  precision {statistics.mean(precisions):.3f}"


if __name__ == "__main__":
    main()
