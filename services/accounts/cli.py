"""`huning accounts serve|seed`, and `huning admin grant`: the first operator of a new installation."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Annotated, TypeVar

import typer

from services.accounts import sample
from services.accounts.app import build
from services.accounts.organizations.domain import Organization
from services.accounts.people import commands
from services.accounts.people.domain import UPCASTS, User
from services.accounts.stores import Stores
from shared import mongo
from shared.aggregates.aggregates import Aggregates
from shared.events.accounts import Role, RoleGrant
from shared.operations.owner_cli import add_owner_commands
from shared.runtime.serving import serve as serve_process
from shared.secrets import PersonalData, read_key
from shared.settings import Settings
from shared.values.jurisdictions import Jurisdiction
from shared.values.problems import Refusal
from shared.values.roles import Duty
from shared.wechat.client import WeChat

app = typer.Typer(help="账号、单位与角色", no_args_is_help=True)
add_owner_commands(app, "accounts")
admin = typer.Typer(help="安装后的第一步：指定运营人员", no_args_is_help=True)
admin.callback()(lambda: None)

_Result = TypeVar("_Result")
_DATABASE_SECONDS = 30.0
"""How long a command waits for a database that is only just starting."""


@app.command()
def serve() -> None:
    """运行账号服务。"""
    serve_process(build)


@app.command()
def seed() -> None:
    """写入示例账号和示例单位（仅用于本地试用）。可重复执行。"""

    async def load(stores: Stores, settings: Settings) -> tuple[int, int]:
        wechat = WeChat(settings.wechat_url, settings.wechat_appid, settings.wechat_secret)
        try:
            return await sample.load(stores, wechat)
        finally:
            await wechat.close()

    people, organizations = _run(load)
    typer.echo(f"示例账号就绪：{people} 个账号，{organizations} 家已认证单位")


@admin.command()
def grant(
    user_id: Annotated[str, typer.Argument(help="用户编号：本人登录后在“我的”（accounts/me 的 id）中查看")],
    role: Annotated[Role, typer.Argument(help="角色")],
    jurisdiction: Annotated[Jurisdiction | None, typer.Option(help="地区，仅城市运营人员需要")] = None,
    duty: Annotated[Duty | None, typer.Option(help="岗位，仅运营人员需要：business 业务，supervision 监督")] = None,
) -> None:
    """授予角色。直接写入数据库，服务运行后自动通知其他服务。"""
    wanted = RoleGrant(role=role, jurisdiction=jurisdiction, duty=duty)

    async def give(stores: Stores, _: Settings) -> User:
        return (await commands.grant_role(stores.people, commands.INSTALLER, user_id, wanted, None)).state

    user = _run(give)
    typer.echo(f"用户 {user.id} 现有角色：{'、'.join(map(_spoken, user.roles))}")


def _spoken(held: RoleGrant) -> str:
    return f"{held.role}（{held.jurisdiction.chinese}）" if held.jurisdiction else str(held.role)


def _run(work: Callable[[Stores, Settings], Awaitable[_Result]]) -> _Result:
    """Does it on the database itself; what it tells others leaves through the outbox when the service runs."""
    try:
        return asyncio.run(_with_store(work))
    except Refusal as refusal:
        said = "；".join([refusal.detail, *(each.message for each in refusal.errors)])
        typer.echo(f"未完成：{refusal.problem.title}。{said}", err=True)
    except mongo.MongoFault as error:
        typer.echo(f"未完成：连不上数据库，请检查 HUNING_MONGODB 和数据库的日志。（{str(error)[:200]}）", err=True)
    raise typer.Exit(1)


async def _with_store(work: Callable[[Stores, Settings], Awaitable[_Result]]) -> _Result:
    settings = Settings()
    client = mongo.connect(settings)
    database = mongo.database(client, settings, "accounts")
    users = Aggregates(database["users"], User, User.published, upcasts=UPCASTS)
    organizations = Aggregates(database["organizations"], Organization, Organization.published)
    personal = PersonalData(read_key(settings.keys, "personal"))
    stores = Stores.of(database, users, organizations, personal, read_key(settings.keys, "session"))
    try:
        await mongo.wait_for(client, _DATABASE_SECONDS)
        await stores.prepare()
        return await work(stores, settings)
    finally:
        await mongo.close(client)
