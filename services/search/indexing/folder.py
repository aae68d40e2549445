"""The folder that the indexing process writes and the answering processes read, one on each machine.

Each generation of the index lies in a folder of its own, `<generation>-<schema version>`. `state.json` beside them says
which of them serves; it is replaced as a whole, so that a reader sees the old state or the new one.
"""

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

import orjson

from services.search.indexing.schema import SCHEMA_VERSION

Stamp = tuple[int, int, int]
"""Identifies a version of a file: inode, time, size."""

_STATE = "state.json"


@dataclass(frozen=True)
class FolderState:
    """Which generation serves, and how far the one is that is being built; None where there is none."""

    serving: str | None = None
    """The name of its folder."""
    building: int | None = None
    progress: float | None = None
    """0–1, of the log as it was when the building began."""
    waits: str | None = None
    """Why it does not take over although it is complete (shared/projections/takeover.py)."""


@dataclass(frozen=True)
class Folder:
    """The place of all generations on this machine."""

    path: Path

    def generation(self, number: int) -> Path:
        """The folder of a generation of the present schema."""
        return self.path / f"{number}-{SCHEMA_VERSION}"

    def kept(self) -> list[Path]:
        """The generations in the folder: those of the present schema first, among equals the newest first."""
        found = [each for each in self.path.glob("*-*") if each.is_dir() and each.name.partition("-")[0].isdecimal()]
        return sorted(found, key=lambda each: (is_current(each.name), number_of(each.name)), reverse=True)

    def tidy(self, keep: Path) -> None:
        """Removes every other generation."""
        for each in self.kept():
            if each != keep:
                shutil.rmtree(each, ignore_errors=True)

    def state(self) -> FolderState:
        """The last state that the indexing process wrote; an empty one before the first."""
        try:
            return FolderState(**orjson.loads((self.path / _STATE).read_bytes()))
        except FileNotFoundError:
            return FolderState()

    def say(self, state: FolderState) -> None:
        """Replaces the state."""
        self.path.mkdir(parents=True, exist_ok=True)
        fresh = self.path / f"{_STATE}.new"
        said = asdict(state)
        if state.waits is None:
            del said["waits"]  # code from before there were reasons reads the file as well
        fresh.write_bytes(orjson.dumps(said))
        fresh.replace(self.path / _STATE)

    def stamp(self) -> Stamp | None:
        """Changes whenever the state is replaced."""
        return stamp_of(self.path / _STATE)

    @contextmanager
    def owned(self) -> Iterator[bool]:
        """Whether this process is the one that writes here; it stays so until the end of the block, or its own."""
        self.path.mkdir(parents=True, exist_ok=True)
        handle = os.open(self.path / ".writer.lock", os.O_CREAT | os.O_RDWR, 0o600)
        try:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                yield False
            else:
                yield True
        finally:
            os.close(handle)


def number_of(name: str) -> int:
    """The generation whose folder has this name."""
    return int(name.partition("-")[0])


def is_current(name: str) -> bool:
    """Whether a folder of this name has the present schema, tokenizer and dictionary."""
    return name.partition("-")[2] == SCHEMA_VERSION


def stamp_of(path: Path) -> Stamp | None:
    """None where there is no such file."""
    try:
        found = path.stat()
    except FileNotFoundError:
        return None
    return found.st_ino, found.st_mtime_ns, found.st_size
