"""`make status`: one line for every process."""

import os
import time
from concurrent.futures import ThreadPoolExecutor

from rich.console import Console
from rich.table import Table

from deploy.local.health import Health, health, running
from deploy.local.place import Place
from deploy.local.process import Process
from deploy.local.topology import topology


def status() -> int:
    """0 when everything is ready, 1 otherwise."""
    place = Place.started(os.environ)
    processes = topology(place, os.environ, jars="")
    with ThreadPoolExecutor(len(processes)) as pool:
        looks = list(pool.map(health, processes))
    table = Table("进程", "pid", "地址", "已运行", "就绪", "待处理", title=f"{place.gateway_url}（{place.home}）")
    for process, look in zip(processes, looks, strict=True):
        table.add_row(*_row(place, process, look))
    Console().print(table)
    return 0 if all(look.ready for look in looks) else 1


def _row(place: Place, process: Process, look: Health) -> tuple[str, ...]:
    found = running(place, process.name)
    lag = "—" if look.lag is None else str(look.lag)
    ready = "[green]就绪[/green]" if found and look.ready else "[red]未就绪[/red]" if found else "[dim]未运行[/dim]"
    if found is None:
        return (process.name, "—", process.address, "—", ready, "—")
    return (process.name, str(found.pid), process.address, _span(time.time() - found.create_time()), ready, lag)


def _span(seconds: float) -> str:
    """1:02:03 for an hour, two minutes and three seconds."""
    minutes, second = divmod(int(seconds), 60)
    hour, minute = divmod(minutes, 60)
    return f"{hour}:{minute:02}:{second:02}"
