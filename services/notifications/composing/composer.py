"""From an event to inbox items and deliveries, in one line: subject → facts → messages → recipients → item → delivery.

Everything here may run again for the same event, in another order, and in two replicas at once: an inbox item is unique
per event and person, a delivery per event, person and template. Nothing is sent here.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from services.notifications.composing.collecting import collect
from services.notifications.composing.store import Notices
from services.notifications.digests.domain import Found, morning_after
from services.notifications.inbox.domain import InboxItem, Link
from services.notifications.inbox.store import Inbox
from services.notifications.names import Recipient
from services.notifications.sending.delivery import Delivery
from services.notifications.sending.queueing import Queueing
from services.notifications.store import Challenges, People
from services.notifications.subjects.message import Facts, KnownChallenge, Message, Subject
from services.notifications.subjects.table import subject_of
from services.notifications.subjects.writing import Written, write, write_digest
from shared.aggregates.decisions import RESTORE
from shared.events.envelope import Event

TOLD_WITHIN = timedelta(days=7)
"""An older event tells nobody, so that no replay or rebuild wakes up the past."""


@dataclass(frozen=True)
class Composer:
    """Writes what people are told about events. `queueing` takes the deliveries."""

    people: People
    challenges: Challenges
    inbox: Inbox
    notices: Notices
    queueing: Queueing

    async def compose(self, event: Event) -> None:
        """Tells everybody whom the event concerns, as far as they are known."""
        found = await self._subject_and_facts(event)
        if found is None:
            return
        subject, facts = found
        for message in subject.messages_about(event, facts):
            for recipient in await self._recipients(message, facts, event):
                await self._tell(subject, message, facts, recipient)

    async def compose_for_member(self, event: Event, circle: str, user_id: str) -> None:
        """Tells one more person, who belongs to a circle that the event concerns."""
        found = await self._subject_and_facts(event)
        if found is None:
            return
        subject, facts = found
        for message in subject.messages_about(event, facts):
            if facts.circles.get(message.audience) == circle:
                await self._tell(subject, message, facts, self.queueing.names.recipient(user_id))

    async def _subject_and_facts(self, event: Event) -> tuple[Subject, Facts] | None:
        """None: nobody is told of it, it is no news or too old, or it waits for its challenge to be known."""
        subject = subject_of(event)
        if subject is None or event.action == RESTORE or self._is_too_old(event.time):
            return None
        challenge = await self._challenge_of(subject, event)
        if challenge is None and subject.challenge:
            return None
        facts = subject.facts(event, challenge)
        return None if self._is_too_old(facts.occurred_at) else (subject, facts)

    async def _challenge_of(self, subject: Subject, event: Event) -> KnownChallenge | None:
        if subject.challenge is None:
            return None
        challenge_id = subject.challenge(event)
        known = await self.challenges.known(challenge_id, event)
        if known is None:
            # Written first and looked up again: the challenge may come between the two.
            await self.notices.until_challenge(event, challenge_id)
            known = await self.challenges.known(challenge_id, event)
        return known

    def _is_too_old(self, at: datetime) -> bool:
        return self.queueing.clock() - at > TOLD_WITHIN

    async def _recipients(self, message: Message, facts: Facts, event: Event) -> list[Recipient]:
        names = self.queueing.names
        if circle := facts.circles.get(message.audience):
            # Written before the members are looked up: whoever comes in between finds it (catching_up.py).
            await self.notices.to_circle(event, circle)
            return [names.recipient(user_id) for user_id in await self.people.of(circle)]
        return [names.recipient(each) for each in facts.people[message.audience]]

    async def _tell(self, subject: Subject, message: Message, facts: Facts, recipient: Recipient) -> None:
        written = write(message, facts)
        item = InboxItem(
            event_id=facts.cause,
            event=message.event,
            message=message.name,
            title=written.title,
            body=written.body,
            link=Link(type=message.about, id=facts.link_id),
            created_at=self.queueing.clock(),
        )
        there = await self.inbox.append(recipient.user_id, item)
        if there.message != message.name:
            return
        row = self._delivery(subject, message, facts, written, recipient)
        if message.digest:
            found = Found(event_id=facts.cause, title=facts.words["title"], occurred_at=facts.occurred_at)
            await collect(
                self.queueing, row, recipient, found, morning_after(there.created_at), partial(write_digest, message)
            )
        else:
            await self.queueing.queue(row)

    def _delivery(
        self, subject: Subject, message: Message, facts: Facts, written: Written, recipient: Recipient
    ) -> Delivery:
        at = self.queueing.clock()
        return Delivery(
            id=self.queueing.names.delivery_id(facts.cause, recipient, message.template),
            event_id=facts.cause,
            event=message.event,
            group=subject.group,
            recipient=recipient.name,
            template=message.template,
            data=written.data,
            page=written.page,
            jurisdiction=facts.jurisdiction,
            sealed=message.sealed,
            bulk=message.bulk,
            urgent_until=facts.deadline,
            due_at=at,
            created_at=at,
        )
