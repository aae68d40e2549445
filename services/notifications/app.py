"""The composition of notifications: the only file that sees all its parts."""

from collections.abc import Sequence

from services.notifications import projections, routes
from services.notifications.callback.commands import CallbackCommands
from services.notifications.callback.pushes import Pushes
from services.notifications.composing.catching_up import CatchingUp
from services.notifications.composing.composer import Composer
from services.notifications.composing.store import Notices
from services.notifications.consents.commands import ConsentCommands
from services.notifications.consents.store import Consents, DeadOpenids, EarlyAnswers, SealedConsent
from services.notifications.consumers import Reactions
from services.notifications.inbox.commands import InboxCommands
from services.notifications.inbox.queries import InboxQueries
from services.notifications.inbox.reader import Reader
from services.notifications.inbox.store import Inbox
from services.notifications.names import Names
from services.notifications.preferences.commands import PreferenceCommands
from services.notifications.preferences.domain import Preferences
from services.notifications.retention import RETENTION
from services.notifications.sending.console import Console
from services.notifications.sending.delivery import Delivery, published, taken_from_log
from services.notifications.sending.gate import Gate
from services.notifications.sending.queueing import Queueing
from services.notifications.sending.sender import Sender
from services.notifications.sending.standing import Standings
from services.notifications.sending.store import Ledger, Senders
from services.notifications.store import CLAIM_INDEXES, PEOPLE_INDEXES, Challenges, People
from shared.aggregates.aggregates import not_published
from shared.aggregates.private_lists import PrivateLists
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
    service = Service("notifications", settings, keeps=RETENTION)
    key = read_key(settings.keys, "pseudonym")
    names, personal = Names(Pseudonyms(key)), PersonalData(read_key(settings.keys, "personal"))
    wechat = WeChat(settings.wechat_url, settings.wechat_appid, settings.wechat_secret)

    database = service.database
    preferences = service.aggregates("preferences", Preferences, not_published)
    readers = service.aggregates("readers", Reader, not_published)
    consents = Consents(service.aggregates("sealed_consents", SealedConsent, not_published), key)
    ledger = Ledger(service.aggregates("deliveries", Delivery, published, take=taken_from_log))
    inbox, notices = Inbox(PrivateLists(database["inbox"], "inbox", key, now)), Notices(database["notices"])
    early_answers, console = EarlyAnswers(database["early_answers"]), Console(database["console"], wechat)

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
    dead_openids = DeadOpenids(database["dead_openids"])
    standings = Standings(console, names, people, preferences, consents, dead_openids)
    gate, senders = Gate(wechat, now), Senders(database["senders"])
    sender = Sender(ledger, standings, wechat, personal, f"notifications-{settings.replica}", now, gate, senders)
    queueing = Queueing(ledger, standings, names, sender.offer, now)
    composer = Composer(people, challenges, inbox, notices, queueing)
    answers = ConsentCommands(consents, readers, early_answers, people, console.kind_with_id, names, personal, now)
    reactions = Reactions(composer, CatchingUp(composer, people, notices, queueing), answers, people)
    pushed = CallbackCommands(answers, ledger, people, names, personal, now)
    pushes = Pushes(_envelope(settings), settings.wechat_token, pushed, now)

    # A reader for each topic: a flood of hits delays no other message.
    for group in ("organizations", "saved-search-hits", "batches", "lists", "objections"):
        service.consume(Subscription(f"notifications.{group}", (f"huning.{group}",), hear))
    for prepare in (notices.prepare, ledger.prepare, early_answers.prepare, console.remember):
        service.prepare(prepare)
    service.run(sender.run)
    service.every(_SWEEP_SECONDS, sender.sweep)
    service.ending(sender.stop)
    service.ending(wechat.close)
    # Until an installation is told its credentials there is nobody to ask, and the inbox works.
    if settings.wechat_appid:
        service.run(console.keep_current)
        service.check("wechat templates", console.check)
    service.authenticate_with(pushes.in_front_of)
    rooms = routes.Rooms(
        InboxCommands(inbox, readers, names, now),
        InboxQueries(inbox, readers, names),
        PreferenceCommands(preferences, names),
        answers,
        console,
        pushes,
        ledger,
        senders,
    )
    service.routes(routes.router(rooms))
    return service


def _envelope(settings: Settings) -> Envelope:
    previous = settings.wechat_previous_aes_key or None
    return Envelope(settings.wechat_appid, settings.wechat_aes_key, previous)
