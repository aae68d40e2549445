"""A backup of the databases, taken while everything runs, and put back.

With `HUNING_MONGO_TOOLS`, a folder that holds MongoDB's `mongodump` and `mongorestore`, these make it, as in docs/operations.md.
No package registry brings them; without them the driver copies every document. The embedded database knows no `applyOps`, which
`--oplogReplay` needs: in its place our processes are held while the copy is made, so that it is of one moment.
"""

import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pymongo
from bson.codec_options import CodecOptions

from tests.faults.settling import DOWNSTREAM
from tests.stack import Stack

Document = dict[str, Any]
Copy = dict[str, dict[str, list[Document]]]
"""Every document, by database and collection."""
Backup = Copy | Path

TOOLS = os.environ.get("HUNING_MONGO_TOOLS")
MADE_WITH = "mongodump --oplog" if TOOLS else "the driver"
_AWARE: CodecOptions[Document] = CodecOptions(tz_aware=True)
_ARCHIVE = ("--archive", "--gzip")


def dump(stack: Stack, folder: Path) -> Backup:
    """Everything that the services keep; `folder` takes the archive, where there is one."""
    with _held(stack):
        if not TOOLS:
            return _copied(stack)
        archive = folder / "mongodb.archive.gz"
        with archive.open("wb") as written:
            _run("mongodump", stack, "--oplog", *_ARCHIVE, stdout=written)
        return archive


def restore(stack: Stack, backup: Backup) -> None:
    """Puts it in the place of what is there; the services make missing indexes when they start."""
    with pymongo.MongoClient[Document](stack.mongodb) as client:
        for name in client.list_database_names():
            if name.startswith("huning_"):
                client.drop_database(name)
        if isinstance(backup, dict):
            _insert(client, backup)
            return
    with backup.open("rb") as read:
        _run("mongorestore", stack, *_ARCHIVE, "--drop", stdin=read)


def _copied(stack: Stack) -> Copy:
    with pymongo.MongoClient[Document](stack.mongodb) as client:
        databases = [client.get_database(f"huning_{each}", codec_options=_AWARE) for each in DOWNSTREAM]
        return {
            each.name: {name: list(each[name].find()) for name in each.list_collection_names()} for each in databases
        }


@contextmanager
def _held(stack: Stack) -> Iterator[None]:
    """Nobody of ours writes."""
    held = [stack.kill(name, signal.SIGSTOP) for name in stack.names if name not in ("kafka", "mongodb")]
    try:
        yield
    finally:
        for pid in held:
            os.kill(pid, signal.SIGCONT)


def _insert(client: pymongo.MongoClient[Document], copy: Copy) -> None:
    for database, collections in copy.items():
        for name, documents in collections.items():
            for begin in range(0, len(documents), 1_000):
                client[database][name].insert_many(documents[begin : begin + 1_000])


def _run(program: str, stack: Stack, *arguments: str, **streams: Any) -> None:
    command = [f"{TOOLS}/{program}", "--uri", stack.mongodb, *arguments]
    ended = subprocess.run(command, stderr=subprocess.PIPE, text=True, check=False, **streams)
    assert ended.returncode == 0, ended.stderr
