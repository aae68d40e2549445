"""`huning sync`: the API and the worker as processes."""

import typer

from services.sync.app import build, build_worker
from shared.operations.owner_cli import add_owner_commands
from shared.runtime.serving import serve

app = typer.Typer(help="城市数据同步：接口与处理进程", no_args_is_help=True)
add_owner_commands(app, "sync")


@app.command("serve")
def run_api() -> None:
    """启动接口：接收各城市推送的批次，回答回执与记录。"""
    serve(build)


@app.command("work")
def run_worker() -> None:
    """启动处理进程：逐行核验并发布已提交的批次。"""
    serve(build_worker)
