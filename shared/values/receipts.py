"""The receipt of a claim in its canonical form, and the leaf that stands for it in a Merkle tree. Pure.

A claimant proves with these, offline, that their claim was among those that were sealed. So the bytes are fixed for ever:
JSON in the form of RFC 8785 (members sorted by name, no white space, UTF-8), the time in UTC with milliseconds and a Z.
The leaf is the SHA-256 of a zero byte and those bytes, as RFC 9162, section 2.1.1, hashes a leaf.
"""

import hashlib
import json
from datetime import UTC, datetime

_LEAF = b"\x00"


def canonical_receipt(claim_id: str, submitted_at: datetime, sha256: str) -> bytes:
    """The receipt's bytes. ValueError when the time has no offset or the hash is not 64 hexadecimal digits in lower case."""
    if submitted_at.tzinfo is None:
        raise ValueError("the time of a submission needs an offset")
    if len(sha256) != 64 or set(sha256) - set("0123456789abcdef"):
        raise ValueError("a hash is 64 hexadecimal digits in lower case")
    at = submitted_at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    receipt = {"claim_id": claim_id, "sha256": sha256, "submitted_at": at}
    return json.dumps(receipt, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()


def leaf(receipt: bytes) -> bytes:
    """The leaf of a canonical receipt: 32 bytes."""
    return hashlib.sha256(_LEAF + receipt).digest()
