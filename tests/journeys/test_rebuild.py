"""A read model is rebuilt from the log while the old one serves: no query fails, and the documents are the same after it."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from tests.cities import Receipts
from tests.client import Api, until
from tests.security.requests import everything

QUERIES_A_SECOND = 100


class Querying:
    """A hundred queries a second until it is stopped; remembers every answer that was not 200."""

    def __init__(self, api: Api) -> None:
        self._api, self._stop = api, threading.Event()
        self.failed: list[Any] = []
        self.answered = 0

    def __enter__(self) -> "Querying":
        self._pool = ThreadPoolExecutor(8)
        self._pacer = threading.Thread(target=self._pace)
        self._pacer.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._pacer.join()
        self._pool.shutdown()

    def _pace(self) -> None:
        due = time.monotonic()
        while not self._stop.is_set():
            self._pool.submit(self._ask)
            due += 1 / QUERIES_A_SECOND
            time.sleep(max(0.0, due - time.monotonic()))

    def _ask(self) -> None:
        answer = self._api.visitor.get("search", params={"q": "大学", "kind": "institution", "limit": 5})
        if answer.status != 200 or answer.body["total"] == 0:
            self.failed.append(answer)
        self.answered += 1


def documents(api: Api) -> dict[str, Any]:
    """Everything that search finds, by id."""
    return {each["id"]: each for each in everything(api.visitor, "search")}


def test_rebuilding_while_a_hundred_queries_a_second_run_fails_none_of_them(api: Api, first_receipts: Receipts) -> None:
    operator = api.as_("operator-alliance")

    def shown() -> Any:
        found = operator.get("ops/search/read-models").expect(200)["items"]
        return next(each for each in found if each["name"] == "index")

    before, generation = documents(api), shown()["generation"]
    with Querying(api) as querying:
        operator.post("ops/search/read-models/index/rebuild").expect(202)
        until(lambda: shown()["generation"] > generation and not shown()["rebuilding"], seconds=60)
        asked = querying.answered
        until(lambda: querying.answered > asked + 100)
    assert querying.failed == []
    assert documents(api) == before
