"""Signed heads of the audit trail: what the chain's end was, written outside the database, into the service's log.

Whoever can edit the database can build a whole new chain; they cannot sign its head as it was yesterday. `huning audit
check` compares the heads in a log with the chain.
"""

import base64
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson
import structlog
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from shared.operations.audit_trail import AuditTrail, Head

log = structlog.get_logger(__name__)

KEY_FILE = "audit/audit.pem"
"""Below the folder of keys, in a folder of its own, so that every process can be given it without the others."""
EVENT = "audit.head"


@dataclass(frozen=True)
class Signer:
    """Signs heads with the Ed25519 key in `audit/audit.pem`."""

    key: Ed25519PrivateKey

    @classmethod
    def from_folder(cls, folder: Path) -> "Signer":
        """ValueError when the file holds another kind of key."""
        key = load_pem_private_key((folder / KEY_FILE).read_bytes(), None)
        if not isinstance(key, Ed25519PrivateKey):
            raise ValueError(f"{KEY_FILE} must hold an Ed25519 key")
        return cls(key)

    def sign(self, service: str, head: Head) -> str:
        """The signature in base64."""
        return base64.b64encode(self.key.sign(_signed(service, head.seq, head.hash))).decode()

    def verifies(self, line: dict[str, Any]) -> bool:
        """Whether the line of a log is a head that this key signed."""
        public: Ed25519PublicKey = self.key.public_key()
        try:
            signature = base64.b64decode(line["signature"])
            public.verify(signature, _signed(line["service"], line["seq"], line["hash"]))
        except (InvalidSignature, ValueError, KeyError, TypeError):
            return False
        return True


async def log_head(service: str, trail: AuditTrail, signer: Signer) -> None:
    """Writes the head as it is now into the log; nothing while the trail is empty."""
    head = await trail.head()
    if head.seq:
        signature = signer.sign(service, head)
        log.info(EVENT, service=service, seq=head.seq, hash=head.hash, signature=signature)


@dataclass(frozen=True)
class Compared:
    """How many heads of a log agree with the chain, and the numbers of those that do not, or were not signed by us."""

    agree: int
    differ: tuple[int, ...]
    unsigned: int


async def compare(lines: list[str], service: str, trail: AuditTrail, signer: Signer) -> Compared:
    """Compares the heads of one service in these log lines (JSON) with the chain."""
    agree, unsigned, differ = 0, 0, []
    for line in filter(lambda text: EVENT in text, lines):
        head = _parsed(line)
        if head is None or head.get("service") != service:
            continue
        if not signer.verifies(head):
            unsigned += 1
        elif await trail.hash_at(head["seq"]) == head["hash"]:
            agree += 1
        else:
            differ.append(int(head["seq"]))
    return Compared(agree, tuple(differ), unsigned)


def _parsed(line: str) -> dict[str, Any] | None:
    """The line as a head; None where it is another line."""
    try:
        value = orjson.loads(line[line.index("{") :])
    except ValueError:
        return None
    return value if isinstance(value, dict) and value.get("event") == EVENT else None


def _signed(service: str, seq: int, entry_hash: str) -> bytes:
    return f"huning audit head\n{service}\n{seq}\n{entry_hash}".encode()
