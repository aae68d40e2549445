"""`huning search serve`."""

import typer

app = typer.Typer(help="搜索、地图、首页与订阅", no_args_is_help=True)


@app.callback()
def search() -> None:
    """搜索、地图、首页与订阅。"""


@app.command()
def serve() -> None:
    """运行搜索服务。"""
    from services.search.app import build
    from shared.serving import serve as serve_process

    serve_process(build)
