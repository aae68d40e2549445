"""One attempt at a write: who, under which Idempotency-Key, with which body.

The owner stores the attempt in the same write as its effect, so a repeat is recognised wherever it arrives.
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from shared.values import problems
from shared.values.problems import Refusal

KEPT = 64
"""How many attempts a document remembers."""


@dataclass(frozen=True)
class Attempt:
    """`caller` is an id or a pseudonym; `digest` is of method, path, query and body; `if_match` the version the caller saw."""

    caller: str
    key: str
    digest: str
    if_match: int | None = None

    @property
    def mark(self) -> str:
        """A unique name for this caller's key."""
        return hashlib.sha256(f"{self.caller}\n{self.key}".encode()).hexdigest()

    def by(self, caller: str) -> "Attempt":
        """The same attempt under another name of the caller, such as a pseudonym."""
        return replace(self, caller=caller)

    def remembered(self) -> dict[str, Any]:
        """As the document keeps it that the attempt has changed."""
        return {"mark": self.mark, "digest": self.digest}

    def was_made(self, attempts: Iterable[Mapping[str, Any]]) -> bool:
        """Whether it is among these. Refused with `idempotency_key_reused` when the key came with another body."""
        for earlier in attempts:
            if earlier["mark"] == self.mark:
                if earlier["digest"] != self.digest:
                    raise Refusal(problems.IDEMPOTENCY_KEY_REUSED)
                return True
        return False


def remember(attempts: list[dict[str, Any]], attempt: Attempt | None) -> list[dict[str, Any]]:
    """These and the one that is made now; the oldest are forgotten."""
    if attempt is None:
        return attempts
    return [*attempts, attempt.remembered()][-KEPT:]


def digest_of(method: str, path: str, query: str, *body: bytes) -> str:
    """What makes two attempts the same: method, path, query and body, a line each. A large body is not copied."""
    digest = hashlib.sha256(f"{method}\n{path}\n{query}".encode())
    for part in body:
        digest.update(b"\n")
        digest.update(part)
    return digest.hexdigest()
