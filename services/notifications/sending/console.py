"""The templates that stand in WeChat's console, found by title and keys, and remembered for when WeChat is away."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

import structlog

from services.notifications.consents.domain import Kind
from services.notifications.sending.metrics import alert
from services.notifications.subjects.templates import TEMPLATES, MessageTemplate
from shared.mongo import Collection
from shared.wechat.client import Template, WeChat
from shared.wechat.errors import ALERTING, WeChatError, WeChatUnreachable

log = structlog.get_logger(__name__)

_READ_EVERY = 3600.0
_AGAIN_AFTER = (0.2, 0.5, 1.0, 2.0, 5.0)
"""Seconds between tries while WeChat cannot be read."""
_UNTIL_A_PERSON_ACTED = 300.0
"""Seconds between tries when WeChat refuses for a reason that only a person can end."""


@dataclass
class Console:
    """What our templates are in WeChat's terms. `stopped` are those that WeChat refused since the last reading."""

    collection: Collection
    wechat: WeChat
    found: dict[str, Template] = field(default_factory=dict)
    stopped: set[str] = field(default_factory=set)
    was_read: bool = False
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep

    def named(self, name: str) -> Template | None:
        """Our template in the console, or None while it is not there."""
        return self.found.get(name)

    def with_id(self, template_id: str) -> Template | None:
        """The template of ours that has this id."""
        return next((each for each in self.found.values() if each.template_id == template_id), None)

    def kind_with_id(self, template_id: str) -> Kind | None:
        """The kind of our template that has this id, or None when none has it."""
        template = self.with_id(template_id)
        return template.kind if template else None

    def check(self) -> str:
        """For readiness: until the console was read once, nobody can be asked for a consent."""
        return "ok" if self.was_read else "waiting for WeChat's template list"

    async def remember(self) -> None:
        """What an earlier reading found, so that a start does not need WeChat."""
        async for document in self.collection.find({}):
            fields = {key: document[key] for key in ("template_id", "title", "kind")}
            self.found[document["_id"]] = Template(**fields, keys=tuple(document["keys"]), enums={})
        self.was_read = bool(self.found)

    async def keep_current(self) -> None:
        """Reads the console now and every hour; never returns."""
        tried = 0
        while True:
            try:
                await self.read()
            except (WeChatUnreachable, WeChatError) as error:
                pause = _AGAIN_AFTER[min(tried, len(_AGAIN_AFTER) - 1)]
                if isinstance(error, WeChatError) and error.action in ALERTING:
                    alert(error.code)
                    pause = _UNTIL_A_PERSON_ACTED
                log.warning("console.unread", error=str(error))
                tried += 1
            else:
                pause, tried = _READ_EVERY, 0
            await self.sleep(pause)

    async def read(self) -> None:
        """One reading. A template that is missing, or has other keys than ours, is an alert and is not used."""
        listed = {template.title: template for template in await self.wechat.templates()}
        found = {name: listed[ours.title] for name, ours in TEMPLATES.items() if _fits(ours, listed.get(ours.title))}
        for name in sorted(TEMPLATES.keys() - found.keys()):
            log.error("console.template_missing", template=name, title=TEMPLATES[name].title)
        for name, template in found.items():
            kept = {"template_id": template.template_id, "title": template.title, "kind": template.kind}
            await self.collection.replace_one({"_id": name}, {**kept, "keys": list(template.keys)}, upsert=True)
        for name in self.found.keys() - found.keys():
            await self.collection.delete_one({"_id": name})
        self.found, self.was_read = found, True
        self.stopped.clear()


def _fits(ours: MessageTemplate, theirs: Template | None) -> bool:
    return theirs is not None and set(theirs.keys) == set(ours.keys)


def kind_of(template: Template | None) -> Kind:
    """One-time, unless the template is known to be long-term."""
    return template.kind if template else "one_time"
