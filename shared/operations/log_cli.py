"""`huning log`: the log against its owners."""

import asyncio
import json
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from shared import mongo
from shared.events.topics import TOPICS, Topic
from shared.messaging.kafka import Bus, KafkaFault
from shared.operations.log_comparison import AHEAD, Comparison, as_rows, compare_topic
from shared.settings import Settings

app = typer.Typer(help="事件日志：与数据所属服务核对", no_args_is_help=True)

_STDOUT = Path("-")
_DIFFERS, _WRONG, _CANNOT_LOOK = 1, 2, 3
_SHOWN = 20
"""So many differences of a topic are listed; a file holds them all."""


@app.callback()
def log() -> None:
    """事件日志：与数据所属服务核对。"""


@app.command()
def compare(
    topic: Annotated[list[str] | None, typer.Option(help="只核对这个主题，可重复；不写则核对全部")] = None,
    output: Annotated[Path | None, typer.Option(help="把全部差异写入这个文件，每行一个 JSON；- 为标准输出")] = None,
) -> None:
    """核对每个聚合在日志里的最新版本与数据库里的版本。服务可以照常运行；有差异时退出码为 1，无法核对时为 3。"""
    chosen = [_declared(name) for name in topic] if topic else [each for each in TOPICS.values() if each.collection]
    try:
        found = asyncio.run(_compare(Settings(), chosen))
    except (KafkaFault, mongo.MongoFault, OSError, TimeoutError) as error:
        typer.echo(f"无法核对：Kafka 或 MongoDB 没有应答（{type(error).__name__}）。请检查后重试。", err=True)
        raise typer.Exit(_CANNOT_LOOK) from error
    # Where the rows go to stdout, words go beside them.
    say = partial(typer.echo, err=output == _STDOUT)
    for each in found:
        _show(each, say)
    if output:
        _write(output, "".join(json.dumps(row, ensure_ascii=False) + "\n" for each in found for row in as_rows(each)))
    if any(each.differences for each in found):
        typer.echo("日志与数据库不一致，处理办法见 docs/operations.md 的“日志与数据库不一致”。", err=True)
        if any(difference.kind in AHEAD for each in found for difference in each.differences):
            typer.echo(
                "日志比数据库新（数据库曾恢复到过去）：请先停止所属服务，再执行 huning SERVICE adopt（SERVICE 为所属服务）。",
                err=True,
            )
        raise typer.Exit(_DIFFERS)
    say("日志与数据库一致。")


def _write(output: Path, rows: str) -> None:
    """A container has no place of its own to write to, but its stdout."""
    if output == _STDOUT:
        sys.stdout.write(rows)
        return
    try:
        output.write_text(rows)
    except OSError as error:
        typer.echo(f"不能写入 {output}（{error.strerror}）。写成 --output - 则输出到标准输出。", err=True)
        raise typer.Exit(_CANNOT_LOOK) from error


def _declared(name: str) -> Topic:
    declared = TOPICS.get(name)
    if declared is None or declared.collection is None:
        known = "、".join(each.name for each in TOPICS.values() if each.collection)
        typer.echo(f"没有可以核对的主题 {name}，应为其中之一：{known}", err=True)
        raise typer.Exit(_WRONG)
    return declared


async def _compare(settings: Settings, topics: list[Topic]) -> list[Comparison]:
    bus, client = Bus(settings, "huning-log"), mongo.connect(settings)
    try:
        return [
            await compare_topic(bus, mongo.database(client, settings, each.producer), each, _progress(each.name))
            for each in topics
        ]
    finally:
        await mongo.close(client)


def _progress(topic: str) -> Callable[[int, int], None]:
    """Shows how far the reading is, on a terminal; each topic takes one line."""

    def show(read: int, total: int) -> None:
        if sys.stderr.isatty():
            end = "\n" if read == total else ""
            sys.stderr.write(f"\r{topic}：已读 {read:,} / {total:,} 条{end}")
            sys.stderr.flush()

    return show


def _show(found: Comparison, say: Callable[[str], None]) -> None:
    differences = len(found.differences)
    say(f"{found.topic}：核对 {found.compared:,} 个，差异 {differences:,} 个，正在发布 {found.waiting:,} 个")
    for each in found.differences[:_SHOWN]:
        logged, owned = (version if version is not None else "无" for version in (each.logged, each.owned))
        say(f"  {each.id}：{each.kind.chinese}（日志版本 {logged}，数据库版本 {owned}）")
    if differences > _SHOWN:
        say(f"  其余 {differences - _SHOWN:,} 个没有列出，可用 --output 写入文件")
