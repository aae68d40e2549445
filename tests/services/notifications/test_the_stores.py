"""What the sender and the teller ask of the database."""

from datetime import timedelta
from functools import partial

from services.notifications.consents import domain as consent_rules
from services.notifications.sending import delivery as rules
from services.notifications.subjects.message import admins_of, operators_of
from services.notifications.tests import builders
from services.notifications.tests.builders import NOON
from shared.events.envelope import Event
from shared.projections.read_models import ReadModel, projection
from shared.secrets import openid_context
from shared.values.jurisdictions import Jurisdiction
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
    assert [row.id for row in await stores.ledger.due(NOON, 10, bulk=False)] == [due.id]
    assert await stores.ledger.abandoned(NOON) == []
    assert [row.id for row in await stores.ledger.abandoned(NOON + rules.LEASE)] == [going.id]
    assert [row.owner for row in await stores.ledger.under_way()] == ["notifications-1/run/1"]


async def test_a_message_is_found_by_its_whole_msgid_and_by_its_time_while_it_is_open(stores: Stores) -> None:
    row = builders.delivery()
    await stores.ledger.rows.create(rules.queue(row))
    start = partial(rules.start, owner="p/r/1", template_id="T", at=NOON)
    await stores.ledger.rows.change(row.id, start)
    assert [each.id for each in await stores.ledger.open_around(NOON)] == [row.id]
    await stores.ledger.rows.change(row.id, partial(rules.accepted, msgid=1882796079412412446, at=NOON))
    found = await stores.ledger.with_msgid(1882796079412412446)
    assert found is not None
    assert found.id == row.id
    assert await stores.ledger.with_msgid(1882796079412412447) is None
    assert await stores.ledger.open_around(NOON) == []


async def test_people_are_found_by_pseudonym_by_openid_and_by_organisation(stores: Stores) -> None:
    sealed = PERSONAL.seal("openid-of-admin-1", openid_context("admin-1"))
    await _fold(stores.people.model, builders.user("admin-1", organization="org-1", openid=sealed))
    person = await stores.people.under(NAMES.everyday("admin-1"))
    assert person is not None
    assert await stores.people.with_openid(PERSONAL.blind("openid-of-admin-1")) == person
    assert await stores.people.of(admins_of("org-1")) == ["admin-1"]
    assert await stores.people.of(admins_of("org-2")) == []


async def test_the_operators_of_a_city_are_found(stores: Stores) -> None:
    for city in (Jurisdiction.SUZHOU, Jurisdiction.WUXI):
        await _fold(stores.people.model, builders.user(f"operator-{city}", operates=city, openid=None))
    assert await stores.people.of(operators_of(Jurisdiction.SUZHOU)) == ["operator-suzhou"]
    person = await stores.people.by_id("operator-suzhou")
    assert person
    assert person.circles == (operators_of(Jurisdiction.SUZHOU),)


async def test_claims_are_counted_up_to_a_moment(stores: Stores) -> None:
    later = NOON + timedelta(minutes=5)
    await _fold(stores.challenges.claims, builders.claim("claim-1"), builders.claim("claim-2", at=later))
    await _fold(stores.challenges.challenges, builders.challenge())
    assert await stores.challenges.claims_up_to("challenge-1", NOON) == 1
    assert await stores.challenges.claims_up_to("challenge-1", later) == 2
    known = await stores.challenges.known("challenge-1", builders.claim("claim-1"))
    assert known is not None
    assert (known.organization_id, known.claims) == ("org-1", 1)


async def test_a_notice_is_found_by_its_circle_from_a_moment_on_and_by_what_it_awaits(stores: Stores) -> None:
    event, claim = builders.challenge(), builders.claim()
    await stores.notices.to_circle(event, admins_of("org-1"))
    await stores.notices.until_challenge(claim, "challenge-1")
    (notice,) = await stores.notices.told_to(admins_of("org-1"), since=NOON)
    assert notice.event == event
    assert await stores.notices.told_to(admins_of("org-1"), since=NOON + timedelta(seconds=1)) == []
    (waiting,) = await stores.notices.awaiting("challenge-1")
    await stores.notices.no_longer_awaits(waiting)
    assert await stores.notices.awaiting("challenge-1") == []


async def test_a_consent_begins_at_nothing_and_is_changed_by_whoever_comes_first(stores: Stores) -> None:
    accept = partial(consent_rules.accept, source="wechat", kind="one_time", at=NOON)
    assert (await stores.consents.change("me", "T", partial(accept, mark="push-1"))).credits == 1
    assert (await stores.consents.change("me", "T", partial(accept, mark="push-2"))).credits == 2
    assert (await stores.consents.change("me", "T", partial(accept, mark="push-1"))).credits == 2
    assert (await stores.consents.find("me", "T")).credits == 2
    assert (await stores.consents.find("somebody", "T")).credits == 0
    (kept,) = await stores.consents.rows.where({})
    assert b"credits" not in kept.state.sealed
