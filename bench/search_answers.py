"""Whole answers as people get them: query to message, bad input, and 50 searches at once.

python -m bench.search_answers 150000
"""

from __future__ import annotations

import asyncio
import statistics
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path

from bench.search_corpus import LAST_DAY, topics, varied
from bench.search_scale import queries
from bot.cli.run import GIVE_WAY_SECONDS
from bot.locale import words
from bot.rendering.callbacks import Search
from bot.rendering.inline import OFFERS_A_PAGE, Asked, offers
from bot.rendering.inline import Found as Typed
from bot.rendering.links import Links
from bot.rendering.payload import payload
from bot.rendering.results import HITS_A_PAGE, Found, results_page
from bot.search.index import Index

AT_ONCE = 50
BAD = [
    *('"', '"a', "NEAR(a b)", "a*", "*", "title:智谱", "^a", "a NOT b", "(", "'; DROP TABLE items"),
    *("x" * 4096, "智" * 4096, "的" * 256, "a " * 500, "-a " * 500, "a OR " * 500, "人 " * 500),
    *(
        "的 一 是 在 " * 6,
        "谱 芯 视 频 音 乐 图 片 器 人 手 机 电 脑 眼 镜",
        "代 公 文 现 度 亿 持 过 等 于 对 程 式 将 务 通",
        "国产大模型国家标准正式发布会议",
        "模型人工智能公司中国技术数据发布产品用户开源系统能力支持应用企业芯片训练推理视频图像",
        "-的",
        "-的 -一",
        "!?…，。、",
        "-",
        "🔥" * 300,
        "\ud800",
        "\u200d",
        "\x00",
    ),
    *("-".join("谱芯视频音乐图片器手电脑眼镜代公文现度亿"), "0.01 的 OR 模型"),
    *("a b c d e f g h i j k l m n o p q r s t u v w x y z", "的 OR 一 OR 是", "since:0001"),
]
w, links = words("zh-CN"), Links("digest_bot")


async def main() -> None:
    """Build an index and ask it everything."""
    count = int(sys.argv[1])
    sys.setswitchinterval(GIVE_WAY_SECONDS)
    with tempfile.TemporaryDirectory() as folder:
        async with Index.open(Path(folder) / "index.db", topics()) as index:
            await index.rebuild(varied(count))
            await index.search("模型")
            print(f"{count} items; milliseconds of CPU, but for the last two rows: on the clock")
            say("/search", [await timed(answer(index, query)) for query in queries() * 2])
            say("@bot words", [await timed(typed(index, query)) for query in queries()])
            bad = {query: await timed(answer(index, query)) for query in BAD}
            say("bad input", list(bad.values()))
            slowest = sorted(bad, key=bad.__getitem__)[-3:]
            print("  slowest:", [(text[:12], round(bad[text], 1)) for text in slowest])
            say(
                "another command alone",
                [await timed(other(index), time.perf_counter) for _ in range(AT_ONCE)],
            )
            say(f"another command beside {AT_ONCE} searches", await beside(index))


async def answer(index: Index, query: str) -> None:
    """Answer ``/search``."""
    results = await index.search(query, limit=HITS_A_PAGE)
    payload(results_page(Found(Search(query[:100]), results, {}, today=LAST_DAY), w, links))


async def typed(index: Index, query: str) -> None:
    """Answer ``@bot words``."""
    results = await index.search(query, limit=OFFERS_A_PAGE)
    covers = await index.covers({hit.digest_id for hit in results.hits})
    offers(Typed(Asked(query), results, {}, covers), w, links)


async def other(index: Index) -> None:
    """Read a day, as ``/today`` does."""
    for head in await index.on(LAST_DAY):
        await index.digest(head.id)


async def beside(index: Index) -> list[float]:
    """Time another command while many search at once."""
    searches = asyncio.gather(*(answer(index, query) for query in queries()[:AT_ONCE]))
    times = []
    while not searches.done():
        times.append(await timed(other(index), time.perf_counter))
    with suppress(asyncio.CancelledError):
        await searches
    return times


async def timed(work: Awaitable[None], clock: Callable[[], float] = time.process_time) -> float:
    """Tell how long something takes."""
    start = clock()
    await work
    return (clock() - start) * 1000


def say(name: str, times: list[float]) -> None:
    """Print a row."""
    ordered = sorted(times)
    p99 = ordered[int(len(ordered) * 0.99)]
    print(
        f"{name:36} p50 {statistics.median(ordered):6.2f}  p99 {p99:7.2f}"
        f"  worst {ordered[-1]:7.2f}  n {len(ordered)}",
        flush=True,
    )


if __name__ == "__main__":
    asyncio.run(main())
