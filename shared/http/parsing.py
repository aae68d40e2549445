"""The parts of a request, strictly: its query, its attempt at a write, its JSON. What is doubtful is refused with a reason."""

import asyncio
from collections.abc import Mapping, Sequence, Set
from typing import Any
from urllib.parse import parse_qsl

from shared.access.checking import Caller
from shared.aggregates.attempts import Attempt, digest_of
from shared.http import json_body
from shared.http.reading import Request
from shared.values import problems
from shared.values.problems import Refusal
from shared.values.validation import refusal_of

_HASHED_AT_ONCE = 64 * 1024
"""Bytes, which take as long as the way to a thread and back. 8 MiB, a part of a city's batch, take tens of milliseconds, in which
the event loop would serve nobody."""


def query_of(request: Request, known: Set[str]) -> Mapping[str, Sequence[str]]:
    """The parameters of the address by name. A parameter without a value is as good as none: `status=` is no status."""
    raw: bytes = request.scope["query_string"]
    if not raw:
        return {}
    try:
        given = parse_qsl(raw.decode("ascii"), keep_blank_values=True, errors="strict")
    except UnicodeDecodeError as error:
        raise Refusal(problems.BAD_REQUEST, reason="地址中的参数不是 UTF-8 编码，请重新编码后重试。") from error
    unknown = [name for name, _ in given if name not in known]
    if unknown:
        raise refusal_of({"loc": ("query", name), "type": _why_unknown(name, known)} for name in unknown)
    if any("\x00" in value for _, value in given):
        raise Refusal(problems.BAD_REQUEST, reason="查询参数中含有 NUL 字符，请去掉后重试。")
    found: dict[str, list[str]] = {}
    for name, value in given:
        if value:
            found.setdefault(name, []).append(value)
    return found


async def attempt_of(request: Request, caller: Caller, key: str, body: bytes) -> Attempt:
    """The attempt at a write: the caller's key, the digest of what is asked, and the version that was seen.

    The organisation that the caller acts for is part of what is asked: the same words for another one are another request.
    """
    path, query = request.scope["path"], request.scope["query_string"].decode("latin-1")
    asked = (request.method, path, query, (caller.organization_id or "").encode(), body)
    digest = digest_of(*asked) if len(body) <= _HASHED_AT_ONCE else await asyncio.to_thread(digest_of, *asked)
    return Attempt(caller.id, key, digest, _if_match(request))


def key_of(request: Request) -> str:
    """The Idempotency-Key; 400 where it is missing or no key."""
    key = request.header(b"idempotency-key")
    if not (1 <= len(key) <= 128 and key.isascii() and key.isprintable()):
        raise Refusal(problems.IDEMPOTENCY_KEY_MISSING)
    return key


def json_of(request: Request, body: bytes) -> Any:
    """The value of a JSON body; an empty body is an empty object."""
    if not body:
        return {}
    media_type = request.header(b"content-type").split(";")[0].strip().lower()
    if media_type != "application/json":
        raise Refusal(problems.WRONG_CONTENT_TYPE, accepted="JSON")
    return json_body.parse(body)


def _why_unknown(name: str, known: Set[str]) -> str:
    """`status[$ne]` is an object where `status` takes a text."""
    return "string_type" if name.partition("[")[0] in known else "extra_forbidden"


def _if_match(request: Request) -> int | None:
    text = request.header(b"if-match").strip()
    if not text or text == "*":
        return None
    number = text.removeprefix("W/").strip('"')
    if not (number.isascii() and number.isdecimal() and len(number) < 19):
        raise Refusal(problems.BAD_REQUEST, reason="版本号格式不正确，请刷新后再修改。")
    return int(number)
