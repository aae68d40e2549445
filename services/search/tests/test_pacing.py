"""When a commit is due."""

import asyncio

import pytest

from services.search.indexing import pacing
from services.search.indexing.pacing import Pacing


@pytest.fixture(autouse=True)
def long_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    """Longer than any test, so that whatever is due was not waited for."""
    monkeypatch.setattr(pacing, "_RECORDS_GAP_SECONDS", 3600.0)
    monkeypatch.setattr(pacing, "_BACKLOG_GAP_SECONDS", 3600.0)


def just_committed() -> Pacing:
    made = Pacing()
    made.begun()
    made.ended()
    return made


async def waits(due: "asyncio.Task[None]") -> bool:
    for _ in range(10):
        await asyncio.sleep(0)
    return not due.done()


async def test_a_change_after_a_pause_is_committed_at_once() -> None:
    """Report: publish → searchable is what a city clerk waits for."""
    rested = Pacing()
    rested.changed(prompt=True)
    await rested.due()
    assert rested.has_changes


@pytest.mark.parametrize("prompt", [True, False], ids=["after a commit", "in a backlog"])
async def test_records_wait_and_a_challenge_does_not(prompt: bool) -> None:
    """Report: a city's load starved everybody's publishing."""
    busy = just_committed()
    busy.changed(prompt=prompt)
    due = asyncio.create_task(busy.due())
    assert await waits(due)
    busy.changed(prompt=prompt, urgent=True)
    await asyncio.wait_for(due, 5)


async def test_a_commit_takes_all_that_was_noted_before_it() -> None:
    busy = Pacing()
    busy.changed(prompt=True, urgent=True)
    busy.begun()
    assert not busy.has_changes
