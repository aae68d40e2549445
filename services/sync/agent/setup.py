"""The first minutes at a desk: keys, settings, and whether everything is there."""

from typing import Annotated

import typer
from rich.console import Console

from services.sync.agent import settings
from services.sync.agent.client import Client
from services.sync.agent.doctor import examine
from services.sync.agent.errors import AgentError
from services.sync.agent.options import City, Coordinates, Key, KeyId, KindName, Server, given, one_of, say
from services.sync.agent.signing import create_key, load_key, public_key
from services.sync.wire import CoordinateSystem
from shared.events.sync import Kind
from shared.values.jurisdictions import Jurisdiction


def init(
    server: Server = None,
    jurisdiction: City = None,
    key: Key = None,
    key_id: KeyId = None,
    kind: KindName = None,
    coordinates: Coordinates = None,
    ask: Annotated[bool, typer.Option("--ask/--no-ask", help="缺少的内容是否逐项询问")] = True,
) -> None:
    """准备这台电脑：生成密钥，把平台地址、城市和编号记下来，以后的命令就不用再写。可以再次运行，只改写给出的内容。"""
    server = server or (_asked("平台地址（https://主机名）") if ask else None)
    city = one_of(Jurisdiction, jurisdiction or (_asked("城市（如 suzhou）") if ask else None), "--jurisdiction")
    path = (key or settings.folder() / "agent.pem").absolute()
    chosen = {
        "server": given(server, "--server"),
        "jurisdiction": str(city),
        "key": str(path),
        "key_id": key_id,
        "kind": kind and str(one_of(Kind, kind, "--kind")),
        "coordinates": coordinates and str(one_of(CoordinateSystem, coordinates, "--coordinates")),
    }
    public = public_key(load_key(path)) if path.exists() else create_key(path)
    settings.write({**settings.read(), **{name: value for name, value in chosen.items() if value}})
    say(f"设置已写入 {settings.path()}，私钥在 {path}，请妥善保管，不要外传。")
    if key_id is None:
        say("请把下面的公钥交给本市运营人员登记，得到编号后运行：huning-agent init --key-id 编号")
    typer.echo(public)


def show_key(key: Key = None) -> None:
    """打印公钥，供运营人员登记或核对。"""
    typer.echo(public_key(load_key(given(key, "--key"))))


def say_findings(client: Client, jurisdiction: Jurisdiction) -> int:
    """A line for each thing that was looked at. 1 where something keeps this desk from pushing."""
    screen, code = Console(highlight=False), 0
    for finding in examine(client, jurisdiction):
        mark, code = ("✗", 1) if finding.remedy else ("✓", code)
        screen.print(f"{mark} {finding.what}：{finding.found}", markup=False, soft_wrap=True)
        if finding.remedy:
            screen.print(f"  {finding.remedy}", markup=False, soft_wrap=True)
    return code


def _asked(what: str) -> str:
    try:
        return str(typer.prompt(what, err=True)).strip()
    except typer.Abort as error:
        raise AgentError("没有得到回答。请在命令里写上选项，或在终端里运行。") from error
