"""`huning challenges`."""

import typer

app = typer.Typer(help="榜单与揭榜", no_args_is_help=True)


@app.callback()
def challenges() -> None:
    """榜单与揭榜。"""


@app.command()
def serve() -> None:
    """启动榜单服务，直至收到终止信号。"""
    from services.challenges.app import build
    from shared.serving import serve as run

    run(build)
