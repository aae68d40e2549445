"""The options that several commands have, how they are read, and the notes beside a command's output."""

from pathlib import Path
from typing import Annotated, TypeVar

import typer
from rich.console import Console

from services.sync.agent import settings
from services.sync.agent.errors import AgentError, to_be_typed
from services.sync.wire import CoordinateSystem
from shared.events.sync import Kind
from shared.values.jurisdictions import Jurisdiction

_Value = TypeVar("_Value")
_Choice = TypeVar("_Choice", Jurisdiction, Kind, CoordinateSystem)

notes = Console(stderr=True, highlight=False)

Server = Annotated[
    str | None, typer.Option("--server", envvar="HUNING_AGENT_SERVER", help="平台地址，如 https://主机名")
]
Key = Annotated[Path | None, typer.Option("--key", envvar="HUNING_AGENT_KEY", help="私钥文件（init 或 keygen 生成）")]
KeyId = Annotated[str | None, typer.Option("--key-id", envvar="HUNING_AGENT_KEY_ID", help="平台登记公钥时给的编号")]
City = Annotated[str | None, typer.Option("--jurisdiction", envvar="HUNING_AGENT_JURISDICTION", help="城市，如 suzhou")]
KindName = Annotated[str | None, typer.Option("--kind", envvar="HUNING_AGENT_KIND", help="类别，如 institution")]
MappingFile = Annotated[
    Path | None, typer.Option("--mapping", envvar="HUNING_AGENT_MAPPING", help="字段映射文件（YAML）")
]
Coordinates = Annotated[
    str | None, typer.Option("--coordinates", envvar="HUNING_AGENT_COORDINATES", help="坐标系：bd09、gcj02 或 wgs84")
]
Encoding = Annotated[
    str | None,
    typer.Option("--encoding", envvar="HUNING_AGENT_ENCODING", help="文字编码，平台看不出时才要写：utf-8、gbk、utf-16"),
]
Snapshot = Annotated[bool, typer.Option("--snapshot", help="文件是该类的完整清单：平台上有、文件里没有的记录将被撤下")]
State = Annotated[Path | None, typer.Option("--state", envvar="HUNING_AGENT_STATE", help="存放未完成进度的文件夹")]
Wait = Annotated[
    float, typer.Option("--patience", envvar="HUNING_AGENT_PATIENCE", help="网络或平台故障时最多重试多少秒")
]
Out = Annotated[Path | None, typer.Option("--out", help="把回执存成 Excel 文件（.xlsx），试运行的可供签字盖章")]
Marked = Annotated[bool, typer.Option("--annotated", help="在工作簿（.xlsx）旁边写一份，有问题的单元格都有批注和建议")]
Json = Annotated[bool, typer.Option("--json", help="以 JSON 输出，供其他程序读取")]


def say(note: str) -> None:
    """As it is, on one line: rich would break it within a path or a field's name, and the terminal breaks it anyway."""
    notes.print(note, markup=False, emoji=False, soft_wrap=True)


def given(value: _Value | None, option: str) -> _Value:
    """The value of an option that cannot be done without."""
    if value is None:
        variable = settings.variable(option.removeprefix("--").replace("-", "_"))
        raise AgentError(f"缺少 {option}。可以写在命令里，设环境变量 {variable}，或用 huning-agent init 记下来。")
    return value


def one_of(choices: type[_Choice], value: str | None, option: str) -> _Choice:
    """The value that is meant; AgentError names all there are."""
    try:
        return choices(given(value, option))
    except ValueError as error:
        raise AgentError(f"{option} 不能是“{value}”。可以是：{to_be_typed(choices)}。") from error
