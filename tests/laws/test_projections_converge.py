"""Law 4 on a real database: duplicates, replays and reordering all end in the same read model."""

import random
from datetime import timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shared.events.envelope import Event, event
from shared.events.sync import Kind, RecordState
from shared.mongo import Database
from shared.projections.read_models import Register, projection
from shared.values.clock import now
from shared.values.ids import new_id
from shared.values.jurisdictions import Jurisdiction

NOW = now()


def record(number: int, version: int, *, deleted: bool) -> Event:
    state = RecordState(
        jurisdiction=Jurisdiction.SUZHOU,
        kind=Kind.INSTITUTION,
        source_id=str(number),
        title=f"$v{version}",
        deleted=deleted,
        batch_id="b",
        updated_at=NOW,
    )
    at = NOW + timedelta(seconds=version)
    return event("record.deleted" if deleted else "record.changed", f"suzhou/institution/{number}", version, at, state)


def project(each: Event) -> Register:
    assert isinstance(each.data, RecordState)
    return Register(each.subject, {"title": each.data.title}, deleted=each.data.deleted)


histories = st.lists(st.lists(st.booleans(), min_size=1, max_size=6), min_size=1, max_size=5)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(histories=histories, seed=st.integers(0, 2**32), copies=st.integers(1, 3), size=st.integers(1, 7))
async def test_any_order_with_any_repetition_ends_as_the_log_does(
    database: Database, histories: list[list[bool]], seed: int, copies: int, size: int
) -> None:
    log = [record(n, v, deleted=gone) for n, life in enumerate(histories) for v, gone in enumerate(life, 1)]
    delivered = log * copies
    shuffled = random.Random(seed)
    shuffled.shuffle(delivered)
    delivered += shuffled.sample(log, len(log) // 2)
    collection = database[f"items-{new_id()}"]
    fold = projection(collection, project)
    for start in range(0, len(delivered), size):
        await fold(delivered[start : start + size])
    found = {each["_id"]: each async for each in collection.find({})}
    await collection.drop()
    assert len(found) == len(histories)
    for number, life in enumerate(histories):
        document = found[f"suzhou/institution/{number}"]
        assert document["version"] == len(life)
        assert document["deleted"] is life[-1]
        assert document.get("title") == (None if life[-1] else f"$v{len(life)}")
