"""All routes of the service, room by room."""

from dataclasses import dataclass

from services.notifications.callback.pushes import Pushes
from services.notifications.callback.routes import callback_routes
from services.notifications.consents.commands import ConsentCommands
from services.notifications.consents.routes import consent_routes
from services.notifications.inbox.commands import InboxCommands
from services.notifications.inbox.queries import InboxQueries
from services.notifications.inbox.routes import inbox_routes
from services.notifications.preferences.commands import PreferenceCommands
from services.notifications.preferences.routes import preference_routes
from services.notifications.sending.console import Console
from services.notifications.sending.routes import delivery_routes
from services.notifications.sending.store import Ledger, Senders
from services.notifications.subjects.table import GROUPS, MESSAGES
from shared.http.routes import Router
from shared.wechat.client import Template


@dataclass(frozen=True)
class Rooms:
    """What the routes call."""

    inbox: InboxCommands
    inbox_queries: InboxQueries
    preferences: PreferenceCommands
    consents: ConsentCommands
    console: Console
    pushes: Pushes
    ledger: Ledger
    senders: Senders


def router(rooms: Rooms) -> Router:
    """The service's routes."""
    routes = Router()
    inbox_routes(routes, rooms.inbox, rooms.inbox_queries)
    preference_routes(routes, rooms.preferences, GROUPS)
    consent_routes(routes, rooms.consents, lambda: list_templates(rooms.console))
    callback_routes(routes, rooms.pushes)
    delivery_routes(routes, rooms.ledger, rooms.senders)
    return routes


def list_templates(console: Console) -> list[tuple[Template, list[str]]]:
    """The templates that can be asked for, each with the events whose messages use it."""
    return [
        (template, sorted({message.event for message in MESSAGES if message.template == name}))
        for name, template in sorted(console.found.items())
    ]
