"""The composition root of sync: the API that cities push to, and the worker that applies what they pushed."""

from functools import partial

from services.sync import routes
from services.sync.applying import consumers
from services.sync.applying.worker import Worker
from services.sync.intake import queries
from services.sync.intake.expiring import EXPIRE_SECONDS, Expiring
from services.sync.intake.signatures import Signatures
from services.sync.objections.queries import to_answer
from services.sync.records.lapses import LOOK_SECONDS
from services.sync.retention import RETENTION
from services.sync.store import Store
from services.sync.uploads.keeping import KEY
from shared.operations.todo import Waiting
from shared.runtime.service import Service
from shared.secrets import PersonalData, Sealer, read_key
from shared.settings import Settings

_REPAIR_SECONDS = 10.0


def build(settings: Settings) -> Service:
    """The API."""
    service = Service("sync", settings, keeps=RETENTION)
    store = _store(service)
    signatures = Signatures(partial(queries.agent_with_key, store.intake), store.intake.nonces, settings.public_url)
    service.authenticate_with(signatures.beside)
    service.consumed_elsewhere(consumers.intake_of_the_worker(service.bus.publish_many))
    personal, sealer = PersonalData(read_key(settings.keys, "personal")), Sealer(read_key(settings.keys, KEY))
    service.routes(routes.router(store, personal, sealer))
    service.todo(
        Waiting(
            "batches_to_approve",
            "待批准的全量批次",
            "sync/batches?state=awaiting_approval",
            partial(queries.to_approve, store.intake),
        ),
        Waiting(
            "objections_to_answer",
            "待答复的数据异议",
            "sync/objections?state=open",
            partial(to_answer, store.objections),
        ),
    )
    return service


def build_worker(settings: Settings) -> Service:
    """The worker. Several may run: the partitions of huning.intake, one per jurisdiction, are divided among them."""
    service = Service("sync", settings, process="sync-worker", keeps=RETENTION)
    store = _store(service)
    worker = Worker(
        store.intake,
        store.receipts,
        store.records,
        store.lists,
        store.withdrawals,
        store.confirmed,
        service.bus.publish_many,
    )
    service.consume(consumers.intake(worker))
    service.every(_REPAIR_SECONDS, worker.repair)
    service.every(EXPIRE_SECONDS, Expiring(store.intake).expire)
    service.every(LOOK_SECONDS, store.lapses.look)
    return service


def _store(service: Service) -> Store:
    receipts_kept = service.retention["receipt_chunks"].after
    versions_kept = service.retention["record_versions"].after
    assert receipts_kept is not None
    assert versions_kept is not None
    store = Store.of(service.database, service.aggregates, receipts_kept, versions_kept)
    service.publishes(store.records)
    service.after_adopting(store.go_on_above)
    service.prepare(store.prepare)
    return store
