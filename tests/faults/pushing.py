"""A city that pushes rows with the agent that cities have, and what the platform answered it."""

import json
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

from tests import log
from tests.client import Api
from tests.stack import Stack

KIND = "platform"
_SETTLED_SECONDS = 600


@dataclass(frozen=True)
class City:
    """A city with a registered agent; `folder` holds its key, its file and how far it is."""

    stack: Stack
    name: str
    folder: Path
    key_id: str

    @classmethod
    def register(cls, stack: Stack, api: Api, name: str, folder: Path) -> "City":
        """A new agent of this city."""
        public = stack.run("huning-agent", "keygen", str(folder / "agent.pem")).split()[-1]
        body = {"jurisdiction": name, "name": "容错", "public_key": public}
        made = api.as_(f"operator-{name}").settle("POST", "sync/agents", body).expect(201)
        return cls(stack, name, folder, made["key_id"])

    def push(self, rows: Iterable[dict[str, Any]], *more: str) -> Any:
        """Pushes these rows and waits for the receipt, through whatever happens meanwhile; `more` are options of the agent.

        2 says that rows were rejected, 3 that the batch waits for an operator."""
        file = self.folder / "rows.ndjson"
        file.write_bytes(b"".join(orjson.dumps(row) + b"\n" for row in rows))
        command = [
            *self.agent("push", str(file)),
            *("--jurisdiction", self.name, "--kind", KIND, "--coordinates", "gcj02", "--state", str(self.folder)),
            *more,
        ]
        done = subprocess.run(command, env=self.stack.environment, capture_output=True, text=True, check=False)
        assert done.returncode in (0, 2, 3), f"{done.returncode}\n{done.stdout}{done.stderr}"
        return json.loads(done.stdout)

    def agent(self, command: str, file: str) -> list[str]:
        """The city's agent as it is called, for a program, and patient."""
        called = [str(Path(sys.executable).parent / "huning-agent"), command, file, "--server", self.stack.base_url]
        key = ("--key", str(self.folder / "agent.pem"), "--key-id", self.key_id)
        return [*called, *key, "--patience", "120", "--json"]

    def holds(self, rows: Iterable[dict[str, Any]]) -> None:
        """The log has these rows as they were pushed last."""
        records = log.newest(self.stack.kafka, "huning.records")
        for row in rows:
            assert records[f"{self.name}/{KIND}/{row['source_id']}"].data.model_dump()["summary"] == row["summary"]


def rows_of(api: Api, city: City, batch_id: str) -> list[Any]:
    """The whole receipt of a batch, in order, through whatever happens meanwhile."""
    found: list[Any] = []
    cursor: str | None = None
    while not found or cursor:
        path = f"sync/batches/{batch_id}/rows?limit=100" + (f"&cursor={cursor}" if cursor else "")
        body = api.as_(f"operator-{city.name}").settle("GET", path, seconds=_SETTLED_SECONDS).expect(200)
        found, cursor = found + body["items"], body["next_cursor"]
    return found
