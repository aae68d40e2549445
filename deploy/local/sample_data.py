"""The sample data of `make up`: the accounts, and eight cities' real files pushed as the cities would push them.

Every step may run at every start. A city's file is pushed once, and never again over what people have changed since.
"""

import base64
import json
import os
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import httpx2
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_private_key

from deploy.local import keys
from deploy.local.api import Api, ApiError
from deploy.local.place import Place
from shared.values.jurisdictions import Jurisdiction

Run = Callable[[tuple[str, ...]], str]
"""Runs a command to its end and gives what it printed; raises when it fails. May be called from several threads."""

_SAMPLE = Path(__file__).parent / "sample"
_AGENT_NAME = "make up"
_PUSHES_AT_ONCE = 4
_PATIENCE_SECONDS = 60.0
"""Services that have just started may be without their database for a moment, and say so."""


def load_accounts(run: Run) -> None:
    """The accounts that the README lists, and their organisations."""
    run((_program("huning"), "accounts", "seed"))


def push_institutions(place: Place, run: Run) -> int:
    """Eight cities' files, each through its own agent; gives how many institutions the pushes of this start brought."""
    with ThreadPoolExecutor(_PUSHES_AT_ONCE) as pool:
        return sum(pool.map(lambda city: _push_once(place, city, run), Jurisdiction))


def found_institutions(search: str) -> int:
    """How many institutions this process of search finds, asked past the gateway; 0 while it cannot answer."""
    try:
        with Api(search) as visitor:
            return int(visitor.get("/search", kind="institution", limit=1)["total"])
    except (ApiError, httpx2.HTTPError):
        return 0


def push(place: Place, city: Jurisdiction, run: Run) -> str:
    """The city's file: signed, coordinates turned, one verdict for every row. Gives the receipt as JSON."""
    private = place.data / "agents" / f"{city}.pem"
    with _operator(place, city) as operator:
        key_id = _registered(operator, city, _public_key(private))
    return run(
        (
            *(_program("huning-agent"), "push", str(_SAMPLE / "institutions" / f"{city}.json")),
            *("--server", place.gateway_url, "--jurisdiction", city, "--mapping", str(_SAMPLE / "mapping.yaml")),
            *("--key", str(private), "--key-id", key_id),
            *("--state", str(place.data / "agents" / "unfinished"), "--json"),
        )
    )


def _push_once(place: Place, city: Jurisdiction, run: Run) -> int:
    """How many institutions this brought; 0 where the platform still has the batch of the receipt that lies here."""
    kept = place.data / "agents" / f"{city}.receipt.json"
    if kept.exists() and _is_applied(place, city, json.loads(kept.read_text())["id"]):
        return 0
    receipt = push(place, city, run)
    kept.write_text(receipt)
    counts = json.loads(receipt)["counts"]
    return sum(int(counts[verdict]) for verdict in ("added", "changed", "unchanged"))


def _is_applied(place: Place, city: Jurisdiction, batch: str) -> bool:
    """Whether the platform knows this batch and has applied it; not after its database was begun anew."""
    with _operator(place, city) as operator:
        try:
            return bool(operator.get(f"/sync/batches/{batch}")["state"] == "applied")
        except ApiError as error:
            if error.status != 404:
                raise
            return False


@contextmanager
def _operator(place: Place, city: Jurisdiction) -> Iterator[Api]:
    """A session of the city's operator."""
    with Api(place.gateway_url, patience=_PATIENCE_SECONDS) as anyone, anyone.login(f"operator-{city}") as operator:
        yield operator


def _public_key(private: Path) -> str:
    """The public half of the city's key pair, which is made on the first call."""
    if not private.exists():
        private.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        descriptor = os.open(private, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(keys.signing_key())
    key = load_pem_private_key(private.read_bytes(), password=None)
    assert isinstance(key, Ed25519PrivateKey)
    return base64.b64encode(key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)).decode()


def _registered(operator: Api, city: Jurisdiction, public_key: str) -> str:
    """The id under which the city's operator has registered this key, doing so if nobody has."""
    for agent in operator.get("/sync/agents", jurisdiction=city, limit=100)["items"]:
        if agent["public_key"] == public_key and agent["removed_at"] is None:
            return str(agent["key_id"])
    body = {"jurisdiction": city, "name": _AGENT_NAME, "public_key": public_key}
    return str(operator.post("/sync/agents", body)["key_id"])


def _program(name: str) -> str:
    return str(Path(sys.executable).parent / name)
