"""`huning search`: the process that answers and the one that writes the index."""

import typer

from shared.operations.owner_cli import add_owner_commands

app = typer.Typer(help="搜索、地图、首页与订阅：接口与索引进程", no_args_is_help=True)
add_owner_commands(app, "search")


@app.command("serve")
def run_api() -> None:
    """启动接口：回答搜索、地图、首页与订阅。"""
    from services.search.app import build
    from shared.runtime.serving import serve

    serve(build)


@app.command("work")
def run_worker() -> None:
    """启动索引进程：写入本机的搜索索引，并为新发布的内容匹配订阅。"""
    from services.search.app import build_worker
    from shared.runtime.serving import serve

    serve(build_worker)
