"""`make down`: does from another terminal what Ctrl-C does in the one of `make up`."""

import fcntl
import os
import signal
import time

from rich.console import Console

from deploy.local.place import Place

_STOP_SECONDS = 30.0


def down() -> int:
    """0 when nothing runs any more; 1 when it would not stop."""
    console = Console(highlight=False)
    place = Place.of(os.environ)
    holder = _holder(place)
    if holder is None:
        console.print(f"{place.home} 里没有正在运行的系统。")
        return 0
    os.kill(holder, signal.SIGTERM)
    with console.status("正在有序停止……"):
        end = time.monotonic() + _STOP_SECONDS
        while _holder(place) is not None:
            if time.monotonic() > end:
                console.print(f"进程 {holder} 没有在 {_STOP_SECONDS:.0f} 秒内停止，请查看它的终端。")
                return 1
            time.sleep(0.1)
    console.print("已全部停止，数据保留在原处；再次 make up 即可继续。")
    return 0


def _holder(place: Place) -> int | None:
    """The pid of the `make up` that holds this folder, or None."""
    file = place.run / "lock"
    if not file.exists():
        return None
    with file.open("r+") as held:
        try:
            fcntl.flock(held, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return int(held.read())
    return None
