"""notifications on the run's database, and its routes in this process with a caller of the test's choice."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, cast

import httpx2
import pytest

from services.notifications import projections, routes
from services.notifications.callback.pushes import Pushes
from services.notifications.commands import Commands
from services.notifications.composing.store import Notices
from services.notifications.consents.domain import Consent
from services.notifications.consents.store import EarlyAnswers
from services.notifications.inbox.reader import Reader
from services.notifications.inbox.store import Inbox
from services.notifications.names import Names
from services.notifications.preferences.domain import Preferences
from services.notifications.queries import Queries
from services.notifications.sending.console import Console
from services.notifications.sending.delivery import Delivery, told
from services.notifications.sending.store import Ledger
from services.notifications.store import CLAIM_INDEXES, PEOPLE_INDEXES, Challenges, People
from services.notifications.subjects.templates import TEMPLATES
from shared.access.checking import Caller
from shared.aggregates.aggregates import Aggregates, not_published
from shared.mongo import Database, IndexModel
from shared.projections.read_models import ReadModel
from shared.secrets import PersonalData, Pseudonyms
from shared.settings import Settings
from shared.values.clock import now
from shared.wechat.client import Template, WeChat
from shared.wechat.crypto import Envelope
from tests.door import asking_as, standing

NAMES, PERSONAL = Names(Pseudonyms(b"p" * 32)), PersonalData(b"k" * 32)
APPID, TOKEN, AES_KEY = "wx0123456789abcdef", "a-token-of-the-push", "A" * 43


@dataclass(frozen=True)
class Stores:
    """Everything that the service keeps."""

    inbox: Inbox
    ledger: Ledger
    notices: Notices
    early_answers: EarlyAnswers
    people: People
    challenges: Challenges
    consents: Aggregates[Consent]
    preferences: Aggregates[Preferences]
    readers: Aggregates[Reader]


@pytest.fixture
async def stores(database: Database) -> Stores:
    async def model(name: str, project: Any, indexes: tuple[IndexModel, ...] = ()) -> ReadModel:
        made = ReadModel(name, (f"huning.{name}",), project, indexes)
        await standing(made, "notifications", database)
        if indexes:
            await made.collection.create_indexes(list(indexes))
        return made

    kept = Stores(
        Inbox(database["inbox"]),
        Ledger(Aggregates(database["deliveries"], Delivery, told)),
        Notices(database["notices"]),
        EarlyAnswers(database["early_answers"]),
        People(await model("users", projections.person(NAMES, PERSONAL), PEOPLE_INDEXES)),
        Challenges(
            await model("challenges", projections.challenge), await model("claims", projections.claim, CLAIM_INDEXES)
        ),
        Aggregates(database["consents"], Consent, not_published),
        Aggregates(database["preferences"], Preferences, not_published),
        Aggregates(database["readers"], Reader, not_published),
    )
    for aggregates in (kept.ledger.rows, kept.consents, kept.preferences, kept.readers):
        await aggregates.prepare()
    for each in (kept.inbox, kept.ledger, kept.notices, kept.early_answers):
        await each.prepare()
    return kept


@pytest.fixture
def at_the_door(stores: Stores, test_settings: Settings) -> Callable[[Caller], httpx2.AsyncClient]:
    """A client whose requests come from this caller; WeChat's own path is guarded by its signature."""
    console = Console(cast(Any, None), cast(WeChat, None), was_read=True)
    for each in TEMPLATES.values():
        console.found[each.name] = Template(f"T-{each.name}", each.title, "one_time", each.keys, {})
    commands = Commands(
        stores.inbox,
        stores.ledger,
        stores.people,
        stores.preferences,
        stores.consents,
        stores.readers,
        stores.early_answers,
        console,
        NAMES,
        PERSONAL,
        now,
    )
    queries = Queries(stores.inbox, stores.ledger, stores.preferences, console, NAMES)
    pushes = Pushes(Envelope(APPID, AES_KEY), TOKEN, commands, now)

    def client(caller: Caller) -> httpx2.AsyncClient:
        router = routes.router(commands, queries, pushes)
        return asking_as(
            caller, "notifications", test_settings, router, below="/api/v1/notifications/", in_front=pushes.in_front_of
        )

    return client
