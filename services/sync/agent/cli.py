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

from services.sync.agent import books, settings, setup
from services.sync.agent import check as checking
from services.sync.agent import pull as pulling
from services.sync.agent import push as pushing
from services.sync.agent import receipt as receipts
from services.sync.agent.answers import Batch
from services.sync.agent.client import Client
from services.sync.agent.desk import Connection, Reading, Target, with_groups
from services.sync.agent.errors import AgentError
from services.sync.agent.options import City, Json, MappingFile, Marked, Out, Wait, notes, one_of, say
from services.sync.agent.progress import bar, counter
from services.sync.agent.sheets import Sheets
from services.sync.agent.signing import create_key
from services.sync.agent.watch import Ending, Watched, work_off
from services.sync.rows.errors import UnreadableError
from services.sync.rows.files import ENDINGS
from services.sync.rows.reading import Pushed
from shared.cli import chinese
from shared.cli.version import add_version
from shared.events.sync import Kind
from shared.values.jurisdictions import Jurisdiction

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
@with_groups
def doctor(connection: Connection, jurisdiction: City = None, patience: Wait = 15.0) -> None:
    """检查这台电脑能不能推送：平台地址、时钟、版本、密钥。"""
    city = one_of(Jurisdiction, jurisdiction, "--jurisdiction")
    with connection.client(patience) as client:
        raise typer.Exit(setup.say_findings(client, city))


@app.command()
def template(
    kind: Annotated[str | None, typer.Option("--kind", envvar="HUNING_AGENT_KIND", help="类别，如 platform")] = None,
    out: Annotated[Path | None, typer.Option("--out", help="写到哪个文件；不写则按类别命名")] = None,
    format: Annotated[
        books.Format | None,
        typer.Option("--format", help="xlsx（有下拉列表和填写说明）或 csv（只有表头）；不写则看 --out，否则是 xlsx"),
    ] = None,
) -> None:
    """写一个类别的空白模板。按它填好的清单可以直接推送，不用映射文件。"""
    path = books.write_template(one_of(Kind, kind, "--kind"), out, format)
    say(f"模板已写入 {path}。填好后运行：huning-agent check {path}")


@app.command()
@with_groups
def check(
    file: Annotated[Path, typer.Argument(help="要核验的文件，与 push 相同")],
    reading: Reading,
    jurisdiction: City = None,
    marked: Marked = False,
    as_json: Json = False,
) -> None:
    """在本机核验一个文件，不连平台：哪些行会被拒收、哪些内容不会采用，与平台的回执逐字相同。"""
    sheets = reading.sheets()
    prepared, columns = sheets.read(file)
    pushing.refuse_undeclared(sheets.system, prepared)
    pushed = Pushed(sheets.kind, sheets.system, one_of(Jurisdiction, jurisdiction, "--jurisdiction"))
    report = checking.check(prepared, pushed, columns)
    if as_json:
        typer.echo(report.to_json())
    else:
        checking.show(report, Console(highlight=False))
    if marked:
        _mark(file, report)
    raise typer.Exit(report.exit_code)


@app.command()
@with_groups
def push(
    file: Annotated[
        Path, typer.Argument(help="要推送的文件：.xlsx、.csv、.tsv、.txt、.json、.ndjson、.jsonl；文本可以是 .gz")
    ],
    connection: Connection,
    reading: Reading,
    target: Target,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="只核验，不发布")] = False,
    patience: Wait = 600.0,
    out: Out = None,
    marked: Marked = False,
    as_json: Json = False,
) -> None:
    """推送一个文件并等待回执。中断后再次运行同一命令，会从中断处继续。"""
    sheets = reading.sheets()
    with connection.client(patience) as client:

        def hand_over(receipt: receipts.Receipt) -> None:
            _print(receipt, as_json=as_json)
            _write_books(client, receipt, out, file if marked else None)

        receipt = _push(client, file, sheets, target, dry_run, hand_over)
    raise typer.Exit(receipt.exit_code)


@app.command()
@with_groups
def watch(
    folder: Annotated[Path, typer.Argument(help="放文件的文件夹；处理完的文件移到其中的“已推送”或“待改正”")],
    connection: Connection,
    reading: Reading,
    target: Target,
    patience: Wait = 600.0,
    once: Annotated[bool, typer.Option("--once", help="处理完现有的文件就结束，供计划任务使用")] = False,
    settle: Annotated[float, typer.Option("--settle", help="文件多少秒没有变化才算写完")] = 10.0,
) -> None:
    """看着一个文件夹：放进去的文件写完后就推送，回执存在文件旁边。按 Ctrl-C 结束。"""
    sheets = reading.sheets()
    watched = Watched(folder, settle, ENDINGS)

    def push_one(file: Path, put_away: Callable[[Ending], None]) -> None:
        def hand_over(receipt: receipts.Receipt) -> None:
            put_away(Ending(receipts.as_text(receipt), receipt.exit_code in (0, 3)))

        with connection.client(patience) as client:
            _push(client, file, sheets, target, False, hand_over)

    watched.ready()
    time.sleep(settle)
    code = work_off(watched, push_one, say)
    while not once:
        time.sleep(max(1.0, settle / 2))
        work_off(watched, push_one, say)
    raise typer.Exit(code)


@app.command()
@with_groups
def receipt(
    batch: Annotated[str, typer.Argument(help="批次编号")],
    connection: Connection,
    mapping: MappingFile = None,
    patience: Wait = 60.0,
    out: Out = None,
    annotated: Annotated[
        Path | None, typer.Option("--annotated", help="推送过的工作簿（.xlsx）：在旁边写一份，有问题的单元格都有批注")
    ] = None,
    as_json: Json = False,
) -> None:
    """查看一个批次的回执，也可以存成 Excel。"""
    with connection.client(patience) as client:
        found = receipts.fetch(client, client.batch(batch))
        _print(found, as_json=as_json)
        if annotated is not None:
            _refuse_another(annotated, mapping, found.batch)
        _write_books(client, found, out, annotated)
    raise typer.Exit(found.exit_code)


@app.command()
@with_groups
def pull(
    file: Annotated[
        Path, typer.Argument(help="写到哪个文件：.ndjson、.csv（逐条追加变更）或 .sqlite（当前的全部记录）")
    ],
    connection: Connection,
    city: Annotated[str | None, typer.Option("--from", help="只跟随一个城市，如 suzhou；不写则八地都跟随")] = None,
    of_kind: Annotated[str | None, typer.Option("--kind", help="只跟随一个类别，如 platform；不写则全部类别")] = None,
    patience: Wait = 600.0,
    as_json: Json = False,
) -> None:
    """取回各地公开的记录及此后的变更，写入一个文件。再次运行只取新的；中断后再次运行，不会遗漏或重复。"""
    chosen = {}
    if city is not None:
        chosen["jurisdiction"] = one_of(Jurisdiction, city, "--from").value
    if of_kind is not None:
        chosen["kind"] = one_of(Kind, of_kind, "--kind").value
    with connection.client(patience) as client, ExitStack() as stack:
        pulled = pulling.pull(client, file, chosen, counter(stack))
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


def _push(
    client: Client,
    file: Path,
    sheets: Sheets,
    target: Target,
    dry_run: bool,
    hand_over: Callable[[receipts.Receipt], None],
) -> receipts.Receipt:
    """The receipt, which is in the clerk's hands before what is known of the push is forgotten."""
    city, (prepared, columns) = target.city, sheets.read(file)
    order = pushing.order(client.server, city, sheets.kind, dry_run, sheets.system, columns, target.mode, prepared)
    journal = pushing.journal_of(order, prepared, target.journals)
    if (earlier := pushing.settled(client, order, journal)) is not None:
        say(f"上次推送这份文件的批次 {earlier.id} 已经完成。它的回执如下；随后重新推送这份文件。")
        receipts.show(receipts.fetch(client, earlier), notes)  # not on stdout: that is for the receipt of this push
    elif journal.resumed:
        say("上次推送没有完成，现在继续。")
    with ExitStack() as stack:
        batch = pushing.push(client, order, prepared, journal, bar(stack))
    receipt = receipts.fetch(client, batch)
    hand_over(receipt)
    journal.finish()
    return receipt


def _print(receipt: receipts.Receipt, *, as_json: bool) -> None:
    if as_json:
        typer.echo(receipt.to_json())
    else:
        receipts.show(receipt, Console(highlight=False))


def _write_books(client: Client, receipt: receipts.Receipt, out: Path | None, file: Path | None) -> None:
    """The receipt as a workbook, and the file with its faults marked, where they are asked for."""
    if out is not None:
        client.save_receipt(receipt.batch.id, out)
        say(f"回执已存为 {out}。")
    if file is not None:
        _mark(file, receipt)


def _mark(file: Path, found: receipts.Listed) -> None:
    say(f"有问题的单元格已批注在 {books.write_marked(file, receipts.in_order(found))}。")


def _refuse_another(file: Path, mapping: Path | None, batch: Batch) -> None:
    """AgentError where the batch is not of this file: its lines are others."""
    books.refuse_unmarkable(file)
    prepared, _ = Sheets.of(batch.kind, mapping, None, None, lambda _: None).read(file)
    if prepared.sha256 != batch.sha256:
        raise AgentError(
            f"{file.name} 的内容与批次 {batch.id} 推送的不同，行号可能对不上，没有批注。"
            "请用推送时的文件和映射文件；改过的文件请用 huning-agent check --annotated 重新核验。"
        )
