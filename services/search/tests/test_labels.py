"""`GET labels`: every value that a client meets has a Chinese name."""

import re
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any

import pytest

from services.search.labels.queries import all_labels
from services.search.labels.routes import label_routes
from shared.access.checking import VISITOR
from shared.settings import Settings
from shared.values.labels import VALUE_SETS
from tests.door import asking_as

ROOT = Path(__file__).parents[3]
LABELS: dict[str, list[dict[str, Any]]] = all_labels().view.model_dump()


@pytest.mark.parametrize("name", LABELS)
def test_every_value_of_a_set_has_a_chinese_name_and_stands_there_once(name: str) -> None:
    values = [each.get("value", each.get("code")) for each in LABELS[name]]
    names = [str(each.get("label", each.get("title"))) for each in LABELS[name]]
    assert len(values) == len(set(values)) > 0
    assert all(re.search("[\u4e00-\u9fff]", each) for each in names)


def test_the_sets_are_those_of_the_contract() -> None:
    named = {"boards", "lists", "jurisdictions", "problems"}
    assert set(LABELS) == {*VALUE_SETS, *named}
    assert {
        "kinds",
        "states",
        "claim_states",
        "roles",
        "industries",
        "modes",
        "ip_terms",
        "disclosures",
        "actions",
    } <= (set(LABELS))


def test_a_kind_says_its_board_and_its_list_and_a_jurisdiction_its_code() -> None:
    kinds = {each["value"]: each for each in LABELS["kinds"]}
    assert kinds["talent"] == {"value": "talent", "label": "科技人才", "board": "talent", "list": "resources"}
    jurisdictions = {each["value"]: each for each in LABELS["jurisdictions"]}
    assert jurisdictions["suzhou"] == {"value": "suzhou", "label": "苏州", "code": "320500"}


def test_the_problems_of_every_service_are_named() -> None:
    tables = {path.parent.name for path in (ROOT / "services").glob("*/problems.py")}
    assert {each.name for each in entry_points(group="huning.problems")} == tables
    codes = {each["code"] for each in LABELS["problems"]}
    assert {"not_found", "index_building", "deadline_passed", "too_many_saved_searches"} <= codes


async def test_a_client_that_has_them_is_answered_304() -> None:
    client = asking_as(VISITOR, "search", Settings(), label_routes(), below="/api/v1/")
    first = await client.get("labels")
    assert (first.status_code, first.headers["cache-control"]) == (200, "public, max-age=3600")
    again = await client.get("labels", headers={"if-none-match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
