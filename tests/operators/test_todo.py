"""What waits for the caller in a service: kinds that are theirs, counted up to a limit, each with its link."""

import httpx2

from shared.access.checking import Caller
from shared.operations.todo import MOST, Waiting, todo_routes
from tests.door import asking_as
from tests.operators.conftest import ALLIANCE, MEMBER, Operated, operator
from tests.operators.test_dead_letters import SUZHOU, parked


def waits(count: int | None) -> Waiting:
    async def counted(_: Caller, limit: int) -> int | None:
        return None if count is None else min(count, limit)

    return Waiting("things", "待办的事", "things?status=open", counted)


def asking(operated: Operated, caller: Caller, *rows: Waiting) -> httpx2.AsyncClient:
    router = todo_routes("search", rows, operated.letters)
    return asking_as(caller, "search", operated.settings, router, below="/api/v1/search/")


async def test_what_waits_is_counted_with_its_name_and_its_link(operated: Operated) -> None:
    items = (await asking(operated, MEMBER, waits(3)).get("todo")).json()["items"]
    link = "/api/v1/things?status=open"
    assert items == [{"kind": "things", "label": "待办的事", "count": 3, "more": False, "link": link}]


async def test_what_is_not_the_callers_is_left_out_and_what_is_empty_is_not(operated: Operated) -> None:
    items = (await asking(operated, MEMBER, waits(None), waits(0)).get("todo")).json()["items"]
    assert [each["count"] for each in items] == [0]


async def test_many_are_not_counted_to_their_end(operated: Operated) -> None:
    (item,) = (await asking(operated, MEMBER, waits(5_000)).get("todo")).json()["items"]
    assert (item["count"], item["more"]) == (MOST, True)


async def test_dead_letters_wait_for_those_who_may_settle_them(operated: Operated) -> None:
    await parked(operated)
    (item,) = (await asking(operated, ALLIANCE).get("todo")).json()["items"]
    assert (item["kind"], item["count"]) == ("dead_letters", 1)
    assert item["link"] == "/api/v1/ops/search/dead-letters?status=open"
    assert (await asking(operated, operator(SUZHOU)).get("todo")).json() == {"items": []}
