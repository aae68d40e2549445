"""Subscribe messages: what WeChat checks before it accepts one, and the log of what it accepted.

There is no idempotency key, as with WeChat: what was accepted twice stands in the log twice.
"""

import asyncio
import re
import uuid
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from deploy.local.wechat.clock import Clock
from deploy.local.wechat.journal import Journal
from deploy.local.wechat.people import People
from deploy.local.wechat.templates import LONG_TERM, REGISTERED, RegisteredTemplate
from shared.events.payload import rfc3339
from shared.wechat.fields import refused_keys

_WORK_SECONDS = 0.002
"""How long a send is under way: long enough for a second one to the same person to meet it (43108)."""
_PAGE = re.compile(r"pages/[A-Za-z0-9_/-]+(\?.*)?")


class Refused(Exception):
    """WeChat's no: a code, and a text as terse as WeChat's own."""

    def __init__(self, errcode: int, errmsg: str) -> None:
        super().__init__(errmsg)
        self.errcode = errcode
        self.errmsg = errmsg


@dataclass
class Quota:
    """How many sends are allowed a day and a minute; None is no limit worth a test."""

    daily: int | None = None
    minute: int | None = None
    sends: dict[str, int] = field(default_factory=dict)

    def spend(self, clock: Clock) -> None:
        """Counts one send, or refuses it."""
        periods = ((clock.day(), self.daily, 45009), (f"{clock.now():%Y%m%d%H%M}", self.minute, 45011))
        for period, limit, errcode in periods:
            if limit is not None and self.sends.get(period, 0) >= limit:
                raise Refused(
                    errcode, "reach max api daily quota limit" if errcode == 45009 else "api minute-quota reach limit"
                )
        for period, _, _ in periods:
            self.sends[period] = self.sends.get(period, 0) + 1


class Messages:
    """Takes sends and keeps them in `sent.jsonl`."""

    def __init__(self, folder: Path, appid: str, people: People, clock: Clock) -> None:
        self._journal = Journal(folder / "sent.jsonl")
        self._people = people
        self._clock = clock
        self._templates = {each.id(appid): each for each in REGISTERED}
        self._under_way: set[str] = set()
        self.quota = Quota()
        self.accepted: list[dict[str, Any]] = list(self._journal.entries())

    async def accept(self, message: dict[str, Any], request_id: str | None) -> dict[str, Any]:
        """The entry of the log, once every rule is met. Refused otherwise, and then nothing happened."""
        openid, template_id = str(message.get("touser", "")), str(message.get("template_id", ""))
        if not self._people.knows(openid):
            raise Refused(40003, "invalid openid")
        template = self._templates.get(template_id)
        if template is None:
            raise Refused(40037, "invalid template_id")
        if message.get("page") and not _PAGE.fullmatch(str(message["page"])):
            raise Refused(41030, "invalid page")
        data = _data(message.get("data"), template)
        if openid in self._under_way:
            raise Refused(43108, "concurrent send to the same user")
        self._under_way.add(openid)
        try:
            await asyncio.sleep(_WORK_SECONDS)
            return self._accepted(openid, template_id, template, data, message.get("page"), request_id)
        finally:
            self._under_way.discard(openid)

    def close(self) -> None:
        self._journal.close()

    def _accepted(
        self,
        openid: str,
        template_id: str,
        template: RegisteredTemplate,
        data: dict[str, str],
        page: object,
        request_id: str | None,
    ) -> dict[str, Any]:
        left = self._people.credits(openid, template_id)
        if left < 1:
            raise Refused(43101, "user refuse to accept the msg")
        self.quota.spend(self._clock)
        entry = {
            "msgid": self._msgid(),
            "touser": openid,
            "template_id": template_id,
            "data": data,
            "page": page,
            "accepted_at": rfc3339(self._clock.now()),
            "request_id": request_id or uuid.uuid4().hex,
        }
        self._journal.append(entry)
        self.accepted.append(entry)
        if template.type != LONG_TERM:
            self._people.set_credits(openid, template_id, left - 1)
        return entry

    def _msgid(self) -> int:
        """An int64 that grows: milliseconds, then the place in the log."""
        return (int(self._clock.now().timestamp() * 1000) << 20) | (len(self.accepted) & 0xFFFFF)


def _data(raw: object, template: RegisteredTemplate) -> dict[str, str]:
    """The values by key; a field that is missing, unknown or against its type's rules is 47003 and named."""
    if not isinstance(raw, dict):
        raise Refused(47003, "argument invalid! data invalid")
    values = {key: str(each.get("value", "")) if isinstance(each, dict) else "" for key, each in raw.items()}
    for key in sorted(template.keys ^ values.keys()):
        raise Refused(47003, f"argument invalid! data.{key} is {'missing' if key in template.keys else 'not expected'}")
    for key in sorted(refused_keys(values, template.enums)):
        raise Refused(47003, f"argument invalid! data.{key}.value invalid"[:60])
    return values
