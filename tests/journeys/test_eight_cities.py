"""The main job on real input: eight real files through the agent, `sync`, Kafka and `search`."""

import json
from collections import Counter
from pathlib import Path

import pytest

from shared.values.jurisdictions import Jurisdiction
from tests import log
from tests.cities import Receipts, institutions, push_all
from tests.client import Api
from tests.stack import Stack

SAMPLE = Path(__file__).parents[2] / "deploy" / "local" / "sample" / "institutions"


def total(receipts: Receipts) -> Counter[str]:
    counts: Counter[str] = Counter()
    for receipt in receipts:
        counts.update(receipt["counts"])
    return counts


def rows(city: Jurisdiction) -> list[dict[str, object]]:
    found: list[dict[str, object]] = json.loads((SAMPLE / f"{city}.json").read_text())
    return found


def test_the_eight_receipts_account_for_every_row(first_receipts: Receipts) -> None:
    assert len(first_receipts) == 8
    assert sum(receipt["rows"] for receipt in first_receipts) == 352
    assert +total(first_receipts) == {"added": 306, "duplicate": 46}


@pytest.mark.parametrize("city", list(Jurisdiction))
def test_every_distinct_institution_is_found_in_its_city(
    first_receipts: Receipts, api: Api, city: Jurisdiction
) -> None:
    distinct = {(row["name"], row["address"]) for row in rows(city)}
    assert institutions(api, city) == len(distinct)


def test_coordinates_are_gcj02_where_the_files_have_bd09(first_receipts: Receipts, api: Api) -> None:
    row = next(row for row in rows(Jurisdiction.SUZHOU) if row["name"] == "苏州大学(独墅湖校区)")
    parameters = {"q": "苏州大学独墅湖校区", "jurisdiction": "suzhou", "kind": "institution"}
    found = api.visitor.get("search", params=parameters).expect(200)["items"]
    item = next(each for each in found if each["title"] == row["name"])
    location = row["location"]
    assert isinstance(location, dict)
    # BD-09 lies north-east of GCJ-02 by about 0.006 degrees everywhere (the published transformation).
    assert location["lng"] - item["location"]["longitude"] == pytest.approx(0.0065, abs=0.0015)
    assert location["lat"] - item["location"]["latitude"] == pytest.approx(0.0060, abs=0.0015)


def test_the_same_files_again_change_nothing_and_tell_nobody(first_receipts: Receipts, stack: Stack, api: Api) -> None:
    before = len(log.records(stack.kafka, "huning.records"))
    again = push_all(stack)
    assert +total(again) == {"unchanged": 306, "duplicate": 46}
    assert len(log.records(stack.kafka, "huning.records")) == before
    assert institutions(api) == 306


def test_both_replicas_of_search_answer_alike(first_receipts: Receipts, stack: Stack) -> None:
    one, two = Api(stack.address("search")), Api(stack.address("search-2"))
    for parameters in (
        {"q": "大学", "limit": 50},
        {"q": "职业技术学院", "jurisdiction": "nanjing,suzhou", "sort": "newest"},
        {"kind": "institution", "near": "120.62,31.30", "radius": 5000, "sort": "distance"},
        {"q": "师范", "bbox": "118.0,31.5,119.5,32.5"},
    ):
        first = one.visitor.get("search", params=parameters).expect(200)
        second = two.visitor.get("search", params=parameters).expect(200)
        assert first["items"], parameters
        assert {**first, "as_of": None} == {**second, "as_of": None}
    one.close()
    two.close()
