"""What the sender and the teller ask of the database."""

from datetime import timedelta
from functools import partial

from services.notifications.beginning import change_or_begin
from services.notifications.consents import domain as consent_rules
from services.notifications.consents.domain import Consent, consent_id
from services.notifications.sending import delivery as rules
from services.notifications.tests import builders
from services.notifications.tests.builders import NOON
from shared.events.envelope import Event
from shared.projections.read_models import ReadModel, projection
from shared.secrets import openid_context
from tests.services.notifications.conftest import NAMES, PERSONAL, Stores


async def _fold(model: ReadModel, *events: Event) -> None:
    for event in events:
        await projection(model.collection, model.project)([event])


async def test_only_what_is_due_is_found_and_only_what_is_abandoned_is_swept(stores: Stores) -> None:
    due = builders.delivery(event_id="e/1")
    later = builders.delivery(event_id="e/2", due_at=NOON + timedelta(hours=8))
    going = builders.delivery(event_id="e/3")
    for row in (due, later, going):
        await stores.ledger.rows.create(rules.queue(row))
    start = partial(rules.start, owner="notifications-1/run/1", template_id="T", at=NOON)
    await stores.ledger.rows.change(going.id, start)
    assert [row.id for row in await stores.ledger.due(NOON, 10)] == [due.id]
    assert await stores.ledger.abandoned(NOON) == []
    assert [row.id for row in await stores.ledger.abandoned(NOON + rules.LEASE)] == [going.id]
    assert [row.owner for row in await stores.ledger.under_way()] == ["notifications-1/run/1"]


async def test_a_message_is_found_by_its_whole_msgid_and_by_whom_it_goes_to(stores: Stores) -> None:
    row = builders.delivery()
    await stores.ledger.rows.create(rules.queue(row))
    start = partial(rules.start, owner="p/r/1", template_id="T", at=NOON)
    await stores.ledger.rows.change(row.id, start)
    await stores.ledger.rows.change(row.id, partial(rules.accepted, msgid=1882796079412412446, at=NOON))
    found = await stores.ledger.with_msgid(1882796079412412446)
    assert found is not None
    assert found.id == row.id
    assert await stores.ledger.with_msgid(1882796079412412447) is None
    assert [each.id for each in await stores.ledger.kept_under(row.kept_under)] == [row.id]


async def test_people_are_found_by_pseudonym_by_openid_and_by_organisation(stores: Stores) -> None:
    sealed = PERSONAL.seal("openid-of-admin-1", openid_context("admin-1"))
    await _fold(stores.people.model, builders.user("admin-1", organization="org-1", openid=sealed))
    person = await stores.people.under(NAMES.everyday("admin-1"))
    assert person is not None
    assert await stores.people.with_openid(PERSONAL.blind("openid-of-admin-1")) == person
    assert await stores.people.admins_of("org-1") == [person.pseudonym]
    assert await stores.people.admins_of("org-2") == []


async def test_claims_are_counted_up_to_a_moment(stores: Stores) -> None:
    later = NOON + timedelta(minutes=5)
    await _fold(stores.challenges.claims, builders.claim("claim-1"), builders.claim("claim-2", at=later))
    await _fold(stores.challenges.challenges, builders.challenge())
    assert await stores.challenges.claims_up_to("challenge-1", NOON) == 1
    assert await stores.challenges.claims_up_to("challenge-1", later) == 2
    known = await stores.challenges.find("challenge-1")
    assert known is not None
    assert known.organization_id == "org-1"


async def test_a_notice_is_found_by_its_organisation_from_a_moment_on_and_by_what_it_awaits(stores: Stores) -> None:
    event, claim = builders.challenge(), builders.claim()
    await stores.notices.to_organization("challenge-published", event, "org-1")
    await stores.notices.until_challenge("claim-receipt", claim, "challenge-1")
    (notice,) = await stores.notices.told_to("org-1", since=NOON)
    assert (notice.message, notice.event) == ("challenge-published", event)
    assert await stores.notices.told_to("org-1", since=NOON + timedelta(seconds=1)) == []
    (waiting,) = await stores.notices.awaiting("challenge-1")
    await stores.notices.no_longer_awaits(waiting)
    assert await stores.notices.awaiting("challenge-1") == []


async def test_a_consent_begins_at_nothing_and_is_changed_by_whoever_comes_first(stores: Stores) -> None:
    fresh = Consent(id=consent_id("p", "T"))
    accept = partial(consent_rules.accept, source="wechat", kind="one_time", at=NOON)
    await change_or_begin(stores.consents, fresh, partial(accept, mark="push-1"))
    stored = await change_or_begin(stores.consents, fresh, partial(accept, mark="push-2"))
    assert stored.state.credits == 2
    again = await change_or_begin(stores.consents, fresh, partial(accept, mark="push-1"))
    assert again.state.credits == 2
