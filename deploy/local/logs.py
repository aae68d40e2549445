"""`make logs`: the last lines of the logs, then what is written to them, until Ctrl-C."""

import os
import sys
import time
from pathlib import Path
from typing import TextIO

from deploy.local.place import Place

_LAST_BYTES = 4_000


def logs(name: str | None = None) -> int:
    """Follows one log, or all; 1 when there is none of that name."""
    place = Place.of(os.environ)
    files = [place.logs / f"{name}.log"] if name else sorted(place.logs.glob("*.log"))
    if not files or not all(file.exists() for file in files):
        known = "、".join(sorted(file.stem for file in place.logs.glob("*.log"))) or "无"
        sys.stderr.write(f"没有名为 {name or '*'} 的日志；现有：{known}\n")
        return 1
    try:
        _follow(files)
    except (KeyboardInterrupt, BrokenPipeError):
        return 0
    return 0


def _follow(files: list[Path]) -> None:
    followed = {file: _near_end(file) for file in files}
    while True:
        quiet = True
        for file, log in followed.items():
            for line in iter(log.readline, ""):
                quiet = False
                sys.stdout.write(f"{file.stem:<14} {line}")
                sys.stdout.flush()
            if file.exists() and file.stat().st_ino != os.fstat(log.fileno()).st_ino:
                log.close()
                followed[file] = file.open(errors="replace")  # supervisor has begun a new file
        if quiet:
            time.sleep(0.2)


def _near_end(file: Path) -> TextIO:
    log = file.open(errors="replace")
    size = file.stat().st_size
    if size > _LAST_BYTES:
        log.seek(size - _LAST_BYTES)
        log.readline()
    return log
