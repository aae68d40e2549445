"""`--version`: one option, for `huning` and for `huning-agent`."""

from importlib.metadata import version
from typing import Annotated

import typer


def add_version(app: typer.Typer, command: str) -> None:
    """Gives a command line its `--version`; the number is the installed package's."""

    def show(asked: bool) -> None:
        if asked:
            typer.echo(f"{command} {version('huning')}")
            raise typer.Exit

    @app.callback()
    def root(
        version: Annotated[bool, typer.Option("--version", help="显示版本", is_eager=True, callback=show)] = False,
    ) -> None:
        # Without a docstring, which would become the help of the command.
        return
