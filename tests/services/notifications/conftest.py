"""notifications on the run's database, and its routes in this process with a caller of the test's choice."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, cast

import httpx2
import pytest

from services.notifications import projections, routes
from services.notifications.callback.commands import CallbackCommands
from services.notifications.callback.pushes import Pushes
from services.notifications.composing.store import Notices
from services.notifications.consents.commands import ConsentCommands
from services.notifications.consents.store import Consents, EarlyAnswers, SealedConsent
from services.notifications.inbox.commands import InboxCommands
from services.notifications.inbox.queries import InboxQueries
from services.notifications.inbox.reader import Reader
from services.notifications.inbox.store import Inbox
from services.notifications.names import Names
from services.notifications.preferences.commands import PreferenceCommands
from services.notifications.preferences.domain import Preferences
from services.notifications.sending.console import Console
from services.notifications.sending.delivery import Delivery, published
from services.notifications.sending.store import Ledger, Senders
from services.notifications.store import CLAIM_INDEXES, PEOPLE_INDEXES, Challenges, People
from services.notifications.subjects.templates import TEMPLATES
from shared.access.checking import Caller
from shared.aggregates.aggregates import Aggregates, not_published
from shared.aggregates.private_lists import PrivateLists
from shared.mongo import Database, IndexModel
from shared.projections.read_models import ReadModel
from shared.secrets import PersonalData, Pseudonyms
from shared.settings import Settings
from shared.values.clock import now
from shared.wechat.client import Template, WeChat
from shared.wechat.crypto import Envelope
from tests.door import asking_as, standing

KEY = b"p" * 32
NAMES, PERSONAL = Names(Pseudonyms(KEY)), PersonalData(b"k" * 32)
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
    consents: Consents
    preferences: Aggregates[Preferences]
    readers: Aggregates[Reader]
    senders: Senders


@pytest.fixture
async def stores(database: Database) -> Stores:
    async def model(name: str, project: Any, indexes: tuple[IndexModel, ...] = ()) -> ReadModel:
        made = ReadModel(name, (f"huning.{name}",), project, indexes)
        await standing(made, "notifications", database)
        if indexes:
            await made.collection.create_indexes(list(indexes))
        return made

    kept = Stores(
        Inbox(PrivateLists(database["inbox"], "inbox", KEY)),
        Ledger(Aggregates(database["deliveries"], Delivery, published)),
        Notices(database["notices"]),
        EarlyAnswers(database["early_answers"]),
        People(await model("users", projections.person(NAMES, PERSONAL), PEOPLE_INDEXES)),
        Challenges(
            await model("challenges", projections.challenge), await model("claims", projections.claim, CLAIM_INDEXES)
        ),
        Consents(Aggregates(database["consents"], SealedConsent, not_published), KEY),
        Aggregates(database["preferences"], Preferences, not_published),
        Aggregates(database["readers"], Reader, not_published),
        Senders(database["senders"]),
    )
    for aggregates in (kept.ledger.rows, kept.consents.rows, kept.preferences, kept.readers):
        await aggregates.prepare()
    for each in (kept.ledger, kept.notices, kept.early_answers):
        await each.prepare()
    return kept


@pytest.fixture
def at_the_door(stores: Stores, test_settings: Settings) -> Callable[[Caller], httpx2.AsyncClient]:
    """A client whose requests come from this caller; WeChat's own path is guarded by its signature."""
    console = Console(cast(Any, None), cast(WeChat, None), was_read=True)
    for each in TEMPLATES.values():
        console.found[each.name] = Template(f"T-{each.name}", each.title, "one_time", each.keys, {})
    answers = ConsentCommands(
        stores.consents,
        stores.readers,
        stores.early_answers,
        stores.people,
        console.kind_with_id,
        NAMES,
        PERSONAL,
        now,
    )
    pushed = CallbackCommands(answers, stores.ledger, stores.people, NAMES, PERSONAL, now)
    pushes = Pushes(Envelope(APPID, AES_KEY), TOKEN, pushed, now)
    rooms = routes.Rooms(
        InboxCommands(stores.inbox, stores.readers, NAMES, now),
        InboxQueries(stores.inbox, stores.readers, NAMES),
        PreferenceCommands(stores.preferences, NAMES),
        answers,
        console,
        pushes,
        stores.ledger,
        stores.senders,
    )

    def client(caller: Caller) -> httpx2.AsyncClient:
        router = routes.router(rooms)
        return asking_as(
            caller, "notifications", test_settings, router, below="/api/v1/notifications/", in_front=pushes.in_front_of
        )

    return client
