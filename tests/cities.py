"""The eight cities' real files, pushed as `make up` pushes them (the fixture `first_receipts`)."""

import json
import subprocess
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from deploy.local import sample_data
from shared.values.jurisdictions import Jurisdiction
from tests.client import Api, until
from tests.stack import Stack

Receipts = list[dict[str, Any]]


def push_all(stack: Stack) -> Receipts:
    """Pushes the eight files as `make up` does, each through its own agent; the receipts."""

    def run(command: tuple[str, ...]) -> str:
        return subprocess.run(command, env=stack.environment, capture_output=True, text=True, check=True).stdout

    with ThreadPoolExecutor(4) as pool:
        return [
            json.loads(pushed)
            for pushed in pool.map(lambda city: sample_data.push(stack.place, city, run), Jurisdiction)
        ]


def pushed_once(stack: Stack) -> Receipts:
    """The receipts of a first push, once search shows all of it on both replicas."""
    receipts = push_all(stack)
    for name in ("search", "search-2"):
        replica = Api(stack.address(name))
        until(lambda replica=replica: institutions(replica) == 306, seconds=60)  # type: ignore[misc]
        replica.close()
    return receipts


def institutions(api: Api, city: Jurisdiction | None = None) -> int:
    """How many institutions search finds, of one city or of all."""
    parameters = {"kind": "institution", "limit": 1, **({"jurisdiction": city} if city else {})}
    return int(api.visitor.get("search", params=parameters).expect(200)["total"])
