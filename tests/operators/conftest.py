"""What a service answers to operators, on the run's database, with a caller of the test's choice."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import httpx2
import pytest
from aiokafka import TopicPartition

from shared.access.checking import Caller
from shared.events.accounts import Role
from shared.events.envelope import Event
from shared.http.recording import Recorder
from shared.messaging.status import ConsumerStatus
from shared.mongo import Database
from shared.operations.acts import Acts
from shared.operations.audit_trail import AuditTrail
from shared.operations.dead_letters import DeadLetters
from shared.operations.routes import operator_routes
from shared.projections.read_models import ReadModel, Register
from shared.settings import Settings
from shared.values.jurisdictions import Jurisdiction
from tests.door import asking_as, standing

ALLIANCE = Caller("alliance", frozenset({(Role.ALLIANCE_OPERATOR, None)}))
MEMBER = Caller("member", frozenset({(Role.MEMBER, None)}))
GROUP = "search.items"


def operator(city: Jurisdiction) -> Caller:
    return Caller(f"operator-{city}", frozenset({(Role.CITY_OPERATOR, city)}))


@dataclass
class Operated:
    """search, as far as operators are concerned. `handled` is what replays had handled; `fault` is what that fails by."""

    letters: DeadLetters
    items: ReadModel
    settings: Settings
    handled: list[Event] = field(default_factory=list)
    fault: Exception | None = None

    async def handle(self, events: Sequence[Event]) -> None:
        if self.fault:
            raise self.fault
        self.handled += events

    def seen_by(self, caller: Caller, recorder: Recorder | None = None) -> httpx2.AsyncClient:
        """A client below /api/v1/ops/search/ whose requests come from this caller."""
        trail = recorder or Acts(
            self.items.database["audit_acts"],
            AuditTrail(self.items.database["audit"], self.items.database["audit_hints"]),
        )
        router = operator_routes("search", self.letters, {"items": self.items}, lambda: [Standing()], trail)
        return asking_as(caller, "search", self.settings, router, below="/api/v1/ops/search/", recorder=recorder)


class Standing:
    """A reader that has 25 partitions and is behind on each by its number."""

    group = GROUP

    async def lag(self) -> dict[TopicPartition, int]:
        return {TopicPartition("huning.records", number): number for number in range(25)}

    async def status(self) -> ConsumerStatus:
        raise AssertionError("operators are not asked about readiness")


@pytest.fixture
async def operated(database: Database, test_settings: Settings) -> Operated:
    items = await standing(
        ReadModel("items", ("huning.records",), lambda event: Register(event.subject, {})), "search", database
    )
    made = Operated(DeadLetters(database["dead_letters"], "search"), items, test_settings)
    made.letters.handles(f"{GROUP}.g1", made.handle)
    return made
