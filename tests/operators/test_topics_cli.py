"""`huning topics apply` as a person runs it: what it says is made is there, and what the broker refuses is said."""

import os

from shared.events.topics import TOPICS
from tests.stack import Servers, huning


def apply(servers: Servers, prefix: str, *options: str) -> tuple[int, str]:
    told = {"HUNING_KAFKA": servers.kafka, "HUNING_PREFIX": f"{prefix}{os.getpid()}."}
    return huning({**os.environ, **told}, "topics", "apply", *options)


def test_topics_are_made_once(servers: Servers) -> None:
    assert apply(servers, "made") == (0, f"主题就绪：新建 {len(TOPICS)} 个，共 {len(TOPICS)} 个\n")
    assert apply(servers, "made") == (0, f"主题就绪：新建 0 个，共 {len(TOPICS)} 个\n")


def test_topics_that_the_broker_refuses_to_make_are_no_success(servers: Servers) -> None:
    """As while it is only just coming back, and not registered yet: it answers that there is no broker for them."""
    code, said = apply(servers, "refused", "--replication", "3", "--wait", "3")
    assert (code, "主题没有建好：refused" in said, "主题就绪" in said) == (3, True, False), said
