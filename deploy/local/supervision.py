"""supervisor's settings: every process restarted when it dies, stopped in stages, its output kept.

A group is stopped as a whole before the next one is touched, the highest priority first: the gateway and the WeChat
stand-in, so that nothing new comes in; the services, which finish what they hold; the broker and the database last.
"""

import shlex
from collections.abc import Iterable, Mapping
from pathlib import Path

from deploy.local.place import Place
from deploy.local.process import Process

# Together they stay below the 20 s in which everything must have stopped.
_STAGES: Mapping[str, tuple[int, int]] = {"edge": (300, 4), "service": (200, 8), "store": (100, 6)}
"""Kind → priority of its group, and the seconds after which what has not stopped is killed."""

LOG_BYTES, OLD_LOGS = "20MB", 2


def settings(place: Place, processes: Iterable[Process]) -> str:
    """The text of supervisord.conf. Secrets are not in it: they come with supervisord's own environment."""
    processes = list(processes)
    sections = [_supervisord(place)]
    for kind, (priority, seconds) in _STAGES.items():
        members = [process for process in processes if process.kind == kind]
        if members:
            names = ",".join(process.name for process in members)
            sections.append(f"[group:{kind}]\nprograms={names}\npriority={priority}\n")
            sections += [_program(place, process, seconds) for process in members]
    return "\n".join(sections)


def pid_file(place: Place, name: str) -> Path:
    """Where a process writes the pid that is its own, not that of a shell around it."""
    return place.run / f"{name}.pid"


def _supervisord(place: Place) -> str:
    return f"""\
[supervisord]
nodaemon=true
silent=true
umask=077
logfile={_escaped(place.logs / "supervisord.log")}
logfile_maxbytes={LOG_BYTES}
logfile_backups={OLD_LOGS}
pidfile={_escaped(place.run / "supervisord.pid")}
"""


def _program(place: Place, process: Process, stop_seconds: int) -> str:
    shell = ("/bin/sh", "-c", 'echo $$ > "$0"; exec env "$@"', str(pid_file(place, process.name)))
    told = (f"{name}={value}" for name, value in process.environment.items())
    return f"""\
[program:{process.name}]
command={_escaped(shlex.join((*shell, *told, *process.command)))}
autorestart=true
startsecs=1
startretries=1000000
stopsignal=TERM
stopasgroup=true
killasgroup=true
stopwaitsecs={stop_seconds}
redirect_stderr=true
stdout_logfile={_escaped(place.logs / f"{process.name}.log")}
stdout_logfile_maxbytes={LOG_BYTES}
stdout_logfile_backups={OLD_LOGS}
"""


def _escaped(text: object) -> str:
    """supervisor expands %(…)s in its values."""
    return str(text).replace("%", "%%")
