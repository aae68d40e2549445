"""What somebody writes is text for everybody else: no markup in a highlight, no script behind a link."""

import json
import re

import pytest

from tests.client import Api, until
from tests.security.private_things import mark
from tests.security.signed import Agent
from tests.security.test_bad_batches import applied
from tests.stack import Stack


@pytest.mark.parametrize(
    "markup", ["<img src=x onerror=alert(1)>", "<em>假</em>", '"><script>alert(1)</script>', "&lt;b&gt;"]
)
def test_a_highlight_has_no_tags_but_its_own(api: Api, markup: str) -> None:
    word = mark()
    api.publish(f"{word} {markup}", "wuxi")
    query = {"q": word}
    (item,) = until(lambda: api.visitor.get("search", params=query).expect(200)["items"])
    assert item["title"] == f"{word} {markup}", "stored as it was written"
    assert f"<em>{word}</em>" in item["highlight"]
    rest = item["highlight"].replace(f"<em>{word}</em>", "")
    assert not re.search(r"<(?!/?em>)", rest), item["highlight"]
    assert "<em>假</em>" not in rest


@pytest.mark.parametrize("link", ["javascript:alert(1)", "data:text/html,x", "file:///etc/passwd", "https://a b", " "])
def test_a_portal_that_is_no_web_address_is_rejected(api: Api, stack: Stack, link: str) -> None:
    agent = Agent.register(api, stack.base_url, "nantong")
    word = mark()
    batch_id = applied(api, agent, [{"source_id": word, "title": "a", "portal_url": link}])
    row = api.as_("operator-nantong").get(f"sync/batches/{batch_id}/rows").expect(200)["items"][0]
    stored = api.visitor.get(f"sync/records/nantong/platform/{word}")
    assert row["verdict"] == "rejected" or stored.expect(200)["portal_url"] is None, json.dumps(row, ensure_ascii=False)
