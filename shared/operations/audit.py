"""The audit of one service put together: its chain, the acts that wait for it, and the signed heads."""

from pathlib import Path

from shared.events.envelope import Event
from shared.events.topics import TOPICS
from shared.mongo import Database
from shared.operations.acts import Acts
from shared.operations.audit_heads import Signer, log_head
from shared.operations.audit_trail import AuditTrail, Entry

AUDIT_SECONDS = 10.0
"""How often acts that are due are looked for."""
HEAD_SECONDS = 3600.0


class Audit:
    """`record` is the relay's: what an owner published enters the chain."""

    def __init__(self, database: Database, service: str, keys: Path) -> None:
        self.trail = AuditTrail(database["audit"], database["audit_hints"])
        self.acts = Acts(database["audit_acts"], self.trail)
        self._service = service
        self._keys = keys

    async def prepare(self) -> None:
        """Makes the indexes."""
        await self.trail.prepare()
        await self.acts.prepare()

    async def record(self, event: Event) -> None:
        """Appends an event that tells of what somebody did."""
        if TOPICS[event.topic].audited:
            await self.trail.append(_entry(event))

    async def log_head(self) -> None:
        """Writes the signed head into the log."""
        await log_head(self._service, self.trail, Signer.from_folder(self._keys))


def _entry(event: Event) -> Entry:
    return Entry(
        source=f"event/{event.id}",
        at=event.time,
        actor=event.actor or "unknown",
        action=f"{event.type.producer}.{event.action or event.type.short}",
        subject=event.subject,
        jurisdiction=event.jurisdiction,
    )
