"""The sample data of `make up`: the accounts, and eight cities' real files pushed as the cities would push them.

Every step may run at every start: what is there already stays as it is.
"""

import base64
import json
import os
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_private_key

from deploy.local import keys
from deploy.local.api import Api, ApiError
from deploy.local.place import Place
from shared.jurisdictions import Jurisdiction

Run = Callable[[tuple[str, ...]], str]
"""Runs a command to its end and gives what it printed; raises when it fails. May be called from several threads."""

_SAMPLE = Path(__file__).parent / "sample"
_AGENT_NAME = "make up"
_PUSHES_AT_ONCE = 4


def load_accounts(run: Run) -> None:
    """The accounts of api.md and their organisations."""
    run((_program("huning"), "accounts", "seed"))


def push_institutions(place: Place, run: Run) -> int:
    """Eight cities' files, each through its own agent; gives how many institutions the platform then has of them."""
    with ThreadPoolExecutor(_PUSHES_AT_ONCE) as pool:
        return sum(pool.map(lambda city: _push(place, city, run), Jurisdiction))


def found_institutions(search: str) -> int:
    """How many institutions this process of search finds, asked past the gateway; 0 while it cannot answer."""
    try:
        with Api(search) as visitor:
            return int(visitor.get("/search", kind="institution", limit=1)["total"])
    except (ApiError, httpx.HTTPError):
        return 0


def _push(place: Place, city: Jurisdiction, run: Run) -> int:
    """The city's file: signed, coordinates turned, one verdict for every row."""
    agent = place.data / "agents" / f"{city}.json"
    key_id = json.loads(agent.read_text())["key_id"] if agent.exists() else _register(place, city, agent)
    receipt = run(
        (
            *(_program("huning-agent"), "push", str(_SAMPLE / "institutions" / f"{city}.json")),
            *("--server", place.gateway_url, "--jurisdiction", city, "--mapping", str(_SAMPLE / "mapping.yaml")),
            *("--key", str(agent.with_suffix(".pem")), "--key-id", key_id),
            *("--state", str(place.data / "agents" / "unfinished"), "--json"),
        )
    )
    counts = json.loads(receipt)["counts"]
    return sum(int(counts[verdict]) for verdict in ("added", "changed", "unchanged"))


def _register(place: Place, city: Jurisdiction, agent: Path) -> str:
    """Makes the city's key pair and has its operator register the public half; gives the key's id."""
    private = agent.with_suffix(".pem")
    agent.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    if not private.exists():
        descriptor = os.open(private, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(keys.signing_key())
    key = load_pem_private_key(private.read_bytes(), password=None)
    assert isinstance(key, Ed25519PrivateKey)
    public = base64.b64encode(key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)).decode()
    with Api(place.gateway_url) as anyone, anyone.login(f"operator-{city}") as operator:
        registered = operator.post("/sync/agents", {"jurisdiction": city, "name": _AGENT_NAME, "public_key": public})
    agent.write_text(json.dumps({"id": registered["id"], "key_id": registered["key_id"]}))
    return str(registered["key_id"])


def _program(name: str) -> str:
    return str(Path(sys.executable).parent / name)
