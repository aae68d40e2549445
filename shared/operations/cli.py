"""`huning audit`: the audit trail of a service, checked from outside it."""

import asyncio
from pathlib import Path

import typer

from shared import mongo
from shared.operations.audit import Audit
from shared.operations.audit_heads import Compared, Signer, compare
from shared.operations.audit_trail import Verification
from shared.settings import Settings

app = typer.Typer(help="审计链：核验与比对", no_args_is_help=True)

_BROKEN = 3

_Service = typer.Argument(help="服务名，如 challenges")


@app.command()
def verify(service: str = _Service) -> None:
    """逐条重新计算哈希，核验审计链是否完整。"""
    found = asyncio.run(_verified(Settings(), service))
    if found.intact:
        typer.echo(f"审计链完整：{found.entries} 条，最新哈希 {found.head.hash}")
        return
    typer.echo(f"审计链自第 {found.broken_at} 条起不完整（共 {found.entries} 条），请保留现场并报告。", err=True)
    raise typer.Exit(_BROKEN)


@app.command()
def check(
    service: str = _Service,
    logs: list[Path] = typer.Option(..., "--log", help="该服务的日志文件，可多次给出", exists=True, dir_okay=False),
) -> None:
    """将日志中签过名的链头与数据库中的审计链比对。"""
    lines = [line for file in logs for line in file.read_text(encoding="utf-8", errors="replace").splitlines()]
    found = asyncio.run(_compared(Settings(), service, lines))
    typer.echo(f"链头一致 {found.agree} 个，不一致 {len(found.differ)} 个，签名无效 {found.unsigned} 个")
    if found.differ:
        typer.echo(f"以下序号处的审计记录被改动过或已丢失：{'、'.join(map(str, found.differ))}", err=True)
    if found.differ or found.unsigned:
        raise typer.Exit(_BROKEN)


async def _verified(settings: Settings, service: str) -> Verification:
    client = mongo.connect(settings)
    try:
        return await Audit(mongo.database(client, settings, service), service, settings.keys).trail.verify()
    finally:
        await mongo.close(client)


async def _compared(settings: Settings, service: str, lines: list[str]) -> Compared:
    client = mongo.connect(settings)
    try:
        trail = Audit(mongo.database(client, settings, service), service, settings.keys).trail
        return await compare(lines, service, trail, Signer.from_folder(settings.keys))
    finally:
        await mongo.close(client)
