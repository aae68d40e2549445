"""How a process of the stack is: its pid, since when, and whether it can work."""

import json
import socket
import urllib.error
import urllib.request
from dataclasses import dataclass
from typing import Any

import psutil

from deploy.local.place import Place
from deploy.local.process import Process
from deploy.local.supervision import pid_file

_PATIENCE_SECONDS = 2.0


@dataclass(frozen=True)
class Health:
    """One look at a process. `report` is what its own health address said, if it has one that answered."""

    ready: bool
    report: dict[str, Any]

    @property
    def lag(self) -> int | None:
        """Messages its consumers have still to read; None where it has none."""
        consumers = self.report.get("checks", {}).get("consumers")
        return None if consumers is None else sum(consumer["lag"] for consumer in consumers)

    @property
    def progress(self) -> str:
        """Changes as long as the process comes nearer to being ready: its checks, and what it has still to read."""
        checks = self.report.get("checks", {})
        return json.dumps([{name: value for name, value in checks.items() if isinstance(value, str)}, self.lag])


def health(process: Process) -> Health:
    """Asks the process itself; where it has no health address, an open port is all there is to see."""
    if process.ready_path is None:
        with socket.socket() as probe:
            probe.settimeout(_PATIENCE_SECONDS)
            return Health(probe.connect_ex(("127.0.0.1", process.port)) == 0, {})
    status, report = _get(process.url + process.ready_path)
    return Health(status == 200, report)


def running(place: Place, name: str) -> psutil.Process | None:
    """The process that now has this name, or None. A pid that has passed to a stranger does not count."""
    try:
        process = psutil.Process(int(pid_file(place, name).read_text()))
        belongs_here = process.environ().get("HUNING_HOME") == str(place.home)
        return process if belongs_here and process.status() != psutil.STATUS_ZOMBIE else None
    except (OSError, ValueError, psutil.Error):
        return None


def _get(url: str) -> tuple[int, dict[str, Any]]:
    """Status and JSON object of the answer; (0, {}) when there is none."""
    try:
        with urllib.request.urlopen(url, timeout=_PATIENCE_SECONDS) as answer:  # noqa: S310 http on this machine
            status, body = answer.status, answer.read()
    except urllib.error.HTTPError as error:
        status, body = error.code, error.read()
    except OSError:
        return 0, {}
    try:
        report = json.loads(body)
    except ValueError:
        report = None
    return status, report if isinstance(report, dict) else {}
