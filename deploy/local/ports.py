"""Which ports of a place are taken, and by whom; asked before anything starts, so that nothing half-starts."""

import socket
from collections.abc import Iterable
from dataclasses import dataclass

import psutil

from deploy.local.process import Process


@dataclass(frozen=True)
class Taken:
    """A port that a process needs and somebody else has."""

    port: int
    wanted_by: str
    holder: str | None
    """Process id and command line; None where the system does not tell."""

    def __str__(self) -> str:
        holder = self.holder or "系统未告知的进程（可能属于其他用户）"
        return f"端口 {self.port}（{self.wanted_by} 要用）已被占用：{holder}"


def taken(processes: Iterable[Process]) -> list[Taken]:
    """The ports of these processes on which 127.0.0.1 cannot be listened at."""
    wanted = [(port, process.name) for process in processes for port in (process.port, *process.other_ports)]
    in_use = [(port, name) for port, name in wanted if not is_free(port)]
    if not in_use:
        return []
    holders = _listeners()
    return [Taken(port, name, holders.get(port)) for port, name in in_use]


def is_free(port: int) -> bool:
    """Whether a server could listen on this port of 127.0.0.1 now."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def _listeners() -> dict[int, str]:
    found: dict[int, str] = {}
    for process in psutil.process_iter(["pid", "cmdline", "name"]):
        try:
            connections = process.net_connections(kind="tcp")
        except psutil.Error:
            continue
        for connection in connections:
            if connection.status == psutil.CONN_LISTEN:
                command = " ".join(process.info["cmdline"] or [process.info["name"]])
                found[connection.laddr.port] = f"进程 {process.pid}（{command[:120]}）"
    return found
