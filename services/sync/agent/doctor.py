"""Whether this desk can push: address, clock, key, version, looked at one after the other, each with what to do."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from importlib.metadata import PackageNotFoundError, version

import httpx2

from services.sync.agent.client import Client, RefusedError
from services.sync.agent.errors import AgentError

MOST_SECONDS = 300
"""What the platform allows between a signature's time and its own (docs/api.md)."""
_NOTED_SECONDS = 30


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at; `remedy` is empty where all is well."""

    what: str
    found: str
    remedy: str = ""


def examine(client: Client, jurisdiction: str) -> Iterator[Finding]:
    """In the order in which a push needs them; it ends at the first thing without which the next cannot be looked at."""
    try:
        answer = client.ask("jurisdictions")
    except AgentError as error:
        yield Finding("平台", f"连不上 {client.server}", str(error))
        return
    yield Finding("平台", f"{client.server} 可以访问")
    yield from _clock(answer)
    yield from _version(client)
    yield _key(client, jurisdiction)


def _clock(answer: httpx2.Response) -> Iterator[Finding]:
    told = answer.headers.get("Date")
    if told is None:
        yield Finding("时钟", "平台没有说出它的时间，无法比较")
        return
    off = (datetime.now(UTC) - parsedate_to_datetime(told)).total_seconds()
    found = f"与平台相差 {abs(off):.0f} 秒"
    if abs(off) > MOST_SECONDS:
        yield Finding("时钟", found, f"超过 {MOST_SECONDS} 秒，推送会被拒绝。请校准本机时间（打开自动对时）。")
    elif abs(off) > _NOTED_SECONDS:
        yield Finding("时钟", f"{found}，尚可推送，建议打开自动对时")
    else:
        yield Finding("时钟", found)


def _version(client: Client) -> Iterator[Finding]:
    """The rows and verdicts that both know are those of one version."""
    try:
        own = version("huning")
    except PackageNotFoundError:
        own = ""
    try:
        theirs = str(client.ask(f"{client.server}/api/v1/openapi.json").json()["info"]["version"])
    except (AgentError, ValueError, KeyError, TypeError):
        yield Finding("版本", f"本机 {own}，平台没有说出它的版本")
        return
    if _series(own) == _series(theirs):
        yield Finding("版本", f"本机 {own}，平台 {theirs}")
    else:
        yield Finding(
            "版本", f"本机 {own}，平台 {theirs}", "两者不同，本机核验的结果可能与平台不一致。请更新 huning-agent。"
        )


def _series(of: str) -> str:
    """0.3.1 and 0.3.0 are of one series."""
    return of.rpartition(".")[0]


def _key(client: Client, jurisdiction: str) -> Finding:
    try:
        client.may_push(jurisdiction)
    except RefusedError as refusal:
        return Finding("密钥", f"平台不接受 {client.key_id}", str(refusal))
    except AgentError as error:
        return Finding("密钥", "没有得到平台的回答", str(error))
    return Finding("密钥", f"{client.key_id} 可以推送 {jurisdiction} 的数据")
