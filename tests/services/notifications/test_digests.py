"""Digests on the database: two replicas collect for one person, and the morning comes."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any, cast

import httpx2
import pytest

from services.notifications.composing.catching_up import CatchingUp
from services.notifications.composing.composer import Composer
from services.notifications.consents.commands import ConsentCommands
from services.notifications.consents.domain import Consent
from services.notifications.consents.store import DeadOpenids
from services.notifications.consumers import Reactions
from services.notifications.sending.console import Console
from services.notifications.sending.delivery import Delivery
from services.notifications.sending.gate import Gate
from services.notifications.sending.queueing import Queueing
from services.notifications.sending.sender import Sender
from services.notifications.sending.standing import Standings
from services.notifications.subjects.templates import TEMPLATES
from services.notifications.tests import builders
from services.notifications.tests.builders import NOON, at_shanghai
from services.notifications.tests.fakes import ScriptedWeChat
from shared.aggregates.decisions import Decision
from shared.events.envelope import Event
from shared.mongo import Database
from shared.projections.read_models import projection
from shared.secrets import openid_context
from shared.wechat.client import Template, WeChat
from tests.services.notifications.conftest import NAMES, PERSONAL, Stores

MORNING = at_shanghai(24 + 8)


@dataclass
class Replica:
    """What one process of the service does with saved-search hits, at the time that the test says it is."""

    stores: Stores
    database: Database
    server: ScriptedWeChat
    name: str
    at: datetime = NOON

    def __post_init__(self) -> None:
        wechat = WeChat("http://wechat.invalid", "wx", "s", transport=httpx2.MockTransport(self.server))
        console = Console(cast(Any, None), wechat, was_read=True)
        for each in TEMPLATES.values():
            console.found[each.name] = Template(f"T-{each.name}", each.title, "one_time", each.keys, {})
        kept, dead = self.stores, DeadOpenids(self.database["dead_openids"])
        standings = Standings(console, NAMES, kept.people, kept.preferences, kept.consents, dead)
        gate = Gate(wechat, self._now)
        self.sender = Sender(kept.ledger, standings, wechat, PERSONAL, self.name, self._now, gate, kept.senders)
        queueing = Queueing(kept.ledger, standings, NAMES, self.sender.offer, self._now)
        composer = Composer(kept.people, kept.challenges, kept.inbox, kept.notices, queueing)
        catching_up = CatchingUp(composer, kept.people, kept.notices, queueing)
        self._reactions = Reactions(composer, catching_up, cast(ConsentCommands, None), kept.people)

    def _now(self) -> datetime:
        return self.at

    async def hear(self, events: list[Event]) -> None:
        await self._reactions.hear(events)


@pytest.fixture
async def replicas(stores: Stores, database: Database) -> AsyncIterator[list[Replica]]:
    """Two that send to one WeChat; the person is known and allows one digest."""
    sealed = PERSONAL.seal("openid-of-me", openid_context("me"))
    await projection(stores.people.model.collection, stores.people.model.project)([builders.user("me", openid=sealed)])
    await stores.consents.change(
        "me", "T-new_challenges", lambda _: Decision(Consent(credits=1), "begin", "test", None)
    )
    server = ScriptedWeChat()
    both = [Replica(stores, database, server, f"notifications-{number}") for number in (1, 2)]
    running = [asyncio.create_task(each.sender.run()) for each in both]
    yield both
    for task in running:
        task.cancel()
    await asyncio.gather(*running, return_exceptions=True)


def _found(number: int) -> Event:
    at = NOON - timedelta(minutes=number)
    challenge = builders.challenge(at=at, id=f"challenge-{number}", title=f"氢燃料电池双极板涂层寿命提升技术{number}")
    return builders.hit("me", challenge, hit_id=f"hit-{number}", notify="digest")


async def _rows(stores: Stores) -> list[Delivery]:
    return [each.state for each in await stores.ledger.rows.where({"state.recipient": NAMES.everyday("me")})]


async def test_what_two_replicas_heard_over_and_over_is_one_message_in_the_morning(
    stores: Stores, replicas: list[Replica]
) -> None:
    events = [_found(number) for number in range(30)]
    await asyncio.gather(*(each.hear(Random(n).sample(events * 2, 60)) for n, each in enumerate(replicas)))
    assert await stores.inbox.length("me") == 30
    assert [row.due_at for row in await _rows(stores)] == [MORNING]
    assert replicas[0].server.sent == []
    for each in replicas:
        each.at = MORNING
    async with asyncio.timeout(10):
        while await stores.ledger.count("sent") == 0:
            await asyncio.sleep(0.05)
    for each in replicas:
        each.at = MORNING + timedelta(minutes=1)
        await each.hear(events)
    (row,) = await _rows(stores)
    (sent,) = replicas[0].server.sent
    assert row.digest is not None
    assert [found.event_id for found in row.digest.found] == [f"challenge-{number}/4" for number in range(29, -1, -1)]
    assert "氢燃料电池双极板涂层寿命提升技…等30项".encode() in sent
