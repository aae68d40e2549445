"""A saved search tells its owner of a record that a city pushes, as it tells of a challenge."""

from pathlib import Path
from typing import Any

from shared.values.ids import new_id
from tests.client import Api, until
from tests.faults.pushing import City
from tests.stack import Stack

WORD = "甲醇制氢中试平台"


def test_a_record_that_a_city_pushes_is_told_to_whoever_searched_for_it(stack: Stack, api: Api, tmp_path: Path) -> None:
    searcher = api.as_(f"searcher-{new_id()}")
    wanted = {"name": "制氢", "query": {"q": WORD, "type": "record", "kind": "platform"}, "notify": "at_once"}
    searcher.post("search/subscriptions", json=wanted).expect(201)

    city, source_id = City.register(stack, api, "zhenjiang", tmp_path), new_id()
    city.push([{"source_id": source_id, "title": WORD}, {"source_id": new_id(), "title": "另一平台"}])

    def told() -> Any:
        return searcher.get("notifications/inbox").expect(200)["items"]

    (item,) = until(told, seconds=60)
    assert item["link"] == {"type": "record", "id": f"zhenjiang/platform/{source_id}"}
    assert (item["title"], item["body"]) == ("有新内容符合“制氢”", f"镇江发布了创新平台“{WORD}”。")
