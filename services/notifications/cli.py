"""`huning notifications …`"""

import typer

from shared.operations.owner_cli import add_owner_commands

app = typer.Typer(help="消息通知服务", no_args_is_help=True)
add_owner_commands(app, "notifications")


@app.callback()
def notifications() -> None:
    """收件箱、订阅授权与微信消息。"""


@app.command()
def serve() -> None:
    """启动服务。"""
    from services.notifications.app import build
    from shared.runtime.serving import serve as run

    run(build)
