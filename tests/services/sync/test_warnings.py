"""What a city is told of rows that were taken: what was altered, what was left out, where they stand, what is in doubt."""

import httpx2
import pytest

from services.sync.applying.consumers import ROUND_SECONDS
from services.sync.applying.worker import Worker
from shared.access.checking import VISITOR
from tests.door import Door
from tests.services.sync.pushing import NANTONG, committed, row, send
from tests.services.sync.test_agents import OPERATOR


async def test_a_verdict_lists_what_was_altered_and_where_the_row_stands_in_the_citys_file(
    at_the_door: Door, worker: Worker
) -> None:
    client = at_the_door(NANTONG)
    rows = [
        row("A", title="　中试基地", contact={"phone": "13812345678转"}, _at={"line": 5, "sheet": "平台"}),
        row("B", contact={"phone": "13812345678"}, _at={"line": 6, "sheet": "平台"}),
        row("C", contact={"phone": 1.38e10}, _at={"line": 7, "sheet": "平台"}),
    ]
    batch_id = await committed(client, rows, columns={"contact.phone": "手机"})
    await worker.advance(batch_id, ROUND_SECONDS)
    shown = (await client.get(f"batches/{batch_id}")).json()
    assert (shown["warnings"], shown["counts"]["added"], shown["counts"]["rejected"]) == (1, 2, 1)
    items = (await client.get(f"batches/{batch_id}/rows")).json()["items"]
    assert [each["at"] for each in items] == [
        {"sheet": "平台", "line": 5, "column": None},
        {"sheet": "平台", "line": 6, "column": None},
        {"sheet": "平台", "line": 7, "column": "手机"},
    ]
    dropped = {"field": "contact.phone", "from": "*********78转", "to": None, "rule": "dropped"}
    cleaned = {
        "field": "title",
        "from": "　中试基地",
        "to": "中试基地",
        "rule": "blanks",
        "code": None,
        "message": None,
    }
    assert items[0]["normalized"][0].items() >= dropped.items()
    assert items[0]["normalized"][0]["message"].startswith("电话号码“*********78转”无法识别")
    assert items[0]["normalized"][1:] == [cleaned]
    assert items[1]["normalized"] is None
    warned = (await client.get(f"batches/{batch_id}/rows", params={"warned": True})).json()["items"]
    assert warned == items[:1]
    table = (await client.get(f"batches/{batch_id}/rows", params={"format": "csv"})).text
    assert "12345678" not in table.replace("138****5678", "")
    assert "平台,7,手机" in table


async def test_a_warning_stands_with_a_row_that_is_unchanged_and_what_was_cleaned_is_told_once(
    at_the_door: Door, worker: Worker
) -> None:
    client = at_the_door(NANTONG)
    rows = [row("A", portal_url="见官网", _at={"line": 2}), row("B", title="　乙", _at={"line": 3})]
    await worker.advance(await committed(client, rows), ROUND_SECONDS)
    await worker.advance(again := await committed(client, [*rows, row("C")]), ROUND_SECONDS)
    first, second, _ = (await client.get(f"batches/{again}/rows")).json()["items"]
    assert (first["verdict"], first["normalized"][0]["rule"], first["at"]["line"]) == ("unchanged", "dropped", 2)
    assert (second["verdict"], second["normalized"], second["at"]) == ("unchanged", None, None)


async def test_a_code_that_an_operator_has_confirmed_is_no_warning_any_longer(
    at_the_door: Door, worker: Worker
) -> None:
    client, code = at_the_door(NANTONG), "91350100M000100Y44"
    rows = [row("A", organization={"name": "甲", "credit_code": code})]
    await worker.advance(first := await committed(client, rows), ROUND_SECONDS)
    assert (await client.get(f"batches/{first}")).json()["warnings"] == 1
    operator = at_the_door(OPERATOR)
    confirmed = await send(operator, "POST", f"organizations/{code}/confirm")
    assert (confirmed.status_code, confirmed.json()["credit_code"]) == (200, code)
    again = await send(operator, "POST", f"organizations/{code}/confirm")
    assert again.json() == confirmed.json()
    await worker.advance(second := await committed(client, rows), ROUND_SECONDS)
    assert (await client.get(f"batches/{second}")).json()["warnings"] == 0


@pytest.mark.parametrize("code", ["91350100M000100Y43", "0" * 18, "311002199103150297", "x"])
async def test_only_a_wrong_check_digit_can_be_confirmed(at_the_door: Door, code: str) -> None:
    answer = await send(at_the_door(OPERATOR), "POST", f"organizations/{code}/confirm")
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "credit_code")


async def test_an_agent_confirms_no_code(at_the_door: Door) -> None:
    answer = await send(at_the_door(NANTONG), "POST", "organizations/91350100M000100Y44/confirm")
    assert answer.status_code == 403


async def test_a_batch_of_which_nothing_was_good_makes_no_list_fresher(at_the_door: Door, worker: Worker) -> None:
    client, visitor = at_the_door(NANTONG), at_the_door(VISITOR)
    bad = [row("A", title=""), row("A", title="")]
    await worker.advance(await committed(client, bad), ROUND_SECONDS)
    assert await freshness(visitor) == (None, 0.5)
    await worker.advance(await committed(client, [row("A")]), ROUND_SECONDS)
    good = await freshness(visitor)
    assert (good[0] is not None, good[1]) == (True, 0.0)
    await worker.advance(await committed(client, bad), ROUND_SECONDS)
    assert await freshness(visitor) == (good[0], 0.5)


async def freshness(visitor: httpx2.AsyncClient) -> tuple[str | None, float]:
    """When the list of platforms of Nantong had its last good batch, and the share of rejected rows."""
    items = (await visitor.get("jurisdictions")).json()["items"]
    (kind,) = next(each["kinds"] for each in items if each["jurisdiction"] == "nantong")
    return kind["last_batch_at"], kind["rejected_share"]
