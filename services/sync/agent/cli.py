"""`huning-agent`: what a clerk or a scheduled job tells it.

It ends with 0 (all good), 2 (some rows rejected), 3 (nothing happens until an operator approves) or 1 (failed).
"""

import sys
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

from services.sync.agent import check as checking
from services.sync.agent import pull as pulling
from services.sync.agent import push as pushing
from services.sync.agent import receipt as receipts
from services.sync.agent import settings, setup
from services.sync.agent.client import Client, Patience
from services.sync.agent.errors import AgentError
from services.sync.agent.options import (
    City,
    Coordinates,
    Encoding,
    Json,
    Key,
    KeyId,
    KindName,
    MappingFile,
    Server,
    Snapshot,
    State,
    Wait,
    given,
    notes,
    one_of,
    say,
)
from services.sync.agent.sheets import Sheets
from services.sync.agent.signing import Signature, create_key, load_key
from services.sync.agent.watch import Ending, Watched, work_off
from services.sync.rows.errors import UnreadableError
from services.sync.rows.files import ENDINGS
from services.sync.rows.reading import Pushed
from shared.cli import chinese
from shared.cli.version import add_version
from shared.events.sync import Kind
from shared.values.jurisdictions import Jurisdiction
from shared.values.states import BatchModes

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="沿沪宁协同创新集市的城市数据推送工具。选项也可以写在环境变量或 init 写的设置里，计划任务的命令就可以很短。",
)

add_version(app, "huning-agent")

app.command()(setup.init)
app.command()(setup.show_key)


@app.command()
def keygen(path: Annotated[Path, typer.Argument(help="私钥写到哪个文件")]) -> None:
    """生成一对 Ed25519 密钥：私钥写入文件，公钥打印出来供登记。"""
    public = create_key(path)
    say(f"私钥已写入 {path}，请妥善保管，不要外传。请把下面的公钥交给本市运营人员登记：")
    typer.echo(public)


@app.command()
def doctor(
    server: Server = None, key: Key = None, key_id: KeyId = None, jurisdiction: City = None, patience: Wait = 15.0
) -> None:
    """检查这台电脑能不能推送：平台地址、时钟、版本、密钥。"""
    city = one_of(Jurisdiction, jurisdiction, "--jurisdiction")
    with _client(server, key, key_id, patience) as client:
        raise typer.Exit(setup.say_findings(client, city))


@app.command()
def check(
    file: Annotated[Path, typer.Argument(help="要核验的文件，与 push 相同")],
    jurisdiction: City = None,
    kind: KindName = None,
    mapping: MappingFile = None,
    coordinates: Coordinates = None,
    encoding: Encoding = None,
    as_json: Json = False,
) -> None:
    """在本机核验一个文件，不连平台：哪些行会被拒收、哪些内容不会采用，与平台的回执逐字相同。"""
    sheets = Sheets.of(kind, mapping, coordinates, encoding, say)
    prepared, columns = sheets.read(file)
    pushing.refuse_undeclared(sheets.system, prepared)
    pushed = Pushed(sheets.kind, sheets.system, one_of(Jurisdiction, jurisdiction, "--jurisdiction"))
    report = checking.check(prepared, pushed, columns)
    if as_json:
        typer.echo(report.to_json())
    else:
        checking.show(report, Console(highlight=False))
    raise typer.Exit(report.exit_code)


@app.command()
def push(
    file: Annotated[
        Path, typer.Argument(help="要推送的文件：.xlsx、.csv、.tsv、.txt、.json、.ndjson、.jsonl；文本可以是 .gz")
    ],
    server: Server = None,
    key: Key = None,
    key_id: KeyId = None,
    jurisdiction: City = None,
    kind: KindName = None,
    mapping: MappingFile = None,
    coordinates: Coordinates = None,
    encoding: Encoding = None,
    snapshot: Snapshot = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="只核验，不发布")] = False,
    state: State = None,
    patience: Wait = 600.0,
    as_json: Json = False,
) -> None:
    """推送一个文件并等待回执。中断后再次运行同一命令，会从中断处继续。"""
    city = one_of(Jurisdiction, jurisdiction, "--jurisdiction")
    sheets = Sheets.of(kind, mapping, coordinates, encoding, say)
    with _client(server, key, key_id, patience) as client:
        receipt = _push(
            client, file, sheets, city, snapshot, dry_run, state, lambda done: _print(done, as_json=as_json)
        )
    raise typer.Exit(receipt.exit_code)


@app.command()
def watch(
    folder: Annotated[Path, typer.Argument(help="放文件的文件夹；处理完的文件移到其中的“已推送”或“待改正”")],
    server: Server = None,
    key: Key = None,
    key_id: KeyId = None,
    jurisdiction: City = None,
    kind: KindName = None,
    mapping: MappingFile = None,
    coordinates: Coordinates = None,
    encoding: Encoding = None,
    snapshot: Snapshot = False,
    state: State = None,
    patience: Wait = 600.0,
    once: Annotated[bool, typer.Option("--once", help="处理完现有的文件就结束，供计划任务使用")] = False,
    settle: Annotated[float, typer.Option("--settle", help="文件多少秒没有变化才算写完")] = 10.0,
) -> None:
    """看着一个文件夹：放进去的文件写完后就推送，回执存在文件旁边。按 Ctrl-C 结束。"""
    city = one_of(Jurisdiction, jurisdiction, "--jurisdiction")
    sheets = Sheets.of(kind, mapping, coordinates, encoding, say)
    watched = Watched(folder, settle, ENDINGS)

    def push_one(file: Path) -> Ending:
        with _client(server, key, key_id, patience) as client:
            receipt = _push(client, file, sheets, city, snapshot, False, state, lambda _: None)
        return Ending(receipts.as_text(receipt), receipt.exit_code in (0, 3))

    watched.ready()
    time.sleep(settle)
    code = work_off(watched, push_one, say)
    while not once:
        time.sleep(max(1.0, settle / 2))
        work_off(watched, push_one, say)
    raise typer.Exit(code)


@app.command()
def receipt(
    batch: Annotated[str, typer.Argument(help="批次编号")],
    server: Server = None,
    key: Key = None,
    key_id: KeyId = None,
    patience: Wait = 60.0,
    as_json: Json = False,
) -> None:
    """查看一个批次的回执。"""
    with _client(server, key, key_id, patience) as client:
        found = receipts.fetch(client, client.batch(batch))
    _print(found, as_json=as_json)
    raise typer.Exit(found.exit_code)


@app.command()
def pull(
    file: Annotated[
        Path, typer.Argument(help="写到哪个文件：.ndjson、.csv（逐条追加变更）或 .sqlite（当前的全部记录）")
    ],
    city: Annotated[str | None, typer.Option("--from", help="只跟随一个城市，如 suzhou；不写则八地都跟随")] = None,
    of_kind: Annotated[str | None, typer.Option("--kind", help="只跟随一个类别，如 platform；不写则全部类别")] = None,
    server: Server = None,
    key: Key = None,
    key_id: KeyId = None,
    patience: Wait = 600.0,
    as_json: Json = False,
) -> None:
    """取回各地公开的记录及此后的变更，写入一个文件。再次运行只取新的；中断后再次运行，不会遗漏或重复。"""
    chosen = {}
    if city is not None:
        chosen["jurisdiction"] = one_of(Jurisdiction, city, "--from").value
    if of_kind is not None:
        chosen["kind"] = one_of(Kind, of_kind, "--kind").value
    with _client(server, key, key_id, patience) as client, ExitStack() as stack:
        pulled = pulling.pull(client, file, chosen, _counter(stack))
    if as_json:
        typer.echo(pulled.to_json())
    else:
        say(f"已写入 {file}：更新 {pulled.upserted} 条，删除 {pulled.deleted} 条。")


def main() -> None:
    """The entry point. Wrong options end with 1, not 2: 2 says that rows were rejected."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")  # a GBK console must not fail on a rare character
    try:
        code = chinese.run(app, wrong=1, defaults=settings.read())
    except (AgentError, UnreadableError) as error:
        say(f"未完成：{error}")
        code = 1
    except (KeyboardInterrupt, typer.Abort):
        code = chinese.INTERRUPTED
    if code == chinese.INTERRUPTED:
        say("已中断。再次运行同一命令会从中断处继续。")
        code = 1
    sys.exit(code)


def _client(server: str | None, key: Path | None, key_id: str | None, patience: float) -> Client:
    signature = Signature(load_key(given(key, "--key")), given(key_id, "--key-id"))
    return Client(given(server, "--server"), signature, Patience(patience, say))


def _push(
    client: Client,
    file: Path,
    sheets: Sheets,
    city: Jurisdiction,
    snapshot: bool,
    dry_run: bool,
    state: Path | None,
    hand_over: Callable[[receipts.Receipt], None],
) -> receipts.Receipt:
    """The receipt, which is in the clerk's hands before what is known of the push is forgotten."""
    prepared, columns = sheets.read(file)
    mode = BatchModes.SNAPSHOT if snapshot else BatchModes.DELTA
    order = pushing.order(client.server, city, sheets.kind, dry_run, sheets.system, columns, mode, prepared)
    journal = pushing.journal_of(order, prepared, state or settings.folder())
    if (earlier := pushing.settled(client, order, journal)) is not None:
        say(f"上次推送这份文件的批次 {earlier.id} 已经完成。它的回执如下；随后重新推送这份文件。")
        _show_earlier(receipts.fetch(client, earlier))
    elif journal.resumed:
        say("上次推送没有完成，现在继续。")
    with ExitStack() as stack:
        batch = pushing.push(client, order, prepared, journal, _bar(stack))
    receipt = receipts.fetch(client, batch)
    hand_over(receipt)
    journal.finish()
    return receipt


def _show_earlier(receipt: receipts.Receipt) -> None:
    """Beside the output: that is the receipt of this push alone, also for the programs that read it."""
    receipts.show(receipt, notes)


def _print(receipt: receipts.Receipt, *, as_json: bool) -> None:
    if as_json:
        typer.echo(receipt.to_json())
    else:
        receipts.show(receipt, Console(highlight=False))


def _bar(stack: ExitStack) -> pushing.Shown:
    """A progress bar on a terminal, silence elsewhere."""
    if not notes.is_terminal:
        return lambda _what, _done, _total: None
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    progress = stack.enter_context(Progress(*columns, console=notes))
    tasks: dict[str, TaskID] = {}

    def shown(what: str, done: int, total: int) -> None:
        if what not in tasks:
            tasks[what] = progress.add_task(what, total=total)
        progress.update(tasks[what], completed=done)

    return shown


def _counter(stack: ExitStack) -> pulling.Shown:
    """A running count on a terminal, silence elsewhere."""
    if not notes.is_terminal:
        return lambda _taken: None
    progress = stack.enter_context(Progress(TextColumn("已取回 {task.completed} 条变更"), console=notes))
    task = progress.add_task("", total=None)
    return lambda taken: progress.update(task, completed=taken)
