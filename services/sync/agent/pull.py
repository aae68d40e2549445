"""The other way round: what the cities publish, followed into a file of one's own.

NDJSON and CSV files grow by a line for each change; a SQLite file holds the records as they stand. How far the file is stands
in a SQLite file, `<file>.pull` or the file itself. One page is one transaction: the file is cut back to where the last finished
page ended, the page is written, and only then the place moves. So an interruption loses nothing and doubles nothing, and a
second command that comes in between waits for its turn and goes on from there.
"""

import json
import os
import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from services.sync.agent.client import Client
from services.sync.agent.errors import AgentError
from services.sync.agent.lines import csv_header, csv_of, ndjson_of
from services.sync.rows.errors import reason

Changes = Sequence[Mapping[str, Any]]
Chosen = Mapping[str, str]
"""The lists that are followed: `jurisdiction` and `kind`, each only where it is chosen."""
Shown = Callable[[int], None]
"""Told how many changes were taken so far."""

_LOCK_SECONDS = 30.0
_STATE = """
CREATE TABLE IF NOT EXISTS pull (
  one INTEGER PRIMARY KEY CHECK (one = 1), followed TEXT NOT NULL, cursor TEXT, size INTEGER NOT NULL);
"""
_RECORDS = """
CREATE TABLE IF NOT EXISTS records (
  jurisdiction TEXT NOT NULL, kind TEXT NOT NULL, source_id TEXT NOT NULL,
  version INTEGER NOT NULL, at TEXT NOT NULL, title TEXT NOT NULL, record TEXT NOT NULL,
  PRIMARY KEY (jurisdiction, kind, source_id)) WITHOUT ROWID;
"""
_UPSERT = """
INSERT INTO records VALUES (:jurisdiction, :kind, :source_id, :version, :at, :title, :record)
ON CONFLICT DO UPDATE SET version = excluded.version, at = excluded.at, title = excluded.title, record = excluded.record
"""
_DELETE = "DELETE FROM records WHERE (jurisdiction, kind, source_id) = (:jurisdiction, :kind, :source_id)"


@dataclass(frozen=True)
class Pulled:
    """What a command took."""

    upserted: int
    deleted: int

    def to_json(self) -> str:
        """For programs."""
        return json.dumps({"upserted": self.upserted, "deleted": self.deleted})


def pull(client: Client, file: Path, chosen: Chosen, shown: Shown) -> Pulled:
    """Follows the changes up to the end that there is now. AgentError where the file cannot be written, or follows others."""
    write = _writer(file)
    followed = json.dumps({"server": client.server, **chosen}, sort_keys=True)
    pulled = Pulled(0, 0)
    try:
        with closing(_opened(file)) as state:
            while changes := _page(client, state, write, followed, chosen):
                gone = sum(each["op"] == "delete" for each in changes)
                pulled = Pulled(pulled.upserted + len(changes) - gone, pulled.deleted + gone)
                shown(pulled.upserted + pulled.deleted)
    except sqlite3.OperationalError as error:
        raise AgentError(f"{file} 的进度无法读写：{error}。是否有另一个“pull”正在写同一个文件？请稍后重试。") from error
    except sqlite3.DatabaseError as error:
        raise AgentError(f"{file} 的进度文件已损坏：{error}。请换一个文件名，从头取回。") from error
    except OSError as error:
        raise AgentError(f"{file} 无法写入：{reason(error)}。") from error
    return pulled


Write = Callable[[sqlite3.Connection, int, Changes], int]
"""Writes a page after so many bytes of the file; how many bytes are good then."""


def _page(client: Client, state: sqlite3.Connection, write: Write, followed: str, chosen: Chosen) -> Changes:
    with _transaction(state):
        state.execute("INSERT OR IGNORE INTO pull VALUES (1, ?, NULL, 0)", (followed,))
        before, cursor, size = state.execute("SELECT followed, cursor, size FROM pull").fetchone()
        if before != followed:
            raise AgentError("这个文件跟随的是另一个平台或另一些清单。请换一个文件名，或按原来的选项运行。")
        changes, following = client.changes(cursor, chosen)
        size = write(state, size, changes)
        state.execute("UPDATE pull SET cursor = ?, size = ?", (following, size))
    return changes


@contextmanager
def _transaction(state: sqlite3.Connection) -> Iterator[None]:
    """All or nothing; nobody else writes meanwhile."""
    state.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        state.execute("ROLLBACK")
        raise
    state.execute("COMMIT")


def _opened(file: Path) -> sqlite3.Connection:
    """The state of the file, by whose lock commands take turns."""
    is_database = file.suffix in _DATABASES
    path = file if is_database else file.with_name(f"{file.name}.pull")
    state = sqlite3.connect(path, timeout=_LOCK_SECONDS, isolation_level=None)
    state.executescript(_STATE + (_RECORDS if is_database else ""))
    return state


def _writer(file: Path) -> Write:
    if file.suffix in _DATABASES:
        return _into_table
    if file.suffix in (".ndjson", ".jsonl"):
        return _lines_into(file, "", ndjson_of)
    if file.suffix == ".csv":
        return _lines_into(file, csv_header(), csv_of)
    raise AgentError(f"不知道 {file.name} 应是什么格式。文件名请以 .ndjson、.csv 或 .sqlite 结尾。")


_DATABASES = (".sqlite", ".sqlite3", ".db")


def _lines_into(file: Path, header: str, line_of: Callable[[Mapping[str, Any]], str]) -> Write:
    def write(_: sqlite3.Connection, size: int, changes: Changes) -> int:
        lines = "".join(map(line_of, changes))
        with file.open("r+b" if file.exists() else "w+b") as out:
            if out.seek(0, os.SEEK_END) < size:
                raise AgentError(f"{file} 比上次写完时短，内容已被改动。请换一个文件名，从头取回。")
            out.seek(size)
            out.truncate()  # a page that was not finished
            out.write(((header if not size else "") + lines).encode())
            out.flush()
            os.fsync(out.fileno())
            return out.tell()

    return write


def _into_table(state: sqlite3.Connection, _: int, changes: Changes) -> int:
    for each in changes:
        record = each["record"] or {}
        values = {**each, "title": record.get("title", ""), "record": json.dumps(record, ensure_ascii=False)}
        state.execute(_DELETE if each["op"] == "delete" else _UPSERT, values)
    return 0
