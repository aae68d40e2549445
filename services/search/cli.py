"""`huning search serve`."""

import sys

import typer

app = typer.Typer(help="搜索、地图、首页与订阅", no_args_is_help=True)

# The index is fed and asked in threads beside the event loop. At Python's own 5 ms the loop gets the interpreter back so late,
# time after time, that with 200 events a second behind it a publish was found at p99 after 204 ms; with this after 150.
_SWITCH_SECONDS = 0.0005


@app.callback()
def search() -> None:
    """搜索、地图、首页与订阅。"""


@app.command()
def serve() -> None:
    """运行搜索服务。"""
    from services.search.app import build
    from shared.runtime.serving import serve as serve_process

    sys.setswitchinterval(_SWITCH_SECONDS)
    serve_process(build)
