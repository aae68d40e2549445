"""`huning <service> republish`: what a person does about a service's log, the same for every service."""

import asyncio
import logging
import sys
from collections.abc import Callable
from importlib.metadata import entry_points
from typing import Protocol

import structlog
import typer

from shared import mongo
from shared.aggregates.runs import Run, Why
from shared.events.topics import TOPICS
from shared.messaging.kafka import Bus, KafkaFault
from shared.operations.log_watch import LogWatch
from shared.settings import Settings

_CANNOT = 3
_SHOWN_SECONDS = 0.5


class Owner(Protocol):
    """A service as it is composed, started nowhere."""

    bus: Bus
    client: mongo.Client
    log_watch: LogWatch


def add_owner_commands(app: typer.Typer, service: str) -> None:
    """Adds them to the command of this service."""

    @app.command()
    def republish() -> None:
        """把本服务的全部数据按当前版本重新发布到日志。服务可以照常运行；中断后再执行一次，会从中断处继续。"""
        quiet()
        try:
            asyncio.run(_republish(_built(service)))
        except (KafkaFault, mongo.MongoFault, OSError, TimeoutError) as error:
            typer.echo(
                f"未完成：Kafka 或 MongoDB 没有应答（{type(error).__name__}）。再次执行会从中断处继续。", err=True
            )
            raise typer.Exit(_CANNOT) from error


def quiet() -> None:
    """What a process would log is said here in words."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))


def _built(service: str) -> Owner:
    build: Callable[[Settings], Owner] = next(iter(entry_points(group="huning.services", name=service))).load()
    return build(Settings())


async def _republish(owner: Owner) -> None:
    watch = owner.log_watch
    try:
        logs = await owner.bus.log_ids(*watch.owned)
        for topic in watch.owned:
            if topic not in logs:
                typer.echo(f"{topic}：主题还不存在，请先执行 huning topics apply", err=True)
                raise typer.Exit(_CANNOT)
            await _ask(watch, topic, logs[topic])
        for topic in watch.owned:
            await _through(watch, topic)
    finally:
        await owner.bus.stop()
        await mongo.close(owner.client)


async def _ask(watch: LogWatch, topic: str, log_id: str) -> None:
    """Asks for a run, unless one to this log is under way: that one goes on."""
    run = await watch.runs.of(topic)
    if run is None or not run.is_due or run.log != log_id:
        await watch.ask(topic, log_id, Why.ASKED, run)


async def _through(watch: LogWatch, topic: str) -> None:
    """Does the run, or watches the process that does it, to the end."""
    working = asyncio.create_task(_done(watch, topic))
    while not (await asyncio.wait([working], timeout=_SHOWN_SECONDS))[0]:
        _show(await watch.runs.of(topic))
    working.result()
    run = await watch.runs.of(topic)
    typer.echo(f"{topic}（{TOPICS[topic].producer}）：已全部重新发布，共 {run.published if run else 0:,} 个")


async def _done(watch: LogWatch, topic: str) -> None:
    while not await watch.republisher.work(topic):
        run = await watch.runs.of(topic)
        if run is None or not run.is_due:
            return
        await asyncio.sleep(_SHOWN_SECONDS)


def _show(run: Run | None) -> None:
    if run and sys.stderr.isatty():
        sys.stderr.write(f"\r{run.topic}：已发布 {run.published:,} / {max(run.of, run.published):,} 个")
        sys.stderr.flush()
