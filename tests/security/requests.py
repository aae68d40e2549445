"""Requests made from the access table's rows: a path for a row, a body that its route accepts, answers made comparable."""

import json
import re
from collections.abc import Callable, Mapping
from typing import Any

from shared.access.rules import Rule
from shared.access.table import RULES
from shared.values.ids import new_id
from tests.client import Answer, Json, Someone, claim

_PARAMETER = re.compile(r"{(\w+)(?::path)?}")
_API = "/api/v1/"

BODIES: dict[str, Callable[[], Json]] = {
    "challenges.revise": lambda: {"title": "改过的题目"},
    "challenges.return": lambda: {"reasons": [{"field": "title", "message": "请写明对象"}]},
    "challenges.draft-claim": claim,
    "challenges.replace-claim": claim,
    "challenges.consent-to-claim": lambda: {"sha256": "0" * 64},
    "challenges.verify-claim": lambda: {"content": claim()},
    "sync.set-portal": lambda: {"portal_url": "https://kjj.example.cn/"},
    "sync.set-rhythm": lambda: {"days": {"platform": 7}},
    "sync.object-to-record": lambda: {"record_id": "suzhou/platform/none", "statement": "地址有误"},
    "sync.answer-objection": lambda: {"outcome": "refused", "reason": "地址无误"},
    "sync.merge-organization": lambda: {"into": "91320500MA1XXXXX0X", "reason": "同一单位"},
    "sync.unmerge-organization": lambda: {"reason": "不是同一单位"},
    "accounts.reject-organization": lambda: {"reason": "材料不全"},
    **{action: lambda: {"reason": "核对内容"} for action in RULES if action.endswith(".unmask-dead-letter")},
    **{action: lambda: {"ids": [new_id()]} for action in RULES if action.endswith(".replay-dead-letters")},
}
"""What a write takes; {} for all that are not here."""


def parameters(rule: Rule) -> list[str]:
    """The names of the parameters in a row's path."""
    return _PARAMETER.findall(rule.path)


def path(rule: Rule, values: Mapping[str, str]) -> str:
    """The row's path below /api/v1/ with these parameters. KeyError when one is missing."""
    return _PARAMETER.sub(lambda found: values[found[1]], rule.path).removeprefix(_API)


def ask(who: Someone, rule: Rule, values: Mapping[str, str], *, if_match: str = "") -> Answer:
    """The row's request as its route accepts it, for the resource that `values` name."""
    options: dict[str, Any] = {"headers": {"if-match": if_match}} if if_match else {}
    if rule.action == "sync.put-part":
        headers = {**options.get("headers", {}), "content-type": "application/x-ndjson"}
        options = {"content": b'{"source_id":"1","title":"a"}\n', "headers": headers}
    elif rule.method in ("POST", "PUT", "PATCH"):
        options |= {"json": BODIES.get(rule.action, dict)()}
    return who.request(rule.method, path(rule, values), **options)


def everything(who: Someone, path: str) -> list[Json]:
    """Every item of a list, page by page."""
    items: list[Json] = []
    query = {"limit": "100"}
    while True:
        page = who.get(path, params=query).expect(200)
        items += page["items"]
        if page["next_cursor"] is None:
            return items
        query["cursor"] = page["next_cursor"]


def comparable(answer: Answer, resource_id: str) -> tuple[int, bytes, dict[str, str]]:
    """Status, bytes and headers, without what may differ: the request's id, the resource's own, and the date."""
    raw = answer.raw
    if isinstance(answer.body, dict) and "request_id" in answer.body:
        raw = raw.replace(answer.body["request_id"].encode(), b"<request>")
        raw = raw.replace(json.dumps(resource_id).encode()[1:-1], b"<id>")
    headers = {name: text for name, text in answer.headers.items() if name not in ("date", "x-request-id")}
    return answer.status, raw, headers
