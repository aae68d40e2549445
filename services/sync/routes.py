"""The public routes of sync, room by room."""

from functools import partial

from services.sync.applying import routes as applying
from services.sync.applying.applied import Applied
from services.sync.applying.queries import batch_view
from services.sync.intake import routes as intake
from services.sync.objections import routes as objections
from services.sync.objections.commands import ObjectionCommands
from services.sync.organizations import routes as organizations
from services.sync.records import routes as records
from services.sync.records.feed import Feed
from services.sync.store import Store
from services.sync.uploads import routes as uploads
from services.sync.uploads.commands import Uploads
from services.sync.uploads.keeping import KeptFiles
from shared.http.routes import Router
from shared.secrets import PersonalData, Sealer


def router(store: Store, personal: PersonalData, sealer: Sealer) -> Router:
    """All of them. `personal` seals whom to ask about an objection, `sealer` the files that are uploaded."""
    router = Router()
    shown = partial(batch_view, store.intake, store.receipts)
    intake.add_routes(router, store.intake, shown)
    uploads.add_routes(router, Uploads(store.intake, KeptFiles(store.intake.files, sealer)), store.receipts, shown)
    applying.add_routes(router, store.intake, store.receipts, store.withdrawals)
    records.add_routes(router, store.lists, store.codes, store.portals, store.rhythms)
    applied = Applied(store.lists, store.intake.places, store.receipts)
    feed = Feed(store.records.collection, store.records.versions.collection, applied)
    records.add_routes_of_records(router, store.records, store.history, feed)
    objections.add_routes(router, ObjectionCommands(store.objections, store.records, personal))
    organizations.add_routes(router, store.joined)
    return router
