"""The sender: takes deliveries that are due to WeChat, one at a time per person, and writes down how it went.

`sending` is written before the call and the answer after it. What a killed process left at `sending` becomes `unknown`
and is never sent again; WeChat's callback settles it (Commands.take_wechat_event), or it stays for operators to see.
"""

import asyncio
import contextvars
import uuid
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from functools import partial
from typing import TypeVar

import structlog

from services.notifications.consents import domain as consent_rules
from services.notifications.sending import delivery as rules
from services.notifications.sending.console import kind_of
from services.notifications.sending.delivery import Decide, Delivery
from services.notifications.sending.gate import Doubt, Gate
from services.notifications.sending.judging import Skip, Wait, judge
from services.notifications.sending.metrics import SENDS, UNKNOWN, alert
from services.notifications.sending.outcomes import Outcome, outcome_of
from services.notifications.sending.standing import Standings
from services.notifications.sending.store import Ledger, Senders
from services.notifications.store import Person
from shared.messaging.faults import is_infrastructure
from shared.secrets import CannotOpen, PersonalData, openid_context
from shared.values.clock import Clock
from shared.values.problems import Refusal
from shared.wechat.client import SubscribeMessage, WeChat
from shared.wechat.errors import Uncertain, WeChatError, WeChatUnreachable

log = structlog.get_logger(__name__)

T = TypeVar("T")

_AT_ONCE = 16
_BULK_AT_ONCE = 8
_POLL_SECONDS = 0.5
_POLLED = 500
_STOP_SECONDS = 10.0


def _limits() -> dict[bool, asyncio.Semaphore]:
    """How many sends run at once, of bulk messages (True) and of all others: neither waits for the other."""
    return {False: asyncio.Semaphore(_AT_ONCE), True: asyncio.Semaphore(_BULK_AT_ONCE)}


@dataclass
class Sender:
    """Sends what is offered to it, and finds by itself what was not: after a start, and when a wait is over."""

    ledger: Ledger
    standings: Standings
    wechat: WeChat
    personal: PersonalData
    process: str
    """Names this process and the ones before it in the same place, such as `notifications-1`."""
    clock: Clock
    gate: Gate
    senders: Senders
    _run: str = field(default_factory=lambda: uuid.uuid4().hex[:12])
    _queues: dict[tuple[str, bool], deque[str]] = field(default_factory=dict)
    _queued: set[str] = field(default_factory=set)
    _judged: dict[str, tuple[Delivery, Person]] = field(default_factory=dict)
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)
    _limits: dict[bool, asyncio.Semaphore] = field(default_factory=_limits)
    _saying: asyncio.Lock = field(default_factory=asyncio.Lock)
    _said: Doubt | None = None
    _broken: BaseException | None = None

    def offer(self, delivery: Delivery, judged_for: Person | None = None) -> None:
        """Sends it soon, after what its recipient has coming already. What is not due yet waits for the poll.

        `judged_for` is the recipient when it was judged just now that it may go: it need not be asked again then, unless
        something else goes to them first. Bulk messages that find many others waiting are left to the poll.
        """
        if not delivery.waits or delivery.id in self._queued or delivery.due_at > self.clock():
            return
        if delivery.bulk and len(self._queued) >= _POLLED:
            return
        self._queued.add(delivery.id)
        queue = (self.standings.names.everyday_of(delivery.recipient), delivery.bulk)
        if queue in self._queues:
            self._queues[queue].append(delivery.id)
            return
        if judged_for and not self.gate.was_shut:
            self._judged[delivery.id] = (delivery, judged_for)
        self._queues[queue] = deque([delivery.id])
        # A context of its own: the trace of the request that happened to set off a send may be another person's.
        task = asyncio.create_task(self._serve(queue), context=contextvars.Context())
        self._tasks.add(task)
        task.add_done_callback(self._ended)

    async def run(self) -> None:
        """Disowns what earlier processes left, then polls until cancelled. Raises what a send broke on."""
        await self._patiently(self._take_over)
        while self._broken is None:
            for bulk in (False, True):
                for delivery in await self._patiently(partial(self._due, bulk=bulk)):
                    self.offer(delivery)
            await asyncio.sleep(_POLL_SECONDS)
        raise self._broken

    async def sweep(self) -> None:
        """Calls unknown what has been under way longer than any send can be, whichever process began it."""
        for delivery in await self.ledger.abandoned(self.clock()):
            await self.ledger.rows.change(
                delivery.id, partial(rules.uncertain, reason="lease_ended"), has_happened=True
            )
        UNKNOWN.set(await self.ledger.count("unknown"))

    async def stop(self) -> None:
        """Lets running sends end, so that a graceful stop leaves nothing unknown."""
        self.gate.stopping = True
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=_STOP_SECONDS)

    async def _take_over(self) -> None:
        await self._disown()
        if doubt := await self.senders.doubt_of(self.process):
            self._said = doubt
            self.gate.go_on_doubting(doubt)
        else:
            await self.senders.say(self.process, None, self.clock())

    async def _disown(self) -> None:
        for delivery in await self.ledger.under_way():
            place, run, _ = delivery.owner.split("/")
            if place == self.process and run != self._run:
                died = partial(rules.uncertain, reason="process_died")
                await self.ledger.rows.change(delivery.id, died, has_happened=True)

    async def _due(self, *, bulk: bool) -> list[Delivery]:
        return await self.ledger.due(self.clock(), _POLLED, bulk=bulk)

    async def _serve(self, key: tuple[str, bool]) -> None:
        """One person's deliveries in order: WeChat refuses two at once to one person (43108)."""
        queue = self._queues[key]
        try:
            while queue:
                async with self._limits[key[1]], self.gate.turn() as may_go:
                    if not may_go:
                        return
                    await self._attempt(queue.popleft())
        finally:
            del self._queues[key]

    async def _attempt(self, delivery_id: str) -> None:
        """Before the call nothing has happened: a fault of the database leaves the row to the poll."""
        try:
            await self._deliver(delivery_id)
        except Exception as error:
            if not (is_infrastructure(error) or isinstance(error, Refusal)):
                raise
            log.warning("sender.later", delivery=delivery_id, error=repr(error)[:300])
        finally:
            self._queued.discard(delivery_id)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()):
            self._broken = error

    async def _deliver(self, delivery_id: str) -> None:
        """Up to the call nothing has happened, so a fault only delays it; after the call the answer must be kept."""
        if judged := self._judged.pop(delivery_id, None):
            await self._open_and_send(*judged)
            return
        found = await self.ledger.rows.find(delivery_id)
        if found is None or not found.state.waits or found.state.due_at > self.clock():
            return
        delivery = found.state
        person = await self.standings.person(delivery)
        verdict = judge(delivery, await self.standings.of(delivery, person), self.clock())
        if isinstance(verdict, Skip):
            skip = partial(rules.skip, reason=verdict.reason, at=self.clock())
            await self.ledger.rows.change(delivery.id, rules.while_it_waits(skip))
        elif isinstance(verdict, Wait):
            awaits = delivery.recipient if verdict.awaits else None
            wait = partial(rules.postpone, until=verdict.until, reason=verdict.reason, awaits=awaits)
            await self.ledger.rows.change(delivery.id, rules.while_it_waits(wait))
        elif person is not None:
            await self._open_and_send(delivery, person)

    async def _open_and_send(self, delivery: Delivery, person: Person) -> None:
        """The openid is opened here and kept nowhere."""
        try:
            openid = self.personal.open(person.openid_sealed or "", openid_context(person.user_id))
        except (CannotOpen, ValueError):
            log.error("sender.openid_unreadable", delivery=delivery.id)
            unreadable = partial(rules.fail, reason="openid_unreadable", at=self.clock())
            await self.ledger.rows.change(delivery.id, rules.while_it_waits(unreadable))
            return
        if mine := await self._started(delivery):
            await self._send(mine, person, openid)

    async def _started(self, delivery: Delivery) -> Delivery | None:
        """The row as this attempt of this process owns it; None when another one was faster."""
        owner = f"{self.process}/{self._run}/{uuid.uuid4().hex[:12]}"
        template = self.standings.console.named(delivery.template)
        start = partial(
            rules.start,
            owner=owner,
            template_id=template.template_id if template else "",
            at=self.clock(),
        )
        try:
            started = await self.ledger.rows.change(delivery.id, start)
        except Exception as error:
            if not is_infrastructure(error):
                raise
            # The write may have arrived though its answer did not: then the row is ours, and nobody else will send it.
            started = await self._patiently(lambda: self.ledger.rows.get(delivery.id))
        return started.state if started.state.owner == owner else None

    async def _send(self, delivery: Delivery, person: Person, openid: str) -> None:
        message = SubscribeMessage(openid, delivery.template_id, delivery.data, delivery.page)
        try:
            msgid = await self.wechat.send(message)
        except (WeChatError, WeChatUnreachable, Uncertain) as error:
            outcome = outcome_of(error, self.clock(), self.gate.failures)
            self._learn(outcome)
            await self._patiently(lambda: self._forget(delivery, person, openid, outcome))
            await self._note(delivery, outcome, error)
        else:
            self._learn(None)
            SENDS.labels("sent").inc()
            await self._patiently(lambda: self._spend(delivery, person))
            await self._keep(delivery, partial(rules.accepted, msgid=msgid, at=self.clock()))
        await self._say()

    def _learn(self, outcome: Outcome | None) -> None:
        self.gate.learn(outcome)
        if self.gate.was_shut:
            self._judged.clear()

    async def _say(self) -> None:
        """Keeps what became of the trust in WeChat, for operators and for the next process."""
        async with self._saying:
            if self.gate.doubt != self._said:
                self._said = self.gate.doubt
                await self._patiently(lambda: self.senders.say(self.process, self.gate.doubt, self.clock()))

    async def _note(self, delivery: Delivery, outcome: Outcome, error: Exception) -> None:
        """Writes down an unsuccessful send and does what its error code asks for."""
        log.warning("sender.not_sent", delivery=delivery.id, fate=outcome.fate, reason=outcome.reason, error=str(error))
        SENDS.labels(outcome.reason).inc()
        if outcome.alerts and isinstance(error, WeChatError):
            alert(error.code)
        at, reason = self.clock(), outcome.reason
        match outcome.fate:
            case "unknown":
                await self._keep(delivery, partial(rules.uncertain, reason=reason))
            case "again":
                await self._keep(delivery, partial(rules.postpone, until=outcome.until or at, reason=reason))
            case "skipped":
                await self._keep(delivery, partial(rules.skip, reason=reason, at=at))
            case "failed":
                await self._keep(delivery, partial(rules.fail, reason=_with_code(reason, error), at=at))

    async def _forget(self, delivery: Delivery, person: Person, openid: str, outcome: Outcome) -> None:
        match outcome.forgets:
            case "consent":
                mark = f"43101/{self.standings.names.mark_of(delivery.id)}/{delivery.attempts}"
                none = partial(consent_rules.reject, source="wechat", mark=mark)
                await self.standings.consents.change(person.user_id, delivery.template_id, none)
            case "openid":
                await self.standings.dead_openids.add(self.personal.blind(openid))
            case "template":
                self.standings.console.stopped.add(delivery.template)
            case None:
                return

    async def _spend(self, delivery: Delivery, person: Person) -> None:
        kind = kind_of(self.standings.console.named(delivery.template))
        spend = partial(consent_rules.spend, kind=kind, mark=self.standings.names.mark_of(delivery.id))
        await self.standings.consents.change(person.user_id, delivery.template_id, spend)

    async def _keep(self, delivery: Delivery, decide: Decide) -> None:
        await self._patiently(lambda: self.ledger.rows.change(delivery.id, decide, has_happened=True))

    async def _patiently(self, work: Callable[[], Awaitable[T]]) -> T:
        """Tries until the database answers: what WeChat said is known to nobody else."""
        pause = 0.1
        while True:
            try:
                return await work()
            except Exception as error:
                if not (is_infrastructure(error) or isinstance(error, Refusal)):
                    raise
                log.warning("sender.waiting", error=repr(error)[:300])
                await asyncio.sleep(pause)
                pause = min(pause * 2, 2.0)


def _with_code(reason: str, error: Exception) -> str:
    return f"{reason}_{error.code}" if isinstance(error, WeChatError) else reason
