"""The database: a real `mongod` where the machine has one, else the embedded server that a wheel carries.

The embedded one (`secantusd-rs` of secantusdb, MongoDB's protocol on WiredTiger) is a stand-in, and is named as one.
"""

import shutil
import sys
from collections.abc import Mapping
from pathlib import Path

from deploy.local.process import Process

EMBEDDED = "内嵌数据库 secantusd-rs（MongoDB 协议，WiredTiger 存储；生产请用 MongoDB）"


LOG_FILE, LOG_TO_CHECKPOINT = "128MB", "256MB"
"""How large a file of its write-ahead log is, and how much of the log may gather before WiredTiger makes a checkpoint.

By itself the server makes none until it is stopped, so that the log grows with everything that was ever written; a
checkpoint lets it drop what came before. WiredTiger reads this from its own environment variable.
"""


def label(environment: Mapping[str, str]) -> str:
    """Which database runs, for people."""
    mongod = _mongod(environment)
    return f"MongoDB（{mongod}）" if mongod else EMBEDDED


def mongodb(folder: Path, port: int, environment: Mapping[str, str], durable: bool = True) -> Process:
    """The database as a process, with its data under `folder`, which must be there.

    `durable=False` lets the embedded server acknowledge before the log is on disk: three times as fast in bulk, and a
    kill -9 loses what was acknowledged. Only benchmarks may do so, on both sides of a comparison.
    """
    mongod = _mongod(environment)
    if mongod:
        return Process("mongodb", _real(mongod, folder, port), port, kind="store")
    checkpoints = {"WIREDTIGER_CONFIG": f"checkpoint=(log_size={LOG_TO_CHECKPOINT})"}
    return Process("mongodb", _embedded(folder, port, durable), port, checkpoints, kind="store")


def _mongod(environment: Mapping[str, str]) -> str | None:
    return environment.get("HUNING_MONGOD") or shutil.which("mongod", path=environment.get("PATH"))


def _real(mongod: str, folder: Path, port: int) -> tuple[str, ...]:
    return (mongod, "--dbpath", str(folder), "--port", str(port), "--bind_ip", "127.0.0.1")


def _embedded(folder: Path, port: int, durable: bool) -> tuple[str, ...]:
    """Small cache and log files, else it takes gigabytes; without --sync-on-commit a kill -9 loses writes."""
    return (
        str(Path(sys.executable).parent / "secantusd-rs"),
        *("--host", "127.0.0.1", "--port", str(port), "--storage-path", str(folder)),
        *("--cache-size", "256M", "--log-file-max", LOG_FILE, "--log-level", "WARNING"),
        *(("--sync-on-commit",) if durable else ()),
    )
