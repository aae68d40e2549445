"""Where `huning-agent` begins: it loads the rest, for which an old desktop needs a moment in which Ctrl-C may come."""

import sys


def main() -> None:
    """The command; interrupted before it began, it ends with 1 and a sentence as it does later."""
    try:
        from services.sync.agent import cli
    except KeyboardInterrupt:
        sys.exit("已中断，还没有开始推送。")
    cli.main()


if __name__ == "__main__":
    main()
