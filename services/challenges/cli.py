"""`huning challenges`."""

import typer

from shared.operations.owner_cli import add_owner_commands

app = typer.Typer(help="榜单与揭榜", no_args_is_help=True)
add_owner_commands(app, "challenges")


@app.command()
def serve() -> None:
    """启动榜单服务，直至收到终止信号。"""
    from services.challenges.app import build
    from shared.runtime.serving import serve as run

    run(build)


@app.command()
def actions() -> None:
    """列出榜单与揭榜申请的全部操作：谁、在什么状态下、做到什么状态、发出什么事件。"""
    from rich.console import Console
    from rich.table import Table

    from services.challenges.claiming import claim
    from services.challenges.claiming.actions import CLAIM_ACTIONS
    from services.challenges.posting import challenge
    from services.challenges.posting.actions import ACTIONS

    who = {
        "poster": "发榜单位",
        "city": "所在地区",
        "time": "到期自动",
        "claimant": "揭榜单位",
        "partner": "联合体成员",
    }
    table = Table("操作", "名称", "由谁", "当前状态", "之后状态", "事件")
    for rows, states in ((ACTIONS, challenge.CHINESE_STATES), (CLAIM_ACTIONS, claim.CHINESE_STATES)):
        for row in rows.values():
            before, after = "、".join(states[each] for each in row.sources), states.get(row.target or "", "不变")
            table.add_row(row.name, row.chinese, who[row.who], before, after, row.event or "—")
        table.add_section()
    Console().print(table)
