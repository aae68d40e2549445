"""What outlives a restart: JSON lines that are only ever appended to."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any


class Journal:
    """One file of entries. `append` returns when the entry is in the file; a killed process's half line is cut off."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._path = path
        self._heal()
        self._file = path.open("ab", buffering=0)

    def append(self, entry: dict[str, Any]) -> None:
        self._file.write(json.dumps(entry, ensure_ascii=False).encode() + b"\n")

    def entries(self) -> Iterator[dict[str, Any]]:
        """All that was ever appended, in order."""
        for line in self._path.read_bytes().splitlines():
            yield json.loads(line)

    def close(self) -> None:
        self._file.close()

    def _heal(self) -> None:
        if not self._path.exists():
            return
        raw = self._path.read_bytes()
        whole = raw[: raw.rfind(b"\n") + 1]
        if whole != raw:
            self._path.write_bytes(whole)
