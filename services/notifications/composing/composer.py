"""From an event to inbox items and deliveries: the effects of this service.

Everything here may run again for the same event, in another order, and in two replicas at once: an inbox item is unique
per event and recipient, a delivery per event, recipient and template. Nothing is sent here.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Protocol

from services.notifications.composing.collecting import collect
from services.notifications.composing.store import Notices
from services.notifications.digests.domain import Found, morning_after
from services.notifications.inbox.domain import InboxItem, Link, item_id
from services.notifications.inbox.store import Inbox
from services.notifications.names import Names
from services.notifications.sending import delivery as domain
from services.notifications.sending.delivery import Delivery, delivery_id
from services.notifications.sending.judging import Go, Skip, Wait, judge
from services.notifications.sending.standing import Standings
from services.notifications.sending.store import Ledger
from services.notifications.store import Challenges, People, Person
from services.notifications.subjects import facts as facts_of
from services.notifications.subjects.facts import Facts
from services.notifications.subjects.messages import MESSAGES, Audience, Message
from shared.aggregates.decisions import Decision
from shared.events.accounts import OrganizationState, UserState
from shared.events.challenges import ChallengeState, ClaimState
from shared.events.envelope import Event
from shared.events.search import SavedSearchHit
from shared.mongo import DuplicateKeyError
from shared.values.clock import Clock

TOLD_WITHIN = timedelta(days=7)
"""An older event tells nobody, so that no replay or rebuild wakes up the past."""

_BY_EVENT: dict[str, tuple[Message, ...]] = {
    event: tuple(message for message in MESSAGES if message.event == event)
    for event in {message.event for message in MESSAGES}
}
_BY_NAME = {message.name: message for message in MESSAGES}


class Offer(Protocol):
    """The sender's door (sender.py)."""

    def __call__(self, delivery: Delivery, judged_for: Person | None = None) -> None: ...


@dataclass(frozen=True)
class Teller:
    """Tells people of events. `offer` hands a written delivery to the sender."""

    people: People
    challenges: Challenges
    inbox: Inbox
    notices: Notices
    ledger: Ledger
    standings: Standings
    names: Names
    offer: Offer
    clock: Clock

    async def tell(self, event: Event) -> None:
        """Everybody whom this event concerns, as far as they are known."""
        for message in _BY_EVENT.get(event.type.short, ()):
            await self._tell(message, event)

    async def challenge_came(self, event: Event) -> None:
        """Tells what waited for the challenge to be known."""
        for notice in await self.notices.awaiting(event.subject):
            await self._tell(_BY_NAME[notice.message], notice.event)
            await self.notices.no_longer_awaits(notice)

    async def person_came(self, event: Event) -> None:
        """Tells a person what happened while he belonged already, and lets go what waited for him."""
        person = await self.people.by_id(event.subject)
        if person is None or not isinstance(event.data, UserState):
            return
        for organization_id in person.admin_of:
            for notice in await self.notices.told_to(organization_id, since=event.time):
                if facts := await self._facts(notice.event):
                    await self._tell_one(_BY_NAME[notice.message], facts, person.pseudonym)
        for name in (person.pseudonym, self.names.sealed(person.user_id)):
            for waiting in await self.ledger.awaiting(name):
                freed = await self.ledger.rows.change(waiting.id, partial(domain.release, at=self.clock()))
                self.offer(freed.state)

    async def _tell(self, message: Message, event: Event) -> None:
        if self._too_old(event.time):
            return
        facts = await self._facts(event)
        if facts is None and isinstance(event.data, ClaimState):
            # Written first and looked up again: the challenge may come between the two.
            await self.notices.until_challenge(message.name, event, event.data.challenge_id)
            facts = await self._facts(event)
        if facts is None or self._too_old(facts.occurred_at) or not facts_of.concerns(message, facts):
            return
        for recipient in await self._audience(message, facts, event):
            await self._tell_one(message, facts, recipient)

    def _too_old(self, at: datetime) -> bool:
        return self.clock() - at > TOLD_WITHIN

    async def _facts(self, event: Event) -> Facts | None:
        """None: it is about a challenge that has not come yet, or nobody is told of such a thing."""
        match event.data:
            case OrganizationState() as organization:
                return facts_of.of_organization(event, organization)
            case ChallengeState() as challenge:
                return facts_of.of_challenge(event, challenge)
            case SavedSearchHit() as found:
                return facts_of.of_saved_search_hit(found)
            case ClaimState() as claim:
                known = await self.challenges.find(claim.challenge_id)
                if known is None:
                    return None
                count = await self.challenges.claims_up_to(known.id, claim.submitted_at or event.time)
                return facts_of.of_claim(event, claim, known, count)
            case _:
                return None

    async def _audience(self, message: Message, facts: Facts, event: Event) -> list[str]:
        """The recipients, by the names that fit the event (names.py)."""
        match message.audience, event.data:
            case Audience.APPLICANT, OrganizationState(applicant_id=user_id):
                return [self.names.everyday(user_id)]
            case Audience.SEARCHER, SavedSearchHit(user_id=user_id):
                return [self.names.everyday(user_id)]
            case Audience.CLAIMANTS, ClaimState(people=people):
                return list(people)
            case Audience.POSTER, _:
                # Written before the people are looked up: whoever comes in between finds it (person_came).
                await self.notices.to_organization(message.name, event, facts.organization_id)
                return await self.people.admins_of(facts.organization_id)
            case _:
                raise ValueError(f"{message.name} names an audience that {event.type.short} does not have")

    async def _tell_one(self, message: Message, facts: Facts, recipient: str) -> None:
        written = facts_of.write(message, facts)
        kept_under = self.names.kept_under(recipient)
        item = InboxItem(
            id=item_id(facts.cause, kept_under),
            event_id=facts.cause,
            event=message.event,
            message=message.name,
            recipient=kept_under,
            title=written.title,
            body=written.body,
            link=Link(type=message.about, id=facts.link_id),
            created_at=self.clock(),
        )
        there = await self.inbox.put(item)
        if there.message != message.name:
            return
        row = self._row(message, facts, written, recipient)
        if message.digest:
            found = Found(event_id=facts.cause, title=facts.words["title"], occurred_at=facts.occurred_at)
            write = partial(facts_of.write_digest, message)
            await collect(self.ledger.rows, row, found, morning_after(there.created_at), write)
        else:
            await self._queue(message, row)

    def _row(self, message: Message, facts: Facts, written: facts_of.Written, recipient: str) -> Delivery:
        at = self.clock()
        template = self.standings.console.named(message.template)
        return Delivery(
            id=delivery_id(facts.cause, recipient, message.template),
            event_id=facts.cause,
            event=message.event,
            recipient=recipient,
            kept_under=self.names.kept_under(recipient),
            template=message.template,
            template_id=template.template_id if template else "",
            data=written.data,
            page=written.page,
            jurisdiction=facts.jurisdiction,
            sealed=message.sealed,
            urgent_until=facts.deadline,
            due_at=at,
            created_at=at,
        )

    async def _queue(self, message: Message, row: Delivery) -> None:
        """The row in the ledger, once. What cannot go at all is written as skipped, so that it can be seen why."""
        at = row.created_at
        person = await self.people.under(self.names.everyday_of(row.recipient))
        standing = await self.standings.of(row, person)
        first: Decision[Delivery] | None = domain.queue(row)
        match judge(row, message.group, standing, at):
            case Skip(reason):
                first = domain.skip(row, reason, at)
            case Wait(until, reason, awaits):
                waiting = domain.postpone(row, until, reason, row.kept_under if awaits else None)
                first = domain.queue(waiting.state) if waiting else None
            case Go():
                pass
        if first is None:
            return
        try:
            stored = await self.ledger.rows.create(first)
        except DuplicateKeyError:
            return
        self.offer(stored.state, person)
