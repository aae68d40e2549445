"""`python -m deploy.local up|down|status|logs [NAME]`; the Makefile calls it by these names."""

import sys

from deploy.local.down import down
from deploy.local.logs import logs
from deploy.local.status import status
from deploy.local.up import up

_COMMANDS = {"up": up, "down": down, "status": status}


def main(arguments: list[str]) -> int:
    """Runs the named command and gives its exit status."""
    match arguments:
        case ["logs", *name] if len(name) <= 1:
            return logs(name[0] if name else None)
        case [command] if command in _COMMANDS:
            return _COMMANDS[command]()
    sys.stderr.write(f"{__doc__}\n")
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
