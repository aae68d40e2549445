"""`make bench`: every comparison in one run, on the same servers; prints the table and writes docs/benchmarks.md.

The embedded database runs without sync-on-commit here, on both sides of every comparison; `make up` and all tests run with it.
"""

import asyncio
import os
import platform
import sys
import tempfile
from importlib.metadata import version
from pathlib import Path

import psutil
from rich.console import Console

from deploy.local import mongodb
from shared.settings import Settings
from tests.benchmarks import door, fairness, latency, pages, projecting, pushing
from tests.client import Api
from tests.scale import SCALE
from tests.stack import Stack

PAGE = Path(__file__).parents[2] / "docs" / "benchmarks.md"
_PACKAGES = ("faststream", "aiokafka", "motor", "pymongo", "pydantic", "tantivy", "secantusdb")
Row = tuple[str, str, str]


def main() -> int:
    """0 when every ratio that has a bound keeps it."""
    scale = SCALE
    console = Console(stderr=True)
    rows: list[Row] = []
    with console.status("投影：20 万条事件"):
        rows += _projection(int(projecting.EVENTS * scale), int(projecting.NAIVE_EVENTS * scale))
    with console.status("门：公钥经网关，与裸路由相比"):
        rows += _door()
    with Stack(durable=False, settings=door.SETTINGS) as stack:
        stack.run("huning", "accounts", "seed")
        api = Api(stack.base_url)
        # First, so that what is counted is what was pushed; the latencies after it are those of a system that holds something.
        with console.status("城市数据：5 万行"):
            rows += _pushing(stack, api, int(pushing.ROWS * scale))
        with console.status("时延：发布到可搜到、到微信"):
            rows += _latency(stack, api, int(latency.PUBLISHES * scale), int(pushing.MANY_ROWS * scale))
        rows += _memory(stack)
    with console.status("公平：一市推送两万行时，其他人的搜索"), Stack(durable=False, settings=door.SETTINGS) as stack:
        stack.run("huning", "accounts", "seed")
        rows += _fairness(stack, Api(stack.base_url), int(fairness.ROWS * scale))
    with console.status("首页：大小与首屏"):
        rows += _first_page()
    page = _page(rows, scale)
    print(page)
    if scale == 1:
        PAGE.write_text(page + _written_by_hand(PAGE.read_text()))
    return int(any("✗" in row[2] for row in rows))


def _projection(events: int, naive: int) -> list[Row]:
    with Stack(only=("kafka", "mongodb"), durable=False) as servers:
        rates = asyncio.run(projecting.compare(Settings(kafka=servers.kafka, mongodb=servers.mongodb), events, naive))
    shown = {name: f"{rate:,.0f}/s" for name, rate in rates.items()}
    return [
        ("projection, ours", shown["ours"], f"{events:,} events"),
        ("projection, naive FastStream handler with replace_one", shown["naive"], f"{naive:,} events"),
        ("projection, raw getmany + bulk_write, no guard", shown["raw"], f"{events:,} events"),
        _bounded("ours / naive", rates["ours"] / rates["naive"], 10),
        _bounded("ours / raw", rates["ours"] / rates["raw"], 0.5),
    ]


def _latency(stack: Stack, api: Api, publishes: int, rows: int) -> list[Row]:
    idle = latency.measure(stack, api, publishes)
    with latency.Background(stack):
        busy = latency.measure(stack, api, publishes)
    with tempfile.TemporaryDirectory() as folder, pushing.Push(stack, api, Path(folder), "wuxi", rows):
        loaded = latency.measure(stack, api, publishes)
    return [
        _milliseconds(f"publish → {what}, {state}", values, goal)
        for state, measured, goals in (
            ("idle", idle, (300, 500)),
            (f"{latency.EVENTS_A_SECOND} events/s behind it", busy, (300, 500)),
            (f"while a city pushes {rows:,} rows", loaded, (1_000, 2_000)),
        )
        for what, values, goal in zip(
            ("searchable", "WeChat called"), (measured["searchable"], measured["wechat"]), goals, strict=True
        )
    ]


def _pushing(stack: Stack, api: Api, count: int) -> list[Row]:
    with tempfile.TemporaryDirectory() as folder:
        ours = pushing.ours(stack, api, Path(folder), count)
    raw = asyncio.run(pushing.raw(stack, count))
    return [
        ("city rows, applied in sync", f"{ours['applied']:.1f} s", f"{count:,} rows, {count / ours['applied']:,.0f}/s"),
        ("city rows, in search results", f"{ours['searchable']:.1f} s", f"{count / ours['searchable']:,.0f}/s"),
        ("city rows, raw script", f"{raw:.1f} s", f"{count / raw:,.0f}/s"),
        _bounded("raw seconds / ours, to search results", raw / max(ours["applied"], ours["searchable"]), 0.35),
    ]


def _door() -> list[Row]:
    # By itself: ten idle processes on two cores would take more of the slower side's time than of the faster one's.
    with Stack(("kafka", "mongodb", "accounts"), durable=False, settings=door.SETTINGS) as alone:
        found = door.measure(alone)
    within = "✓" if found.over_ms <= door.MOST_MS else "✗"
    return [
        *(
            (
                f"door, {name}",
                f"{side.rate:,.0f}/s",
                f"{side.server_us:.0f} µs; the generator {side.generator_us:.0f} µs",
            )
            for name, side in (("public keys through the gateway", found.ours), ("a bare Starlette route", found.bare))
        ),
        _bounded("door, ours / bare", found.share, door.LEAST_SHARE),
        ("door, processor time over the bare route", f"{found.over_ms:.2f} ms", f"≤ {door.MOST_MS:g} ms {within}"),
    ]


def _first_page() -> list[Row]:
    page = pages.measure()
    kilobytes, milliseconds = page.sent / 1000, page.first_content_ms
    return [
        ("portal, first page as sent", f"{kilobytes:.0f} kB", f"≤ 200 kB {'✓' if kilobytes <= 200 else '✗'}"),
        ("portal, first content", f"{milliseconds:.0f} ms", f"< 1 s {'✓' if milliseconds < 1000 else '✗'}"),
    ]


def _fairness(stack: Stack, api: Api, count: int) -> list[Row]:
    found = fairness.measure(stack, api, count)
    within = "✓" if found.ratio < fairness.MOST else "✗"
    return [
        *(
            (f"searches, {state}", f"p50 {latency.p(times, 50):.0f} ms, p99 {latency.p(times, 99):.0f} ms", note)
            for state, times, note in (
                ("quiet", found.quiet, f"{fairness.A_SECOND} a second"),
                (f"while a city pushes {count:,} rows", found.pushed, f"{found.seconds:.0f} s until all are found"),
            )
        ),
        ("searches' p99, pushing / quiet", f"{found.ratio:.2f}", f"< {fairness.MOST:g} {within}"),
    ]


def _memory(stack: Stack) -> list[Row]:
    names = (
        "kafka",
        "mongodb",
        "gateway",
        "wechat",
        "accounts",
        "challenges",
        "sync",
        "sync-worker",
        "search",
        "search-worker",
        "notifications",
    )
    found = [(name, stack.pid(name)) for name in names]
    return [
        (f"memory, {name}", f"{psutil.Process(pid).memory_info().rss / 2**20:,.0f} MB", "resident, after it all")
        for name, pid in found
        if pid
    ]


def _bounded(what: str, ratio: float, least: float) -> Row:
    return what, f"{ratio:.2f}", f"≥ {least} {'✓' if ratio >= least else '✗'}"


def _milliseconds(what: str, values: list[float], goal: int) -> Row:
    p50, p99 = latency.p(values, 50), latency.p(values, 99)
    return what, f"p50 {p50:.0f} ms, p99 {p99:.0f} ms", f"goal p99 < {goal} ms {'✓' if p99 < goal else '(missed)'}"


def _written_by_hand(page: str) -> str:
    """What people have added below the table: what was changed for which figure, and what remains."""
    _, heading, text = page.partition("\n## ")
    return heading + text


def _page(rows: list[Row], scale: float) -> str:
    machine = (
        f"{os.cpu_count()} cores, {psutil.virtual_memory().total / 2**30:.0f} GiB, Python {platform.python_version()}"
    )
    embedded = mongodb.label(os.environ) == mongodb.EMBEDDED
    database = "the embedded server, without sync-on-commit on either side" if embedded else "mongod"
    versions = ", ".join(f"{name} {version(name)}" for name in _PACKAGES)
    lines = [
        "# Benchmarks",
        "",
        "Written by `make bench`: every ratio comes from one run on the same servers, so trust ratios, not absolutes.",
        "",
        f"Machine: {machine}. Broker: Apache Kafka 4.3. Database: {database}.",
        f"Versions: {versions}. Scale: {scale:g}.",
        f"Latencies: from the request to publish until search finds it, asked every"
        f" {latency.ASK_SECONDS * 1000:g} ms, or until WeChat has accepted the message;"
        f" {latency.PUBLISHES * scale:g} publishes, one every {latency.EVERY_SECONDS * 1000:g} ms.",
        "",
        "| what | measured | note |",
        "|---|---|---|",
        *(f"| {what} | {measured} | {note} |" for what, measured, note in rows),
        "",
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
