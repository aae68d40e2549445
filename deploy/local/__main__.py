"""`python -m deploy.local up|down|status|logs [NAME]`; the Makefile calls it by these names."""

import sys
from importlib import import_module

_COMMANDS = ("up", "down", "status")


def main(arguments: list[str]) -> int:
    """Runs the named command, each in the module of its name, and gives its exit status."""
    match arguments:
        case ["logs", *name] if len(name) <= 1:
            return _command("logs", *name)
        case [command] if command in _COMMANDS:
            return _command(command)
    sys.stderr.write(f"{__doc__}\n")
    return 2


def _command(name: str, *arguments: str) -> int:
    """Imports that module only: `make down` must not wait for what `make up` needs."""
    status: int = getattr(import_module(f"deploy.local.{name}"), name)(*arguments)
    return status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
