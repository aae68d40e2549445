"""Answers that are made once for a commit."""

import asyncio

import pytest

from services.search.indexing.answers import Answers


class Making:
    """Makes numbered answers, and counts them."""

    def __init__(self) -> None:
        self.made = 0
        self.may_end = asyncio.Event()
        self.may_end.set()

    async def __call__(self) -> int:
        self.made += 1
        number = self.made
        await self.may_end.wait()
        return number


@pytest.fixture
def answers(monkeypatch: pytest.MonkeyPatch) -> Answers:
    """Answers that are never too young to be made anew."""
    monkeypatch.setattr("services.search.indexing.answers._SHARE", 0)
    return Answers()


async def test_one_commit_is_answered_once_and_the_next_anew(answers: Answers) -> None:
    make = Making()
    assert [await answers.get(commit, "home", make) for commit in ("1", "1", "2", "2")] == [1, 1, 2, 2]


async def test_requests_at_one_time_share_one_answer(answers: Answers) -> None:
    make = Making()
    make.may_end.clear()
    asked = [asyncio.create_task(answers.get("1", "home", make)) for _ in range(5)]
    await asyncio.sleep(0)
    asked[0].cancel()
    make.may_end.set()
    assert await asyncio.gather(*asked[1:]) == [1, 1, 1, 1]


async def test_under_a_stream_of_commits_an_answer_serves_ten_times_as_long_as_it_took() -> None:
    answers, make = Answers(), Making()
    make.may_end.clear()
    first = asyncio.create_task(answers.get("1", "home", make))
    await asyncio.sleep(0.05)
    make.may_end.set()
    assert await first == 1
    assert await answers.get("2", "home", make) == 1
    while await answers.get("3", "home", make) == 1:
        await asyncio.sleep(0.01)


async def test_different_questions_have_different_answers_and_the_oldest_are_forgotten(
    answers: Answers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.search.indexing.answers._MOST", 2)
    make = Making()
    assert [await answers.get("1", key, make) for key in ("a", "b", "c", "b", "a")] == [1, 2, 3, 2, 4]


async def test_what_failed_is_tried_again(answers: Answers) -> None:
    async def failing() -> int:
        raise ValueError("a broken index")

    with pytest.raises(ValueError, match="broken"):
        await answers.get("1", "home", failing)
    assert await answers.get("1", "home", Making()) == 1
