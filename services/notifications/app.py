"""notifications put together."""

from collections.abc import Sequence

from services.notifications import projections, routes
from services.notifications.callback.pushes import Pushes
from services.notifications.commands import Commands
from services.notifications.composing.composer import Teller
from services.notifications.composing.store import Notices
from services.notifications.consents.domain import Consent
from services.notifications.consents.store import DeadOpenids, EarlyAnswers
from services.notifications.consumers import Reactions
from services.notifications.inbox.reader import Reader
from services.notifications.inbox.store import Inbox
from services.notifications.names import Names
from services.notifications.preferences.domain import Preferences
from services.notifications.queries import Queries
from services.notifications.sending.console import Console
from services.notifications.sending.delivery import Delivery, told
from services.notifications.sending.sender import Sender
from services.notifications.sending.standing import Standings
from services.notifications.sending.store import Ledger
from services.notifications.store import CLAIM_INDEXES, PEOPLE_INDEXES, Challenges, People
from shared.aggregates.aggregates import not_published
from shared.events.envelope import Event
from shared.messaging.consuming import Subscription
from shared.projections.read_models import ReadModel
from shared.runtime.service import Service
from shared.secrets import PersonalData, Pseudonyms, read_key
from shared.settings import Settings
from shared.values.clock import now
from shared.wechat.client import WeChat
from shared.wechat.crypto import Envelope

_SWEEP_SECONDS = 5.0


def build(settings: Settings) -> Service:
    """The service; nothing is connected yet."""
    service = Service("notifications", settings)
    names = Names(Pseudonyms(read_key(settings.keys / "pseudonym.key")))
    personal = PersonalData(read_key(settings.keys / "personal.key"))
    wechat = WeChat(settings.wechat_url, settings.wechat_appid, settings.wechat_secret)

    deliveries = service.aggregates("deliveries", Delivery, told)
    consents = service.aggregates("consents", Consent, not_published)
    preferences = service.aggregates("preferences", Preferences, not_published)
    readers = service.aggregates("readers", Reader, not_published)
    database = service.database
    inbox, notices, ledger = Inbox(database["inbox"]), Notices(database["notices"]), Ledger(deliveries)
    early_answers = EarlyAnswers(database["early_answers"])
    console = Console(database["console"], wechat)
    standings = Standings(console, names, preferences, consents, DeadOpenids(database["dead_openids"]))

    async def hear(events: Sequence[Event]) -> None:
        await reactions.hear(events)

    people = People(
        service.read_model(
            ReadModel("users", ("huning.users",), projections.person(names, personal), PEOPLE_INDEXES, hear)
        )
    )
    challenges = Challenges(
        service.read_model(ReadModel("challenges", ("huning.challenges",), projections.challenge, then=hear)),
        service.read_model(ReadModel("claims", ("huning.claims",), projections.claim, CLAIM_INDEXES, hear)),
    )
    sender = Sender(ledger, people, standings, wechat, personal, f"notifications-{settings.replica}", now)
    teller = Teller(people, challenges, inbox, notices, ledger, standings, names, sender.offer, now)
    commands = Commands(
        inbox, ledger, people, preferences, consents, readers, early_answers, console, names, personal, now
    )
    reactions = Reactions(teller, commands, people)
    pushes = Pushes(_envelope(settings), settings.wechat_token, commands, now)

    for group in ("organizations", "saved-search-hits"):
        service.consume(Subscription(f"notifications.{group}", (f"huning.{group}",), hear))
    for prepare in (inbox.prepare, notices.prepare, ledger.prepare, early_answers.prepare, console.remember):
        service.prepare(prepare)
    service.run(sender.run)
    service.every(_SWEEP_SECONDS, sender.sweep)
    service.ending(sender.stop)
    service.ending(wechat.close)
    # Until an installation is told its credentials there is nobody to ask, and the inbox works.
    if settings.wechat_appid:
        service.run(console.keep_current)
        service.extra_checks["wechat templates"] = console.check
    service.authenticate = pushes.in_front_of(service.authenticate)
    queries = Queries(inbox, ledger, preferences, console, names)
    service.routes(routes.router(commands, queries, pushes))
    return service


def _envelope(settings: Settings) -> Envelope:
    previous = settings.wechat_previous_aes_key or None
    return Envelope(settings.wechat_appid, settings.wechat_aes_key, previous)
