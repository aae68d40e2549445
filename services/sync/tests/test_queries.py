import asyncio
import csv
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from typing import Any, cast

import pytest

from services.sync.applying import queries
from services.sync.applying.receipts import Progress, Receipts
from services.sync.intake.agent import Agent
from services.sync.intake.batch import Batch, published
from services.sync.intake.queries import agent_with_key
from services.sync.intake.store import Intake
from services.sync.records import views
from services.sync.records.rhythms import USUAL_DAYS, Rhythm
from services.sync.tests.builders import AT, batch
from shared.access.checking import Caller
from shared.events.accounts import Role
from shared.tests.memory import MemoryAggregates
from shared.values.jurisdictions import Jurisdiction
from shared.values.problems import Refusal

OPERATOR = Caller("u", frozenset({(Role.CITY_OPERATOR, Jurisdiction.NANTONG)}))
ROWS = [
    {
        "row": 1,
        "source_id": "=HYPERLINK(1)",
        "verdict": "rejected",
        "field": "title",
        "code": "missing",
        "message": "请补上",
    },
    {"row": 2, "source_id": "-2", "verdict": "added"},
    {"row": 3, "verdict": "rejected", "code": "bad_json", "message": "x"},
]


class _Receipts:
    kept = timedelta(days=1)

    def __init__(self, *, all_there: bool = True) -> None:
        self.all_there = all_there

    def are_kept(self, committed_at: datetime) -> bool:
        return self.all_there

    async def how_far(self, batch_id: str) -> Progress:
        return Progress(chunks=1, rows=3)

    async def rows(self, batch_id: str, verdict: str | None, chunks: range) -> AsyncIterator[tuple[int, Any]]:
        for row in ROWS if 0 in chunks else []:
            if verdict in (None, row["verdict"]):
                yield 0, row


def _intake(*kept: Agent) -> Intake:
    """With one batch of Nantong's, and these agents."""
    agents, batches = MemoryAggregates(Agent), MemoryAggregates(Batch, published)
    batches.put(batch())
    for each in kept:
        agents.put(each)
    return Intake(agents, batches, *[cast(Any, None)] * 4)


INTAKE, BATCH = _intake(), batch().id
RECEIPTS = cast(Receipts, _Receipts())


def test_a_receipt_is_read_page_by_page_without_gap_or_repetition() -> None:
    first = asyncio.run(queries.list_rows(INTAKE, RECEIPTS, OPERATOR, BATCH, None, 2, None))
    second = asyncio.run(queries.list_rows(INTAKE, RECEIPTS, OPERATOR, BATCH, None, 2, first.next_cursor))
    assert [row.row for row in [*first.items, *second.items]] == [1, 2, 3]
    assert second.next_cursor is None


def test_rows_are_found_by_their_verdict() -> None:
    page = asyncio.run(queries.list_rows(INTAKE, RECEIPTS, OPERATOR, BATCH, "rejected", 20, None))
    assert [row.row for row in page.items] == [1, 3]


async def test_a_receipt_of_which_rows_may_be_gone_is_refused_as_a_whole() -> None:
    gone = cast(Receipts, _Receipts(all_there=False))
    for asked in (queries.list_rows(INTAKE, gone, OPERATOR, BATCH, None, 2, None), _as_csv(gone)):
        with pytest.raises(Refusal) as refusal:
            await asked
        assert (refusal.value.problem.status, refusal.value.problem.code) == (410, "receipt_expired")


async def _as_csv(receipts: Receipts) -> Any:
    return await queries.rows_as_csv(INTAKE, receipts, OPERATOR, BATCH, None)


@pytest.mark.parametrize("cursor", ["x", "WzFd", "W10", "InRleHQi", "Wy0xLDBd"])
def test_a_cursor_of_another_making_is_refused(cursor: str) -> None:
    with pytest.raises(Refusal):
        asyncio.run(queries.list_rows(INTAKE, RECEIPTS, OPERATOR, BATCH, None, 2, cursor))


def test_another_citys_receipt_is_as_if_it_did_not_exist() -> None:
    stranger = Caller("u", frozenset({(Role.CITY_OPERATOR, Jurisdiction.SUZHOU)}))
    with pytest.raises(Refusal) as refused:
        asyncio.run(queries.list_rows(INTAKE, RECEIPTS, stranger, BATCH, None, 2, None))
    assert refused.value.problem.status == 404


def _csv() -> list[dict[str, str]]:
    async def whole() -> str:
        return "".join([line async for line in await queries.rows_as_csv(INTAKE, RECEIPTS, OPERATOR, BATCH, None)])

    text = asyncio.run(whole())
    assert text.startswith("\ufeff")
    return list(csv.DictReader(text.removeprefix("\ufeff").splitlines()))


def test_the_csv_marks_formulas_as_text() -> None:
    assert [row["编号"] for row in _csv()] == ["'=HYPERLINK(1)", "'-2", ""]


def test_the_csv_calls_fields_and_verdicts_by_their_chinese_names() -> None:
    assert [(row["结论"], row["字段"]) for row in _csv()] == [("拒收", "标题"), ("新增", ""), ("拒收", "")]


def test_a_list_is_stale_when_its_last_batch_is_too_long_ago() -> None:
    kept = {"jurisdiction": "nantong", "kind": "platform", "records": 5, "rejected_share": 0.1, "last_batch_at": AT}
    usual = timedelta(days=USUAL_DAYS)
    fresh = views.jurisdiction_view(Rhythm(id=Jurisdiction.NANTONG), [kept], AT + usual)
    stale = views.jurisdiction_view(Rhythm(id=Jurisdiction.NANTONG), [kept], AT + usual + timedelta(seconds=1))
    assert (fresh.kinds[0].stale, stale.kinds[0].stale) == (False, True)
    assert fresh.kinds[0].age_seconds == int(usual.total_seconds())
    assert views.jurisdiction_view(Rhythm(id=Jurisdiction.WUXI), [kept], AT).kinds == []


def test_a_list_is_stale_by_its_citys_own_rhythm() -> None:
    kept = {"jurisdiction": "nantong", "kind": "platform", "records": 5, "last_batch_at": AT}
    weekly = Rhythm(id=Jurisdiction.NANTONG, days={"platform": 7})
    (shown,) = views.jurisdiction_view(weekly, [kept], AT + timedelta(days=8)).kinds
    assert (shown.expected_days, shown.stale) == (7, True)
    (other,) = views.jurisdiction_view(weekly, [{**kept, "kind": "event"}], AT + timedelta(days=8)).kinds
    assert (other.expected_days, other.stale) == (USUAL_DAYS, False)


def test_a_list_without_one_good_batch_is_stale_and_has_no_age() -> None:
    kept = {"jurisdiction": "nantong", "kind": "platform", "records": 0, "seq": 1}
    (only,) = views.jurisdiction_view(Rhythm(id=Jurisdiction.NANTONG), [kept], AT).kinds
    assert (only.last_batch_at, only.age_seconds, only.stale) == (None, None, True)


def test_a_removed_agents_key_opens_nothing() -> None:
    agent = Agent(
        id="1", key_id="k", jurisdiction="nantong", name="n", public_key="p", registered_by="u", created_at=AT
    )

    assert asyncio.run(agent_with_key(_intake(agent), "k")) == agent
    removed = agent.model_copy(update={"removed_at": AT})
    assert asyncio.run(agent_with_key(_intake(removed), "k")) is None
