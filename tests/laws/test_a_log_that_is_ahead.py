"""A restored database and a log that went on: what the log tells whole comes back, and no version stands for two contents."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest

from services.accounts.organizations.domain import Contact, Organization
from services.accounts.people import domain as people
from services.accounts.people.domain import User
from services.challenges.claiming import claim as claims
from services.challenges.claiming.claim import Claim
from services.challenges.posting import challenge as challenges
from services.notifications.sending import delivery as ledger
from services.notifications.sending.delivery import Delivery
from services.sync.intake import batch as batches
from services.sync.intake.batch import Batch
from services.sync.records.current import Records
from services.sync.records.versions import Versions
from shared.aggregates.adopting import Adopting, Outcome, Told
from shared.aggregates.aggregates import Aggregates
from shared.aggregates.decisions import RESTORE, Decision
from shared.aggregates.outbox import Relay
from shared.events.accounts import Membership, Role, RoleGrant, UserState
from shared.events.challenges import ChallengeState, PosterRef
from shared.events.envelope import Event, event
from shared.mongo import Database, Document
from shared.values.clock import now
from shared.values.ids import new_id
from shared.values.problems import Refusal
from tests.laws.test_owners_publish_again import row
from tests.security.messages import record


@pytest.fixture
async def rows(database: Database) -> Aggregates[Delivery]:
    made = Aggregates(database["deliveries"], Delivery, ledger.published, take=ledger.taken_from_log)
    await made.prepare()
    return made


@pytest.fixture
async def sealed(database: Database) -> Aggregates[Claim]:
    made = Aggregates(database["claims"], Claim, claims.published, upcasts=claims.UPCASTS, gone=claims.gone)
    await made.prepare()
    return made


async def logged(aggregates: Aggregates[Delivery] | Aggregates[Claim]) -> list[Event]:
    """What the owner has published, out of its outbox."""
    events: list[Event] = []

    async def publish(each: Event) -> None:
        events.append(each)

    while await Relay([aggregates.collection], publish).drain():
        pass
    return events


def a_claim(state: str = "draft") -> Claim:
    at = now()
    return Claim(
        id=new_id(),
        challenge_id=new_id(),
        state=state,
        claimant="pseudonym",
        people=("somebody",),
        slot=new_id(),
        sealed=b"sealed",
        sha256="0" * 64,
        partners=(),
        commitment_accepted=True,
        created_at=at,
        updated_at=at,
    )


async def test_what_the_log_tells_whole_is_taken_at_the_logs_version(rows: Aggregates[Delivery]) -> None:
    created = await rows.create(ledger.queue(row()))
    backup = await rows.collection.find_one({"_id": created.state.id})
    assert backup is not None
    await rows.change(created.state.id, lambda each: ledger.start(each, owner="p", template_id="w", at=now()))
    await rows.change(created.state.id, lambda each: ledger.accepted(each, 1, now()))
    events = await logged(rows)
    await rows.collection.replace_one({"_id": created.state.id}, backup)
    assert await rows.adopt(events) is Outcome.TAKEN
    stored = await rows.get(created.state.id)
    assert (stored.version, stored.state.status, stored.state.attempts) == (3, "sent", 1)
    assert await logged(rows) == [], "the log has it"
    again = rows.event_of(await rows.collection.find_one({"_id": created.state.id}) or {})
    assert again is not None
    assert (again.id, again.type, again.data) == (events[-1].id, events[-1].type, events[-1].data)
    assert await rows.adopt(events) is Outcome.SAME


async def test_a_message_that_was_sent_is_not_sent_again_although_its_row_was_lost(rows: Aggregates[Delivery]) -> None:
    created = await rows.create(ledger.queue(row()))
    await rows.change(created.state.id, lambda each: ledger.start(each, owner="p", template_id="w", at=now()))
    events = await logged(rows)
    await rows.collection.delete_many({})
    assert await rows.adopt(events) is Outcome.TAKEN
    stored = await rows.get(created.state.id)
    assert (stored.version, stored.state.status, stored.state.reason) == (3, "unknown", "restored")
    (told,) = await logged(rows)
    assert (told.version, told.action) == (3, RESTORE)


async def test_where_the_log_does_not_tell_the_whole_the_owner_wins_above_it(sealed: Aggregates[Claim]) -> None:
    created = await sealed.create(Decision(a_claim(), "draft", "somebody", "claim.drafted"))
    backup = await sealed.collection.find_one({"_id": created.state.id})
    assert backup is not None
    withdrawn = created.state.model_copy(update={"state": "withdrawn", "sealed": None})
    await sealed.change(created.state.id, lambda _: Decision(withdrawn, "withdraw", "somebody", "claim.withdrawn"))
    events = await logged(sealed)
    await sealed.collection.replace_one({"_id": created.state.id}, backup)
    assert await sealed.adopt(events) is Outcome.LIFTED
    stored = await sealed.get(created.state.id)
    assert (stored.version, stored.state) == (3, created.state)
    (told,) = await logged(sealed)
    assert (told.id, told.action, told.type.short) == (f"{created.state.id}/3", RESTORE, "claim.replaced")


async def test_what_nobody_has_any_more_is_withdrawn_and_its_version_kept(sealed: Aggregates[Claim]) -> None:
    created = await sealed.create(Decision(a_claim("submitted"), "submit", "somebody", "claim.submitted"))
    events = await logged(sealed)
    await sealed.collection.delete_many({})
    assert await sealed.adopt(events) is Outcome.LOST
    assert await sealed.find(created.state.id) is None
    with pytest.raises(Refusal, match="not_found"):
        await sealed.get(created.state.id)
    (told,) = await logged(sealed)
    assert (told.version, told.type.short) == (2, "claim.withdrawn")
    document = await sealed.collection.find_one({"_id": created.state.id})
    assert document is not None
    again = sealed.event_of(document)
    assert again is not None
    assert (again.id, document["version"]) == (f"{created.state.id}/2", 2)
    assert await sealed.adopt(events) is Outcome.SAME


async def test_an_owner_that_writes_meanwhile_is_looked_at_again(
    rows: Aggregates[Delivery], monkeypatch: pytest.MonkeyPatch
) -> None:
    created = await rows.create(ledger.queue(row()))
    backup = await rows.collection.find_one({"_id": created.state.id})
    assert backup is not None
    await rows.change(created.state.id, lambda each: ledger.fail(each, "why", now()))
    events = await logged(rows)
    await rows.collection.replace_one({"_id": created.state.id}, backup)
    written = Adopting._written

    async def meanwhile(self: Adopting[Delivery], before: Document | None, after: Document) -> bool:
        monkeypatch.setattr(Adopting, "_written", written)
        await rows.change(created.state.id, lambda each: ledger.fail(each, "the owner's", now()))
        return await written(self, before, after)

    monkeypatch.setattr(Adopting, "_written", meanwhile)
    assert await rows.adopt(events) is Outcome.SAME
    assert (await rows.get(created.state.id)).state.reason == "the owner's"


async def test_a_record_comes_back_from_the_log_with_its_digest(database: Database) -> None:
    """So that its city's next push finds it unchanged."""
    records, told = Records(database["records"], Versions(database["record_versions"])), record("1")
    assert await records.adopt([told]) is Outcome.TAKEN
    stored = await records.find(told.subject)
    assert stored is not None
    assert (stored.version, stored.verdict, stored.state) == (told.version, "added", told.data)
    assert records.event_of(await records.collection.find_one({"_id": told.subject}) or {}).headers == told.headers
    assert await records.adopt([told]) is Outcome.SAME


def told(*events: Event, whole: bool = True) -> Told:
    return Told(events, whole)


def user_came(memberships: Sequence[str]) -> Event:
    acts = tuple(Membership(organization_id=each, role=Role.ORG_ADMIN) for each in memberships)
    state = UserState(
        id="u",
        roles=(RoleGrant(role=Role.MEMBER),),
        memberships=acts,
        organization_id=memberships[0] if memberships else None,
        session_generation=3,
        openid_sealed="sealed",
        created_at=now(),
    )
    return event("user.roles-changed", "u", 5, now(), state)


def test_a_person_comes_back_with_everything_that_others_were_told() -> None:
    taken = people.taken_from_log(lambda sealed, user_id: f"{sealed}/{user_id}", told(user_came(["a"])), None)
    assert taken is not None
    assert (taken.openid_blind, taken.session_generation, taken.organization_id) == ("sealed/u", 3, "a")


def test_a_membership_that_ended_meanwhile_stays_ended() -> None:
    """An approval that comes again would bring it back."""
    acts = (Membership(organization_id="a", role=Role.ORG_ADMIN), Membership(organization_id="b", role=Role.ORG_ADMIN))
    known = User(id="u", openid_blind="b", openid_sealed="sealed", roles=(), memberships=acts, created_at=now())
    taken = people.taken_from_log(lambda *_: "", told(user_came(["b"])), known)
    assert taken is not None
    assert (taken.left, [each.organization_id for each in taken.memberships]) == (("a",), ["b"])
    assert taken.published() == user_came(["b"]).data.model_copy(update={"created_at": known.created_at})


def test_an_organisation_keeps_its_contact() -> None:
    from services.accounts.organizations.domain import taken_from_log

    contact = Contact(name="人", phone_sealed="s", phone_masked="m")
    known = Organization(
        id="o",
        name="单位",
        credit_code="c",
        jurisdiction="suzhou",
        kind="enterprise",
        contact=contact,
        applicant_id="a",
        created_at=now(),
    )
    approved = known.model_copy(update={"status": "verified"}).published()
    happened = event("organization.approved", "o", 2, now(), approved, actor="official", jurisdiction="suzhou")
    unknown = Contact(name="", phone_sealed="", phone_masked="")
    taken = taken_from_log(lambda _: unknown, told(happened), known)
    assert taken is not None
    assert (taken.contact, taken.status, taken.decided_by) == (contact, "verified", "official")
    lost = taken_from_log(lambda _: unknown, told(happened), None)
    assert lost is not None
    assert (lost.contact, lost.published()) == (unknown, approved)


def a_state(state: str) -> ChallengeState:
    at = now()
    return ChallengeState(
        id="c",
        state=state,
        public=state == "published",
        claimable=state == "published",
        title="题",
        public_summary="",
        problem=None,
        indicators=(),
        jurisdiction="suzhou",
        industry=(),
        organization=PosterRef(id="o", name="单位"),
        reward_fen=1,
        deadline=at + timedelta(days=9),
        period_months=1,
        mode="single",
        disclosure="summary",
        return_reasons=(),
        published_at=at if state == "published" else None,
        closed_at=None,
        created_at=at,
        updated_at=at,
    )


def happened(short: str, version: int, state: str) -> Event:
    return event(f"challenge.{short}", "c", version, now(), a_state(state), jurisdiction="suzhou")


def known() -> challenges.Challenge:
    """A challenge of which only its life is asked here."""
    life: dict[str, Any] = {"id": "c", "state": "approved", "submitted_at": None}
    return challenges.Challenge.model_construct(**life)


def test_a_challenge_comes_back_where_only_its_life_went_on() -> None:
    taken = challenges.taken_from_log(told(happened("published", 5, "published")), known())
    assert taken is not None
    assert (taken.state, taken.is_claimable) == ("published", True)


@pytest.mark.parametrize(
    "lost",
    [
        told(happened("revised", 5, "returned"), happened("submitted", 6, "submitted")),
        told(happened("published", 9, "published"), whole=False),
    ],
)
def test_a_challenge_whose_terms_may_have_changed_does_not(lost: Told) -> None:
    assert challenges.taken_from_log(lost, known()) is None


def test_a_challenge_that_was_lost_is_no_longer_public() -> None:
    gone = challenges.gone(a_state("published"))
    assert (gone.public, gone.claimable) == (False, False)


def test_a_batch_whose_rows_are_lost_has_failed_and_one_that_was_applied_stays_so() -> None:
    fields = {"id": "b", "jurisdiction": "suzhou", "kind": "platform", "dry_run": False, "coordinates": None}
    batch = Batch.model_validate({**fields, "rows": 1, "sha256": "s", "pushed_by": "a", "created_at": now(), "seq": 4})
    committed = batch.model_copy(update={"state": "processing", "committed_at": now()})
    applied = committed.model_copy(update={"state": "applied", "finished_at": now()})
    outcomes = []
    for short, state in (("committed", committed), ("applied", applied)):
        came = event(f"batch.{short}", "b", 1, now(), batches.published(state), jurisdiction="suzhou")
        taken = batches.taken_from_log(told(came), None)
        assert taken is not None
        outcomes.append((taken.state, taken.seq))
    assert outcomes == [("failed", 4), ("applied", 4)]
