"""`huning <service> republish|adopt|rebuild`: what a person does about a service's log and its read models, the same for every
service.

It runs with the keys of this service alone, where the service itself would run.
"""

import asyncio
import logging
import sys
import time
from collections.abc import Awaitable, Callable
from importlib.metadata import entry_points
from typing import Annotated, TypeVar

import structlog
import typer

from shared import mongo
from shared.aggregates.adopting import Outcome
from shared.aggregates.attempts import Attempt
from shared.aggregates.runs import Run, Why
from shared.events.topics import TOPICS
from shared.messaging.kafka import KafkaFault
from shared.operations import rebuilding
from shared.operations.adopting import Adopted, Owner, adopt_topic
from shared.operations.log_watch import LogWatch
from shared.projections.read_models import ReadModelView
from shared.projections.takeover import Waits
from shared.settings import Settings
from shared.values.ids import new_id
from shared.values.open_sets import chinese_name

_CONFLICT, _WRONG, _CANNOT = 1, 2, 3
_TOPICS_SECONDS, _LOOK_SECONDS = 10.0, 0.5
_SHOWN = 20
_AT_THE_CONSOLE = "installer"
"""Who the audit trail says it was: whoever has the server, as with `huning admin grant`."""
T = TypeVar("T")


def add_owner_commands(app: typer.Typer, service: str) -> None:
    """Adds them to the command of this service."""

    @app.command()
    def republish() -> None:
        """把本服务的全部数据按当前版本重新发布到日志。服务可以照常运行；中断后再执行一次，会从中断处继续。"""
        _run(service, _republish)

    @app.command()
    def adopt() -> None:
        """本服务的数据库恢复到过去之后：从日志取回缺少的内容，取不回的以数据库为准。请在启动服务之前执行；可重复执行。"""
        if _run(service, _adopt):
            raise typer.Exit(_CONFLICT)

    @app.command()
    def rebuild(
        name: Annotated[str, typer.Argument(help="读模型的名称；不写则列出本服务的读模型")] = "",
        force: Annotated[
            bool, typer.Option("--force", help="新的一份追上日志后直接接替，不论文档多少、日志是否完整")
        ] = False,
    ) -> None:
        """从日志重建读模型，由运行中的服务完成，旧的继续服务。新的一份在等待而确认无误时，加 --force 让它接替；记入审计链。"""
        for each in _run(service, lambda owner: _rebuild(owner, name, force=force)):
            typer.echo(_said(each))


def _run(service: str, work: Callable[[Owner], Awaitable[T]]) -> T:
    """Does it with the service as it is composed. What a process would log is said here in words."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    build: Callable[[Settings], Owner] = next(iter(entry_points(group="huning.services", name=service))).load()

    async def done() -> T:
        owner = build(Settings())
        try:
            return await work(owner)
        finally:
            await owner.bus.stop()
            await mongo.close(owner.client)

    try:
        return asyncio.run(done())
    except (KafkaFault, mongo.MongoFault, OSError, TimeoutError) as error:
        typer.echo(f"未完成：Kafka 或 MongoDB 没有应答（{type(error).__name__}）。再次执行会接着做。", err=True)
        raise typer.Exit(_CANNOT) from error


async def _republish(owner: Owner) -> None:
    logs = await _logs(owner)
    for topic, log_id in logs.items():
        await _ask(owner.log_watch, topic, log_id)
    for topic in logs:
        await _through(owner.log_watch, topic)


async def _adopt(owner: Owner) -> bool:
    """Whether something is left that people must settle."""
    await owner.audit.prepare()
    done = [await adopt_topic(owner, topic) for topic in await _logs(owner)]
    for each in done:
        _show_adopted(each)
    typer.echo("服务启动后会把全部数据重新发布一遍，读模型随之补齐，不会重复通知任何人。")
    return any(each.counts[Outcome.CONFLICT] for each in done)


async def _logs(owner: Owner) -> dict[str, str]:
    """The topics of this owner, and which log each is. A broker shows a topic a moment after it said that it made it."""
    wanted, until = list(owner.log_watch.owned), time.monotonic() + _TOPICS_SECONDS
    while missing := set(wanted) - set(logs := await owner.bus.log_ids(*wanted)):
        if time.monotonic() > until:
            typer.echo(f"{'、'.join(sorted(missing))}：主题还不存在，请先执行 huning topics apply", err=True)
            raise typer.Exit(_CANNOT)
        await asyncio.sleep(_LOOK_SECONDS)
    return logs


async def _rebuild(owner: Owner, name: str, *, force: bool) -> list[ReadModelView]:
    """The read models as they are now: this one, or all of them where none is named."""
    await owner.audit.prepare()
    for each in owner.read_models.values():
        await each.locate()
    if not name:
        return [await each.describe() for each in owner.read_models.values()]
    if name not in owner.read_models:
        typer.echo(f"本服务没有读模型 {name}，现有：{'、'.join(owner.read_models) or '无'}", err=True)
        raise typer.Exit(_WRONG)
    attempt = Attempt(_AT_THE_CONSOLE, new_id(), "")
    act = (f"{owner.name}.rebuild-read-model", f"ops/{owner.name}/read-models/{name}/rebuild")
    begun = await owner.audit.acts.begin(attempt.mark, attempt.caller, *act)
    model, acts = owner.read_models[name], owner.audit.acts
    view, _ = await rebuilding.rebuild(owner.name, model, name, attempt, acts, force=force)
    await acts.end(begun, "done")
    return [view]


def _said(model: ReadModelView) -> str:
    generation = f"第 {model.generation} 份" if model.generation is not None else "尚无一份"
    building = "，正在重建" if model.rebuilding else ""
    waits = f"，等待：{chinese_name(Waits, model.waits)}（{model.waits}）" if model.waits else ""
    return f"{model.name}：{generation}在服务，{model.documents:,} 个文档{building}{waits}"


def _show_adopted(done: Adopted) -> None:
    said = "，".join(f"{outcome.chinese} {done.counts[outcome]:,} 个" for outcome in Outcome if done.counts[outcome])
    typer.echo(f"{done.topic}：{said or '没有比数据库新的内容'}")
    unsettled = [name for name, outcome in done.outcomes.items() if outcome in (Outcome.LOST, Outcome.CONFLICT)]
    for name in unsettled[:_SHOWN]:
        typer.echo(f"  {name}：{done.outcomes[name].chinese}")
    if len(unsettled) > _SHOWN:
        typer.echo(f"  其余 {len(unsettled) - _SHOWN:,} 个没有列出")


async def _ask(watch: LogWatch, topic: str, log_id: str) -> None:
    """Asks for a run, unless one to this log is under way: that one goes on."""
    run = await watch.runs.of(topic)
    if run is None or not run.is_due or run.log != log_id:
        await watch.ask(topic, log_id, Why.ASKED, run)


async def _through(watch: LogWatch, topic: str) -> None:
    """Does the run, or watches the process that does it, to the end."""
    working = asyncio.create_task(_done(watch, topic))
    while not (await asyncio.wait([working], timeout=_LOOK_SECONDS))[0]:
        _show(await watch.runs.of(topic))
    working.result()
    run = await watch.runs.of(topic)
    typer.echo(f"{topic}（{TOPICS[topic].producer}）：已全部重新发布，共 {run.published if run else 0:,} 个")


async def _done(watch: LogWatch, topic: str) -> None:
    while not await watch.republisher.work(topic):
        run = await watch.runs.of(topic)
        if run is None or not run.is_due:
            return
        await asyncio.sleep(_LOOK_SECONDS)


def _show(run: Run | None) -> None:
    if run and sys.stderr.isatty():
        sys.stderr.write(f"\r{run.topic}：已发布 {run.published:,} / {max(run.of, run.published):,} 个")
        sys.stderr.flush()
