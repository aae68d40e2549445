"""Dead letters: a message that could not be handled is parked whole, with its reason, and can be replayed or discarded.

`shared/messaging/parking.py` publishes to `huning.dead-letters`; every service keeps its own letters in `dead_letters`.
"""

import base64
import re
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Literal

import structlog

from shared.access.checking import Caller, Facts, check, cities_listed
from shared.aggregates.attempts import Attempt, remember
from shared.events.accounts import Role
from shared.events.dead_letters import DeadLetter, Reasons
from shared.events.envelope import BadEvent, Event, read_event
from shared.events.payload import rfc3339
from shared.http.paging import bad_cursor
from shared.messaging.faults import is_infrastructure
from shared.mongo import Collection, Document, DuplicateKeyError, guarded, literal
from shared.operations.dead_letter_views import LetterView, Status, city_of, letter_view
from shared.telemetry import OPEN_DEAD_LETTERS
from shared.values import problems
from shared.values.clock import now
from shared.values.open_sets import chinese_name
from shared.values.problems import Problem, Refusal

log = structlog.get_logger(__name__)

NOT_OPEN = Problem("dead_letter_settled", 409, "死信已处理", "该死信已被处理（{status}），无需重复操作。")
NOT_REPLAYABLE = Problem(
    "dead_letter_not_replayable", 409, "死信无法重放", "重放失败：{reason}。请修复原因后再试，或将其丢弃。"
)
_COUNTED = 10_000
_READERS = 20
"""So many are remembered of those who read a message."""
_SETTLED = {"replayed": "已重放", "discarded": "已搁置"}

Handle = Callable[[Sequence[Event]], Awaitable[None]]


@dataclass
class DeadLetters:
    """A service's own dead letters: listed, replayed through the handler that failed, or discarded."""

    collection: Collection
    service: str
    _handlers: dict[str, Handle] = field(default_factory=dict)

    def handles(self, group: str, handle: Handle) -> None:
        """Who handles what this group could not. The first one stays: the generations of a read model come and go."""
        self._handlers.setdefault(_lasting(group), handle)

    async def keep(self, events: Sequence[Event]) -> None:
        """The consumer of `huning.dead-letters`."""
        for each in events:
            letter = each.data
            if isinstance(letter, DeadLetter) and letter.service == self.service:
                kept = {"_id": letter.id, "status": "open", "jurisdiction": city_of(letter), **letter.model_dump()}
                try:
                    await self.collection.insert_one(kept)
                except DuplicateKeyError:
                    await self.collection.update_one({"_id": letter.id}, _parked_again(kept))

    async def count_open(self) -> None:
        """Tells the metrics how many wait for a person: they are kept until one decides."""
        OPEN_DEAD_LETTERS.set(await self.collection.count_documents({"status": "open"}, limit=_COUNTED))

    async def list(
        self, caller: Caller, status: Status | None, limit: int, after: str | None
    ) -> tuple[list[LetterView], str | None]:
        """Those that the caller may see, the newest first, and the position after which the next page begins."""
        cities = cities_listed(f"{self.service}.list-dead-letters", caller)
        query: Document = {"status": status} if status else {}
        if cities is not None:
            query["jurisdiction"] = {"$in": sorted(cities)}
        if after is not None:
            query |= _beyond(after)
        found = await self.collection.find(query).sort([("at", -1), ("_id", -1)]).to_list(limit + 1)
        page = found[:limit]
        shown = [letter_view(each, whole=cities is None) for each in page]
        return shown, _position(page[-1]) if len(found) > limit else None

    async def waiting(self, limit: int) -> int:
        """How many wait for somebody to settle them, counted up to the limit."""
        return int(await self.collection.count_documents({"status": "open"}, limit=limit))

    async def unmask(self, caller: Caller, letter_id: str, reason: str) -> LetterView:
        """The letter with its message, and in it who read it and why. Another city's is as if it did not exist."""
        document = await self.collection.find_one({"_id": letter_id})
        facts = Facts(jurisdiction=document["jurisdiction"]) if document else Facts()
        check(f"{self.service}.unmask-dead-letter", caller, facts)
        if document is None:
            raise Refusal(problems.NOT_FOUND)
        read = {"by": caller.id, "at": now(), "reason": reason}
        kept = {"$push": {"unmasked": {"$each": [read], "$slice": -_READERS}}}
        await self.collection.update_one({"_id": letter_id}, kept)
        return letter_view(document, whole=caller.holds(Role.ALLIANCE_OPERATOR), unmasked=True)

    async def replay(self, letter_id: str, reason: str, attempt: Attempt) -> tuple[LetterView, bool]:
        """Handles the message now, with the code that runs now; refused, and still open, when that fails again.

        With the letter comes whether the attempt had been made before.
        """
        document, made = await self._find(letter_id, attempt)
        if not made:
            await self._handle(document)
            document, made = await self._settle(document, "replayed", reason, attempt)
        return letter_view(document, whole=True), made

    async def discard(self, letter_id: str, reason: str, attempt: Attempt) -> tuple[LetterView, bool]:
        """Puts it aside for good, with the reason; and whether the attempt had been made before."""
        document, made = await self._find(letter_id, attempt)
        if not made:
            document, made = await self._settle(document, "discarded", reason, attempt)
        return letter_view(document, whole=True), made

    async def _handle(self, document: Document) -> None:
        handle = self._handlers.get(_lasting(document["group"]))
        if handle is None:
            raise Refusal(NOT_REPLAYABLE, reason="原消费组已不存在")
        headers = [(name, value.encode()) for name, value in document["headers"]]
        if document["value"] is None and document["reason"] != "unexpected_tombstone":
            raise Refusal(NOT_REPLAYABLE, reason="消息过大，没有随死信保存，请按主题、分区和位移查看原消息")
        value = base64.b64decode(document["value"]) if document["value"] is not None else None
        try:
            await handle([read_event(headers, value)])
        except Refusal:
            raise
        except BadEvent as bad:
            raise Refusal(NOT_REPLAYABLE, reason=chinese_name(Reasons, bad.reason)) from bad
        except Exception as error:
            if is_infrastructure(error):
                log.warning("dead_letter.waiting", letter_id=document["_id"], error=repr(error)[:300])
                raise Refusal(problems.UNAVAILABLE) from error
            # Its class alone, and into the log: its words may be about hosts, or about what the message holds.
            log.error("dead_letter.failed_again", letter_id=document["_id"], error=type(error).__name__)
            raise Refusal(NOT_REPLAYABLE, reason=Reasons.HANDLER_FAILED.chinese) from error

    async def _find(self, letter_id: str, attempt: Attempt) -> tuple[Document, bool]:
        """The letter, and whether this attempt settled it. Refused when another did."""
        document = await self.collection.find_one({"_id": letter_id})
        if document is None:
            raise Refusal(problems.NOT_FOUND)
        if attempt.was_made(document.get("attempts", [])):
            return document, True
        if document["status"] != "open":
            raise Refusal(NOT_OPEN, status=_SETTLED[document["status"]])
        return document, False

    async def _settle(
        self, document: Document, status: Literal["replayed", "discarded"], reason: str, attempt: Attempt
    ) -> tuple[Document, bool]:
        """Settles it, unless somebody was faster: then as `_find` has it. Refused when what was replayed failed meanwhile."""
        attempts = remember(document.get("attempts", []), attempt)
        settled = {"status": status, "settled_reason": reason, "settled_at": now(), "attempts": attempts}
        still_open, merged = {"$eq": ["$status", "open"]}, {"$mergeObjects": ["$$ROOT", literal(settled)]}
        not_since = {"$eq": ["$at", literal(document["at"])]}
        condition = {"$and": [still_open, not_since]} if status == "replayed" else still_open
        written = await self.collection.update_one({"_id": document["_id"]}, guarded(condition, merged))
        if written.modified_count:
            return {**document, **settled}, False
        found, made = await self._find(document["_id"], attempt)
        if not made:
            raise Refusal(NOT_REPLAYABLE, reason="重放期间又失败了一次")
        return found, made


def _parked_again(kept: Document) -> list[Document]:
    """The update where the letter is there already: it stands for the newest parking of its message, by `at`.

    So a message that fails again after its replay is open again, and the same parking heard twice changes nothing. What was
    discarded stays so. The attempts stay too: a request that is repeated must not replay once more.
    """
    newer = {"$and": [{"$ne": ["$status", "discarded"]}, {"$lt": ["$at", literal(kept["at"])]}]}
    return guarded(newer, {"$mergeObjects": [literal(kept), {"attempts": {"$ifNull": ["$attempts", []]}}]})


def _position(document: Document) -> str:
    """Where a letter stands in the list; it stays there when others are settled."""
    return f"{rfc3339(document['at'])}/{document['_id']}"


def _beyond(position: str) -> Document:
    """Those that stand behind this position. Refused when it is none."""
    at, _, letter_id = position.partition("/")
    try:
        moment = datetime.fromisoformat(at).astimezone(UTC)
    except (ValueError, OverflowError) as error:  # at the ends of the calendar another time zone is beyond it
        raise bad_cursor() from error
    return {"$or": [{"at": {"$lt": moment}}, {"at": moment, "_id": {"$lt": letter_id}}]}


def _lasting(group: str) -> str:
    """The group without the generation of a read model: `search.items` of `search.items.g2`."""
    return re.sub(r"\.g\d+$", "", group)
