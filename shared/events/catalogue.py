"""The catalogue: every type on the bus with its model, topic, producer and consumers.

A new event type is a row here, a model beside it, a golden example (`shared/events/examples/`) and the function that
handles it. `huning contracts generate` writes the schemas and the AsyncAPI document from these rows. A breaking change
is a row with the next version, whose `older` names the versions before it: the log holds those for ever.
"""

from collections.abc import Callable
from dataclasses import dataclass

from shared.events.accounts import OrganizationState, UserState
from shared.events.challenges import ChallengeState, ClaimState
from shared.events.dead_letters import DeadLetter
from shared.events.notifications import DeliveryState
from shared.events.payload import Payload
from shared.events.publications import Publication
from shared.events.search import SavedSearchHit
from shared.events.sync import AdvanceBatch, BatchState, ListState, ObjectionState, RecordState
from shared.events.upcasters import Json, batch_v1, challenge_v1, saved_search_hit_from_match


@dataclass(frozen=True)
class Older:
    """A type as it was written before. `upcast` makes its payload one of the version that follows it."""

    name: str
    upcast: Callable[[Json], Json]


@dataclass(frozen=True)
class EventType:
    """One row. `consumers` are the consumer groups (without prefix) that act on it.

    `sealed` marks events about sealed claims: they carry no trace of the request that caused them (see `Event`).
    `older` are the earlier versions, the oldest first: each is upcast to the next, and the last to this row's.
    """

    name: str
    model: type[Payload]
    topic: str
    producer: str
    consumers: tuple[str, ...]
    description: str
    sealed: bool = False
    older: tuple[Older, ...] = ()

    @property
    def short(self) -> str:
        """The name without `cn.huning.` and version, such as `challenge.published`."""
        return self.name.removeprefix("cn.huning.").rsplit(".v", 1)[0]


def _rows(
    topic: str,
    model: type[Payload],
    producer: str,
    consumers: tuple[str, ...],
    described: dict[str, str],
    *,
    sealed: bool = False,
    upcasters: tuple[Callable[[Json], Json], ...] = (),
) -> list[EventType]:
    """Rows of one topic. `upcasters` are from version 1, from version 2 and so on; a name of version n has the first n - 1."""
    return [
        EventType(f"cn.huning.{name}", model, topic, producer, consumers, description, sealed, _older(name, upcasters))
        for name, description in described.items()
    ]


def _older(name: str, upcasters: tuple[Callable[[Json], Json], ...]) -> tuple[Older, ...]:
    short, _, newest = name.rpartition(".v")
    return tuple(
        Older(f"cn.huning.{short}.v{number}", upcaster)
        for number, upcaster in enumerate(upcasters[: int(newest) - 1], start=1)
    )


CATALOGUE: dict[str, EventType] = {
    row.name: row
    for row in (
        *_rows(
            "huning.users",
            UserState,
            "accounts",
            ("*.revocations", "notifications.users"),
            {
                "user.registered.v1": "a person logged in for the first time",
                "user.roles-changed.v1": "a role was granted or taken away",
                "user.joined-organization.v1": "a person now belongs to an organisation",
                "user.signed-out.v1": "a person ended all sessions; tokens issued before are refused",
            },
        ),
        *_rows(
            "huning.organizations",
            OrganizationState,
            "accounts",
            ("accounts.organizations", "challenges.organizations", "notifications.organizations"),
            {
                "organization.registered.v1": "an organisation asks to be verified",
                "organization.approved.v1": "its city verified it",
                "organization.rejected.v1": "its city refused it, with the reason",
            },
        ),
        *_rows(
            "huning.challenges",
            ChallengeState,
            "challenges",
            ("search.index", "search.percolator", "notifications.challenges"),
            {
                "challenge.drafted.v2": "a challenge was begun",
                "challenge.revised.v2": "a draft was changed",
                "challenge.submitted.v2": "it went to its city for review",
                "challenge.returned.v2": "the city sent it back, with reasons",
                "challenge.approved.v2": "the city approved it",
                "challenge.published.v2": "everybody can see and claim it",
                "challenge.closed.v2": "its deadline passed",
            },
            upcasters=(challenge_v1,),
        ),
        *_rows(
            "huning.claims",
            ClaimState,
            "challenges",
            ("notifications.claims",),
            {
                "claim.drafted.v1": "a claim was begun, sealed from the start",
                "claim.consented.v1": "the last partner consented to the content that is to be submitted",
                "claim.replaced.v1": "its content was replaced before the deadline; of a submitted one, a new receipt is due",
                "claim.submitted.v1": "it was submitted; the receipt is due",
                "claim.withdrawn.v1": "it was withdrawn before the deadline",
                "claim.lapsed.v1": "it was never submitted before the deadline",
            },
            sealed=True,
        ),
        *_rows(
            "huning.records",
            RecordState,
            "sync",
            ("search.index", "search.record-percolator"),
            {
                "record.added.v1": "a city record is new",
                "record.changed.v1": "a city record has new content",
                "record.deleted.v1": "a city took a record back (a tombstone with its version)",
            },
        ),
        *_rows(
            "huning.batches",
            BatchState,
            "sync",
            ("notifications.batches",),
            {
                "batch.committed.v2": "a batch is complete and has its place in the order",
                "batch.waiting.v1": "a snapshot would withdraw so much that an operator of its city has to approve it",
                "batch.applied.v2": "every row has its verdict and is published",
                "batch.verified.v2": "a dry run ended: verdicts, nothing published",
                "batch.failed.v2": "a batch cannot be applied",
            },
            upcasters=(batch_v1,),
        ),
        *_rows(
            "huning.lists",
            ListState,
            "sync",
            ("notifications.lists",),
            {
                "list.stale.v1": "no good batch came for a list within its city's rhythm",
                "list.fresh.v1": "a list that was stale is fresh again",
            },
        ),
        *_rows(
            "huning.objections",
            ObjectionState,
            "sync",
            ("notifications.objections",),
            {
                "objection.opened.v1": "somebody says that a record of a city is wrong",
                "objection.answered.v1": "its city corrected the record, or does not, with the reason",
            },
        ),
        *_rows(
            "huning.intake",
            AdvanceBatch,
            "sync",
            ("sync.worker",),
            {"batch.advance.v1": "command: go on with this batch"},
        ),
        EventType(
            "cn.huning.saved-search.hit.v1",
            SavedSearchHit,
            "huning.saved-search-hits",
            "search",
            ("notifications.saved-search-hits",),
            "something new fits a saved search",
            older=(Older("cn.huning.saved-search.matched.v1", saved_search_hit_from_match),),
        ),
        *_rows(
            "huning.deliveries",
            DeliveryState,
            "notifications",
            (),
            {
                "delivery.queued.v1": "a WeChat message is due",
                "delivery.started.v1": "it is being sent",
                "delivery.settled.v1": "it is sent, failed, skipped, or unknown until WeChat says",
            },
            sealed=True,  # a delivery may be the receipt of a sealed claim
        ),
        *_rows(
            "huning.publications",
            Publication,
            "every service",
            ("*.rebuilds",),
            {"publication.completed.v1": "an owner has published everything that it owns of a topic"},
        ),
        *_rows(
            "huning.dead-letters",
            DeadLetter,
            "every service",
            ("*.dead-letters",),
            {"dead-letter.parked.v1": "a message could not be handled"},
        ),
    )
}


OLDER: dict[str, EventType] = {older.name: row for row in CATALOGUE.values() for older in row.older}
"""Every older version that is still read, with the row that it is read as."""


def upcast(name: str, payload: Json) -> Json:
    """The payload of this older version as one of the row that it is read as (`OLDER`)."""
    versions = OLDER[name].older
    begin = next(place for place, older in enumerate(versions) if older.name == name)
    for older in versions[begin:]:
        payload = older.upcast(payload)
    return payload


def type_of(short: str) -> EventType:
    """The newest row of a short name such as `challenge.published`. KeyError when there is none."""
    return next(row for row in reversed(CATALOGUE.values()) if row.short == short)
