"""The contracts hold: schemas are as committed, examples are readable, and each kind of mistake is caught when it is made."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any, Literal

import jsonschema
import pytest
from pydantic import create_model

from services.search.app import build_worker as build_search_worker
from services.sync.app import build_worker as build_sync_worker
from shared.cli.contracts import documents, written
from shared.events.catalogue import CATALOGUE, OLDER, EventType
from shared.events.challenges import ChallengeState, ClaimState
from shared.events.contracts import EXAMPLES, SCHEMAS, breaking_changes, orphans, schema_of
from shared.events.envelope import BadEvent, Event, Headers, read_event
from shared.events.payload import Payload
from shared.events.topics import TOPICS
from shared.messaging.publications import TOPIC as PUBLICATIONS
from shared.runtime.service import Service
from shared.values.open_sets import Open, OpenSet
from shared.values.roles import Duty

ROWS = list(CATALOGUE.values())


def example(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((EXAMPLES / f"{name}.json").read_text())
    return found


def headers_of(golden: dict[str, Any]) -> Headers:
    return [(name, text.encode()) for name, text in golden["headers"].items()]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_every_example_is_valid_by_its_schema_and_is_read_back_to_the_same_bytes(row: EventType) -> None:
    golden = example(row.name)
    jsonschema.validate(golden["value"], schema_of(row), cls=jsonschema.Draft202012Validator)
    event = read_event(headers_of(golden), json.dumps(golden["value"]).encode())
    assert json.loads(event.value) == golden["value"]
    assert dict(event.headers) == dict(headers_of(golden))


@pytest.mark.parametrize("name", sorted(OLDER))
def test_every_version_that_was_ever_published_is_read_as_the_newest_one(name: str) -> None:
    golden = example(name)
    schema = json.loads((SCHEMAS / f"{name}.json").read_text())
    jsonschema.validate(golden["value"], schema, cls=jsonschema.Draft202012Validator)
    event = read_event(headers_of(golden), json.dumps(golden["value"]).encode())
    assert event.type == OLDER[name]
    jsonschema.validate(json.loads(event.value), schema_of(event.type), cls=jsonschema.Draft202012Validator)
    waiting = event.to_document() | {"type": name, "data": golden["value"]}
    assert Event.from_document(waiting) == event
    assert waiting["data"] == example(name)["value"]


def test_a_challenge_that_was_published_by_the_first_version_is_public() -> None:
    golden = example("cn.huning.challenge.published.v1")
    challenge = read_event(headers_of(golden), json.dumps(golden["value"]).encode()).data
    assert isinstance(challenge, ChallengeState)
    assert (challenge.public, challenge.claimable) == (True, True)


@pytest.mark.parametrize("name", sorted(OLDER))
@pytest.mark.parametrize("value", [b"{}", b"[]", b"1", b"null", b'{"item": 1}', b"{"])
def test_what_no_upcaster_can_read_is_parked_with_its_reason(name: str, value: bytes) -> None:
    with pytest.raises(BadEvent) as bad:
        read_event(headers_of(example(name)), value)
    assert bad.value.reason in ("invalid_payload", "not_json")


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_no_schema_breaks_its_readers_without_a_new_version(row: EventType) -> None:
    committed = json.loads((SCHEMAS / f"{row.name}.json").read_text())
    assert breaking_changes(committed, schema_of(row)) == []


def test_every_committed_document_is_what_the_code_says() -> None:
    stale = [
        path.name
        for path, document in documents().items()
        if not path.exists() or path.read_text() != written(document)
    ]
    assert stale == [], "run `make docs`"


def test_there_are_no_orphans() -> None:
    assert orphans(CATALOGUE, SCHEMAS, EXAMPLES) == []


@pytest.mark.parametrize(
    ("change", "caught"),
    [
        ({"title": None}, "title: removed"),
        ({"reward_fen": (str, ...)}, "reward_fen: may now also be string"),
        ({"reward_fen": (int | None, ...)}, "reward_fen: may now also be null"),
        ({"jurisdiction": (str, ...)}, "jurisdiction: may now also be string"),
        ({"mode": (Literal["single", "race"], ...)}, "mode: may now also be =race, =single"),
        ({"mode": (Annotated[str, Open(Duty)], ...)}, "mode: no longer knows race"),
    ],
)
def test_a_breaking_change_is_caught(change: dict[str, Any], caught: str) -> None:
    row = CATALOGUE["cn.huning.challenge.published.v2"]
    fields: dict[str, Any] = {name: (info.annotation, ...) for name, info in ChallengeState.model_fields.items()}
    fields.update(change)
    kept = {name: kind for name, kind in fields.items() if kind}
    changed: type[Payload] = create_model("ChallengeState", __base__=Payload, **kept)
    assert caught in breaking_changes(schema_of(row), schema_of(replace(row, model=changed)))


class MoreModes(OpenSet):
    """Tomorrow's modes."""

    SINGLE = "single", "揭榜挂帅"
    RACE = "race", "赛马"
    RELAY = "relay", "接力"


def test_one_more_value_of_an_open_set_breaks_nobody() -> None:
    row = CATALOGUE["cn.huning.challenge.published.v2"]
    grown = create_model("ChallengeState", __base__=ChallengeState, mode=(Annotated[str, Open(MoreModes)], ...))
    assert breaking_changes(schema_of(row), schema_of(replace(row, model=grown))) == []


def open_fields(schema: dict[str, Any], root: dict[str, Any], *path: str) -> Iterator[tuple[str, ...]]:
    """The paths of a schema's open sets, as far as objects alone lead there."""
    for name, each in schema.get("properties", {}).items():
        while "$ref" in each:
            each = root["$defs"][each["$ref"].rsplit("/", 1)[1]]
        if "x-extensible-enum" in each:
            yield (*path, name)
        yield from open_fields(each, root, *path, name)


OPEN_FIELDS = [(row, path) for row in ROWS for path in open_fields(schema_of(row), schema_of(row))]


@pytest.mark.parametrize(("row", "path"), OPEN_FIELDS, ids=lambda each: getattr(each, "name", str(each)))
def test_a_value_from_tomorrow_is_kept_and_parks_nothing(row: EventType, path: tuple[str, ...]) -> None:
    golden = example(row.name)
    place = golden["value"]
    for name in path[:-1]:
        place = place[name]
    place[path[-1]] = "from-tomorrow"
    event = read_event(headers_of(golden), json.dumps(golden["value"]).encode())
    assert json.loads(event.value) == golden["value"]


def test_a_role_from_tomorrow_is_kept_as_well() -> None:
    golden = example("cn.huning.user.joined-organization.v1")
    for place in (golden["value"]["roles"][0], golden["value"]["memberships"][0]):
        place["role"] = "from-tomorrow"
    golden["value"]["roles"][0]["duty"] = "from-tomorrow"
    event = read_event(headers_of(golden), json.dumps(golden["value"]).encode())
    assert json.loads(event.value) == golden["value"]


def test_every_set_that_grows_is_open_in_the_contracts() -> None:
    assert {(row.topic, path[-1]) for row, path in OPEN_FIELDS} == {
        ("huning.organizations", "kind"),
        ("huning.organizations", "status"),
        ("huning.challenges", "state"),
        ("huning.challenges", "mode"),
        ("huning.challenges", "disclosure"),
        ("huning.claims", "state"),
        ("huning.records", "kind"),
        ("huning.records", "tense"),
        ("huning.batches", "kind"),
        ("huning.batches", "mode"),
        ("huning.batches", "state"),
        ("huning.lists", "kind"),
        ("huning.objections", "kind"),
        ("huning.objections", "state"),
        ("huning.saved-search-hits", "type"),
        ("huning.deliveries", "status"),
        ("huning.dead-letters", "reason"),
    }


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_an_event_from_before_a_field_was_added_is_read_with_its_default(row: EventType) -> None:
    golden = example(row.name)
    for name, info in row.model.model_fields.items():
        if not info.is_required():
            older = {key: value for key, value in golden["value"].items() if key != name}
            event = read_event(headers_of(golden), json.dumps(older).encode())
            assert getattr(event.data, name) == info.get_default(call_default_factory=True)


@pytest.mark.parametrize(
    ("state", "public", "claimable"),
    [("draft", False, False), ("published", True, True), ("closed", True, False), ("from-tomorrow", False, False)],
)
def test_a_challenge_that_did_not_say_whether_it_is_public_is_so_by_its_state(
    state: str, public: bool, claimable: bool
) -> None:
    golden = example("cn.huning.challenge.published.v1")
    golden["value"]["state"] = state
    challenge = read_event(headers_of(golden), json.dumps(golden["value"]).encode()).data
    assert isinstance(challenge, ChallengeState)
    assert (challenge.public, challenge.claimable) == (public, claimable)


def test_a_challenge_whose_owner_does_not_say_that_it_is_public_is_not() -> None:
    golden = example("cn.huning.challenge.published.v2")
    del golden["value"]["public"], golden["value"]["claimable"]
    challenge = read_event(headers_of(golden), json.dumps(golden["value"]).encode()).data
    assert isinstance(challenge, ChallengeState)
    assert (challenge.public, challenge.claimable) == (False, False)


def test_a_field_that_may_now_be_missing_is_caught_and_a_new_field_is_not() -> None:
    row = CATALOGUE["cn.huning.claim.submitted.v1"]
    old = schema_of(row)
    lax = {**old, "required": [name for name in old["required"] if name != "sha256"]}
    assert breaking_changes(old, lax) == ["sha256: no longer always present"]
    wider = create_model("ClaimState", __base__=ClaimState, note=(str | None, None))
    assert breaking_changes(old, schema_of(replace(row, model=wider))) == []


def test_an_orphan_schema_an_orphan_example_and_a_type_without_an_example_are_caught(tmp_path: Path) -> None:
    schemas, examples = tmp_path / "schemas", tmp_path / "examples"
    for folder, source in ((schemas, SCHEMAS), (examples, EXAMPLES)):
        folder.mkdir()
        for path in source.glob("*.json"):
            (folder / path.name).write_text(path.read_text())
    (schemas / "cn.huning.nothing.happened.v1.json").write_text("{}")
    (examples / "cn.huning.nothing.happened.v2.json").write_text("{}")
    (examples / "cn.huning.claim.drafted.v1.json").unlink()
    row = CATALOGUE["cn.huning.claim.drafted.v1"]
    grown = {**CATALOGUE, "cn.huning.claim.lost.v1": replace(row, name="cn.huning.claim.lost.v1")}
    assert orphans(grown, schemas, examples) == [
        "cn.huning.claim.lost.v1: no schema, run `huning contracts generate`",
        "cn.huning.claim.drafted.v1: no golden example in examples/",
        "cn.huning.claim.lost.v1: no golden example in examples/",
        "cn.huning.nothing.happened.v1: a schema without a type",
        "cn.huning.nothing.happened.v2: an example without a type",
    ]


def test_the_catalogue_names_everybody_who_reads_a_topic_and_nobody_else(services: dict[str, Service]) -> None:
    settings = next(iter(services.values())).settings
    workers = (build_sync_worker(settings), build_search_worker(settings))
    read = {pair for service in (*services.values(), *workers) for pair in _read_by(service)}
    named = {(row.topic, group) for row in ROWS for group in row.consumers}
    assert read == {pair for topic, group in named for pair in _spelled_out(topic, group, services)}


def _read_by(service: Service) -> Iterator[tuple[str, str]]:
    """Every topic with the group that reads it, read models without their generation."""
    for consumer in service.consumers:
        yield from ((topic, consumer.group) for topic in consumer.subscription.topics)
    for name, model in service.read_models.items():
        yield from ((topic, f"{service.name}.{name}") for topic in model.topics)


def _spelled_out(topic: str, group: str, services: dict[str, Service]) -> list[tuple[str, str]]:
    """`*` is every service. Revocations are followed in memory, publications read whole, by no group of Kafka's."""
    if group in ("*.revocations", "*.rebuilds"):
        return []
    return [(topic, group.replace("*", name)) for name in services] if group.startswith("*") else [(topic, group)]


def test_a_topic_names_the_collection_of_its_owner_who_can_publish_it_again(services: dict[str, Service]) -> None:
    """Which log is whole is nobody's aggregate: who publishes again says it again."""
    named = {(topic.producer, topic.collection) for topic in TOPICS.values() if topic.collection}
    owned = {
        (name, each.collection.name) for name, service in services.items() for each in service.log_watch.owned.values()
    }
    assert named == owned
    assert {topic.name for topic in TOPICS.values() if topic.compacted and not topic.collection} == {PUBLICATIONS}
