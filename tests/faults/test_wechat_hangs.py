"""WeChat takes messages and answers nothing: few are in doubt, the rest waits, and each person gets each of them once."""

from collections.abc import Iterator

import httpx2
import pytest

from tests.client import Api, until
from tests.faults.walking import Walk
from tests.stack import Stack

_UNANSWERED = 3
"""So many of one person's messages, which go one after the other, until the sender pauses."""
_MESSAGES = 6


@pytest.fixture
def walk(stack: Stack, api: Api) -> Iterator[Walk]:
    """A walk; WeChat answers again when it ends."""
    made = Walk(stack, api)
    made.watch(_MESSAGES)
    yield made
    made.control("DELETE", "faults")


def test_a_wechat_that_hangs_is_left_alone_until_it_answers_a_question(walk: Walk) -> None:
    def sender() -> dict[str, object]:
        (found,) = walk.api.as_("operator-alliance").get("ops/notifications/senders").expect(200)["items"]
        return dict(found)

    for call, fault in (("send", "timeout_after_accept"), ("templates", "timeout")):
        walk.control("POST", "faults", {"call": call, "fault": fault, "times": 10_000})
    published = [walk.publish(f"第{number}条") for number in range(_MESSAGES)]
    until(lambda: sender()["state"] == "paused", seconds=60)
    metrics = httpx2.get(f"{walk.stack.address('notifications')}/metrics", trust_env=False).text
    assert "huning_wechat_doubted 1.0" in metrics
    assert sender()["unanswered"] == _UNANSWERED
    assert len(walk.sent()) == _UNANSWERED
    walk.control("DELETE", "faults")
    until(lambda: len(walk.sent()) == len(published), seconds=60)
    until(lambda: sender()["state"] == "sending", seconds=30)
    until(lambda: not [each for each in walk.deliveries("unknown") if each["event_id"].split("/")[0] in published])
