"""One push, from the first request to the settled batch; it goes on where an earlier one broke off."""

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from services.sync.agent.answers import Batch
from services.sync.agent.client import Client, RefusedError
from services.sync.agent.errors import AgentError, to_be_typed
from services.sync.agent.journal import Journal
from services.sync.agent.parts import Prepared
from services.sync.wire import CoordinateSystem
from shared.values.jurisdictions import Jurisdiction
from shared.values.states import BatchModes

_FIRST_LOOK_S = 0.1
_SLOWEST_LOOK_S = 2.0

Shown = Callable[[str, int, int], None]
"""Told of progress: what is being done, how many rows of how many."""


@dataclass(frozen=True)
class Order:
    """Where the rows go and how they are to be taken.

    `coordinates` is None when no row has any; `columns` is what the file calls the fields, for receipts; `mode` says whether the
    rows are the whole list.
    """

    server: str
    jurisdiction: str
    kind: str
    dry_run: bool
    coordinates: str | None
    columns: Mapping[str, str] = field(default_factory=dict)
    mode: BatchModes = BatchModes.DELTA

    def body(self, prepared: Prepared) -> dict[str, Any]:
        """What `POST sync/batches` takes."""
        stated = {name: value for name, value in vars(self).items() if name != "server" and value not in (None, {})}
        return {**stated, "rows": prepared.rows, "sha256": prepared.sha256}


def order(
    server: str,
    jurisdiction: str,
    kind: str,
    dry_run: bool,
    coordinates: str | None,
    columns: Mapping[str, str],
    mode: BatchModes,
    prepared: Prepared,
) -> Order:
    """An order that fits the rows."""
    refuse_undeclared(coordinates, prepared)
    return Order(server, jurisdiction, kind, dry_run, coordinates, columns, mode)


def refuse_undeclared(coordinates: str | None, prepared: Prepared) -> None:
    """Coordinates of an unknown system could land anywhere: AgentError."""
    if coordinates is None and prepared.located:
        raise AgentError(f"数据行含有坐标，请用 --coordinates 说明坐标系：{to_be_typed(CoordinateSystem)}。")


def journal_of(order: Order, prepared: Prepared, folder: Path) -> Journal:
    """What is known of an unfinished push of this content to this place."""
    return Journal.open(folder, {"server": order.server, **order.body(prepared)})


def settled(client: Client, order: Order, journal: Journal) -> Batch | None:
    """The batch of an earlier command, where it was over before this one began. The journal is of a new push then.

    What others pushed after it stands there now, so its receipt says nothing of what this command was asked to do.
    """
    with _own_key(client, order):
        batch = _known(client, journal)
    if batch is None or not batch.settled:
        return None
    journal.restart()
    return batch


def push(client: Client, order: Order, prepared: Prepared, journal: Journal, shown: Shown) -> Batch:
    """The settled batch. Whatever interrupts it, the same call again goes on with the same batch.

    The caller finishes the journal, once the receipt is in the clerk's hands.
    """
    with _own_key(client, order):
        batch = _known(client, journal) or _opened(client, order, prepared, journal)
        if batch.state == "open":
            batch = _completed(client, prepared, journal, batch.id, shown)
        return wait(client, batch, shown)


def wait(client: Client, batch: Batch, shown: Shown) -> Batch:
    """The batch once every row has its verdict, or it failed."""
    pause = _FIRST_LOOK_S
    while not batch.settled:
        shown("平台核验", batch.progress.done, batch.rows)
        time.sleep(pause)
        pause = min(pause * 1.5, _SLOWEST_LOOK_S)
        batch = client.batch(batch.id)
    return batch


@contextmanager
def _own_key(client: Client, order: Order) -> Iterator[None]:
    """Says whose key it is where the platform forbids what is done with it."""
    try:
        yield
    except RefusedError as refusal:
        if refusal.code != "forbidden":
            raise
        raise AgentError(_anothers_key(client.key_id, order)) from refusal


def _anothers_key(key_id: str, order: Order) -> str:
    """Why a push may not be: the platform names a key after the city that registered it (`suzhou-…`)."""
    owner, wanted = key_id.rpartition("-")[0], Jurisdiction(order.jurisdiction).chinese
    known = owner in list(Jurisdiction) and owner != order.jurisdiction
    whose = f"属于{Jurisdiction(owner).chinese}，" if known else ""
    return f"这把密钥（{key_id}）{whose}不能推送{wanted}的数据。请检查 --key、--key-id 和 --jurisdiction。"


def _known(client: Client, journal: Journal) -> Batch | None:
    """The batch of an earlier command; None where the platform no longer has it or gave it up."""
    if journal.entry.batch_id is None:
        return None
    try:
        batch = client.batch(journal.entry.batch_id)
    except RefusedError as refusal:
        if refusal.status != 404:
            raise
    else:
        if batch.state not in ("failed", "discarded"):
            return batch
    journal.restart()
    return None


def _opened(client: Client, order: Order, prepared: Prepared, journal: Journal) -> Batch:
    try:
        batch = client.open_batch(order.body(prepared), f"{journal.entry.attempt}-open")
    except RefusedError as refusal:
        if not refusal.passing:
            journal.finish()  # nothing was begun
        raise
    journal.update(batch_id=batch.id)
    return batch


def _completed(client: Client, prepared: Prepared, journal: Journal, batch_id: str, shown: Shown) -> Batch:
    try:
        _send_parts(client, prepared, journal, batch_id, shown)
        return _commit(client, journal, batch_id)
    except RefusedError as refusal:
        if refusal.code != "batch_committed":
            raise
        return client.batch(batch_id)  # the same command, run beside this one, was faster


def _send_parts(client: Client, prepared: Prepared, journal: Journal, batch_id: str, shown: Shown) -> None:
    sent = 0
    for part in prepared.parts:
        if part.number not in journal.entry.parts:
            client.put_part(batch_id, part, f"{journal.entry.attempt}-part-{part.number}")
            journal.update(parts=(*journal.entry.parts, part.number))
        sent += part.rows
        shown("上传", sent, prepared.rows)


def _commit(client: Client, journal: Journal, batch_id: str) -> Batch:
    try:
        return client.commit(batch_id, f"{journal.entry.attempt}-commit")
    except RefusedError:
        journal.update(parts=())  # what the platform has is not what we believe: the next run sends every part again
        raise
