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
    size = sum(
        len(f"{entry.title}{entry.section}{entry.body}".encode())
        for _, report in varied(min(count, 20_000))
        for entry in (entries(report.digest) if report.digest else ())
    )
    text = size * count / min(count, 20_000)
    print(f"text {text / 1e6:.1f} MB")
    truth: dict[str, set[int]] = {}
    for name in chosen:
        if name not in absent:
            measure(name, PEERS[name](), count, text, truth)


def measure(name: str, peer: Peer, count: int, text: float, truth: dict[str, set[int]]) -> None:
    """Build one index, ask it everything, and print a row."""
    with tempfile.TemporaryDirectory() as folder:
        start = time.process_time()
        peer.build(count, Path(folder))
        built = time.process_time() - start
        size = sum(path.stat().st_size for path in Path(folder).rglob("*"))
        times = sorted(latencies(peer))
        p50, p99 = statistics.median(times), times[int(len(times) * 0.99)]
        recall = recall_of(peer, truth) if count <= MOST_FOR_RECALL else ""
        print(
            f"{name:14} build {built:7.1f} s  size {size / text:5.2f} x text"
            f"  p50 {p50:7.2f} ms  p99 {p99:8.2f} ms  worst {times[-1]:8.2f} ms  {recall}",
            flush=True,
        )


def latencies(peer: Peer) -> list[float]:
    """Ask each query a few times, in rounds, so that none is warm by its neighbour."""
    times = []
    for _ in range(ROUNDS):
        for query in queries():
            start = time.process_time()
            peer.page(query)
            times.append((time.process_time() - start) * 1000)
    return times


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
