"""`huning`: one command, its sub-commands registered by the services through the entry-point group `huning.commands`."""

import sys
from importlib.metadata import entry_points

import typer

from shared.cli import chinese
from shared.cli.version import add_version


def main() -> None:
    """Loads only the sub-command that was asked for, so that `huning accounts serve` imports accounts and nothing else."""
    app = typer.Typer(
        name="huning",
        help="沿沪宁协同创新集市后台",
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
    )
    found = {each.name: each for each in entry_points(group="huning.commands")}
    asked = sys.argv[1] if len(sys.argv) > 1 else ""
    wanted = [asked] if asked in found else [] if asked == "--version" else sorted(found)
    for name in wanted:
        app.add_typer(found[name].load(), name=name)
    add_version(app, "huning")
    sys.exit(chinese.run(app))
