"""`huning-agent`: keygen, push, receipt. It ends with 0 (all good), 2 (some rows rejected) or 1 (failed)."""

import sys
from contextlib import ExitStack
from pathlib import Path
from typing import Annotated, TypeVar

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

from services.sync.agent import push as pushing
from services.sync.agent import receipt as receipts
from services.sync.agent.client import Client, Patience
from services.sync.agent.errors import AgentError, to_be_typed
from services.sync.agent.parts import Prepared, prepare
from services.sync.agent.signing import Signature, create_key, load_key
from services.sync.rows.errors import UnreadableError
from services.sync.rows.files import HowToRead, first_row, read_rows
from services.sync.rows.headers import Headers
from services.sync.rows.mapping import Mapping, load_mapping
from services.sync.wire import CoordinateSystem
from shared.cli import chinese
from shared.cli.version import add_version
from shared.events.sync import Kind
from shared.values.jurisdictions import Jurisdiction
from shared.values.states import BatchModes

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="沿沪宁协同创新集市的城市数据推送工具。选项也可以写在环境变量里，计划任务的命令就可以很短。",
)

add_version(app, "huning-agent")

_Value = TypeVar("_Value")
_Choice = TypeVar("_Choice", Jurisdiction, Kind, CoordinateSystem)

_notes = Console(stderr=True, highlight=False)

Server = Annotated[
    str | None, typer.Option("--server", envvar="HUNING_AGENT_SERVER", help="平台地址，如 https://主机名")
]
Key = Annotated[Path | None, typer.Option("--key", envvar="HUNING_AGENT_KEY", help="私钥文件（keygen 生成）")]
KeyId = Annotated[str | None, typer.Option("--key-id", envvar="HUNING_AGENT_KEY_ID", help="平台登记公钥时给的编号")]
Wait = Annotated[
    float, typer.Option("--patience", envvar="HUNING_AGENT_PATIENCE", help="网络或平台故障时最多重试多少秒")
]
Json = Annotated[bool, typer.Option("--json", help="回执以 JSON 输出，供其他程序读取")]


@app.command()
def keygen(path: Annotated[Path, typer.Argument(help="私钥写到哪个文件")]) -> None:
    """生成一对 Ed25519 密钥：私钥写入文件，公钥打印出来供登记。"""
    public = create_key(path)
    _say(f"私钥已写入 {path}，请妥善保管，不要外传。请把下面的公钥交给本市运营人员登记：")
    typer.echo(public)


@app.command()
def push(
    file: Annotated[
        Path, typer.Argument(help="要推送的文件：.xlsx、.csv、.tsv、.txt、.json、.ndjson、.jsonl；文本可以是 .gz")
    ],
    server: Server = None,
    key: Key = None,
    key_id: KeyId = None,
    jurisdiction: Annotated[
        str | None, typer.Option("--jurisdiction", envvar="HUNING_AGENT_JURISDICTION", help="城市，如 suzhou")
    ] = None,
    kind: Annotated[str | None, typer.Option("--kind", envvar="HUNING_AGENT_KIND", help="类别，如 institution")] = None,
    mapping: Annotated[
        Path | None, typer.Option("--mapping", envvar="HUNING_AGENT_MAPPING", help="字段映射文件（YAML）")
    ] = None,
    coordinates: Annotated[
        str | None,
        typer.Option("--coordinates", envvar="HUNING_AGENT_COORDINATES", help="坐标系：bd09、gcj02 或 wgs84"),
    ] = None,
    encoding: Annotated[
        str | None,
        typer.Option(
            "--encoding", envvar="HUNING_AGENT_ENCODING", help="文字编码，平台看不出时才要写：utf-8、gbk、utf-16"
        ),
    ] = None,
    snapshot: Annotated[
        bool, typer.Option("--snapshot", help="文件是该类的完整清单：平台上有、文件里没有的记录将被撤下")
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="只核验，不发布")] = False,
    state: Annotated[
        Path | None, typer.Option("--state", envvar="HUNING_AGENT_STATE", help="存放未完成进度的文件夹")
    ] = None,
    patience: Wait = 600.0,
    as_json: Json = False,
) -> None:
    """推送一个文件并等待回执。中断后再次运行同一命令，会从中断处继续。"""
    table = load_mapping(mapping) if mapping else Mapping()
    city = _one_of(Jurisdiction, jurisdiction, "--jurisdiction")
    sort = _one_of(Kind, kind or table.kind, "--kind")
    system = coordinates or table.coordinates
    if system:
        system = _one_of(CoordinateSystem, system, "--coordinates")
    headers = Headers(sort, table, _say)
    prepared = _prepared(file, headers, encoding)
    mode = BatchModes.SNAPSHOT if snapshot else BatchModes.DELTA
    order = pushing.order(_given(server, "--server"), city, sort, dry_run, system, headers.columns, mode, prepared)
    with _client(server, key, key_id, patience) as client:
        journal = pushing.journal_of(order, prepared, state or Path(typer.get_app_dir("huning-agent")))
        if (earlier := pushing.settled(client, order, journal)) is not None:
            _say(f"上次推送这份文件的批次 {earlier.id} 已经完成。它的回执如下；随后重新推送这份文件。")
            _show_earlier(receipts.fetch(client, earlier))
        elif journal.resumed:
            _say("上次推送没有完成，现在继续。")
        with ExitStack() as stack:
            batch = pushing.push(client, order, prepared, journal, _bar(stack))
        receipt = receipts.fetch(client, batch)
    _print(receipt, as_json=as_json)
    journal.finish()
    raise typer.Exit(receipt.exit_code)


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


def main() -> None:
    """The entry point. Wrong options end with 1, not 2: 2 says that rows were rejected."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")  # a GBK console must not fail on a rare character
    try:
        code = chinese.run(app, wrong=1)
    except (AgentError, UnreadableError) as error:
        _say(f"未完成：{error}")
        code = 1
    except (KeyboardInterrupt, typer.Abort):
        code = chinese.INTERRUPTED
    if code == chinese.INTERRUPTED:
        _say("已中断。再次运行同一命令会从中断处继续。")
        code = 1
    sys.exit(code)


def _say(note: str) -> None:
    """As it is, on one line: rich would break it within a path or a field's name, and the terminal breaks it anyway."""
    _notes.print(note, markup=False, emoji=False, soft_wrap=True)


def _prepared(file: Path, headers: Headers, encoding: str | None) -> Prepared:
    how = HowToRead(encoding, headers.mapping.rows, _say)
    return prepare(headers.rows_of(first_row(read_rows(file, how))))


def _client(server: str | None, key: Path | None, key_id: str | None, patience: float) -> Client:
    signature = Signature(load_key(_given(key, "--key")), _given(key_id, "--key-id"))
    return Client(_given(server, "--server"), signature, Patience(patience, _say))


def _show_earlier(receipt: receipts.Receipt) -> None:
    """Beside the output: that is the receipt of this push alone, also for the programs that read it."""
    receipts.show(receipt, _notes)


def _print(receipt: receipts.Receipt, *, as_json: bool) -> None:
    if as_json:
        typer.echo(receipt.to_json())
    else:
        receipts.show(receipt, Console(highlight=False))


def _bar(stack: ExitStack) -> pushing.Shown:
    """A progress bar on a terminal, silence elsewhere."""
    if not _notes.is_terminal:
        return lambda _what, _done, _total: None
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    progress = stack.enter_context(Progress(*columns, console=_notes))
    tasks: dict[str, TaskID] = {}

    def shown(what: str, done: int, total: int) -> None:
        if what not in tasks:
            tasks[what] = progress.add_task(what, total=total)
        progress.update(tasks[what], completed=done)

    return shown


def _given(value: _Value | None, option: str) -> _Value:
    if value is None:
        raise AgentError(f"缺少 {option}。可以写在命令里，也可以设环境变量 {_variable(option)}。")
    return value


def _one_of(choices: type[_Choice], value: str | None, option: str) -> _Choice:
    try:
        return choices(_given(value, option))
    except ValueError as error:
        raise AgentError(f"{option} 不能是“{value}”。可以是：{to_be_typed(choices)}。") from error


def _variable(option: str) -> str:
    return "HUNING_AGENT_" + option.removeprefix("--").replace("-", "_").upper()
