"""A city's push takes the processor from nobody who waits for an answer."""

import psutil

from tests.stack import Stack


def test_workers_give_way_to_whoever_answers_people(stack: Stack) -> None:
    def niceness(name: str) -> int:
        return int(psutil.Process(stack.pid(name)).nice())

    usual = {niceness(name) for name in ("gateway", "accounts", "challenges", "sync", "search", "notifications")}
    assert len(usual) == 1
    assert {niceness(name) for name in ("sync-worker", "search-worker")} == {usual.pop() + 10}
