"""A sealed claim is nowhere to be read before the opening: neither what it says nor who wrote it.

A random word stands in every text field of a claim, of what replaces it, of refused ones and of a withdrawn one; then
everything that the system holds or answers is swept for it. The control is test_the_sweep.py.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import pymongo
import pytest

from services.challenges.claiming.content import ClaimContent
from shared.access.table import RULES
from shared.values.jurisdictions import Jurisdiction
from tests import log
from tests.client import Api, Json, claim, until
from tests.security import sweeping
from tests.security.messages import Message, produce
from tests.security.people import KINDS, found
from tests.security.private_things import MARK_LENGTH, mark
from tests.security.requests import everything, parameters
from tests.stack import Stack

_NOT_FREE = {"organization_id", "role", "attachment_ids"}
"""Texts of a claim that are no free text: ids of what exists, and a choice."""


@dataclass(frozen=True)
class Sealed:
    """One claim, its claimant and a partner, all of them new to the system."""

    canary: str
    """Begins every free text of the claim."""
    claimant: str
    partner: str
    organization: Json
    partner_organization: Json
    user_id: str
    challenge_id: str = ""
    claim_id: str = ""

    def content(self) -> dict[str, Any]:
        """A claim with the canary in every free text."""
        consortium = [
            {"organization_id": self.organization["id"], "role": "lead", "cost_share": 60, "ip_share": 60},
            {"organization_id": self.partner_organization["id"], "role": "partner", "cost_share": 40, "ip_share": 40},
        ]
        written = _planted(claim(consortium=consortium), self.canary)
        assert isinstance(written, dict)
        return written


@pytest.fixture(scope="module")
def sealed(api: Api, stack: Stack) -> Sealed:
    """Drafted, replaced, consented to, submitted, told of and changed; refused and withdrawn attempts beside it."""
    word = mark()
    claimant, partner = f"claimant-{word[:8]}", f"partner-{word[:8]}"
    organization = found(api, claimant, f"揭榜研究院{mark()}", Jurisdiction.NANJING)
    partner_organization = found(api, partner, f"合作研究院{mark()}", Jurisdiction.WUXI)
    user_id = api.as_(claimant).user["id"]
    challenge_id = api.publish("密封揭榜", "suzhou", disclosure="summary")
    made = Sealed(word, claimant, partner, organization, partner_organization, user_id, challenge_id)
    path = f"challenges/{challenge_id}/claims"
    who = api.as_(claimant)

    def drafted() -> Json:
        answer = who.post(path, json=made.content(), key=word)
        not_heard_of_yet = answer.code in ("organization_not_verified", "invalid", "forbidden")
        return None if not_heard_of_yet else answer.expect(201)

    claim_id = until(drafted)["id"]  # once challenges has heard of the organisations
    _be_refused(api, made, path)
    who.put(f"claims/{claim_id}", json=made.content()).expect(200)
    read = api.as_(partner).get(f"claims/{claim_id}").expect(200)
    api.as_(partner).post(f"claims/{claim_id}/consent", json={"sha256": read["receipt"]["sha256"]}).expect(200)
    who.post(f"claims/{claim_id}/submit").expect(200)
    who.post(f"claims/{claim_id}/verify", json={"content": made.content()}).expect(200)
    until(lambda: _told(api, claimant, challenge_id))
    _change(api, made, f"claims/{claim_id}")
    _withdraw_one(api, made)
    return replace(made, claim_id=claim_id)


def _be_refused(api: Api, made: Sealed, path: str) -> None:
    """The canary in what is refused: twice the same claim, a wrong field, no JSON, by people who may not."""
    who = api.as_(made.claimant)
    who.post(path, json=made.content()).expect(409)
    who.post(path, json={**made.content(), made.canary: made.canary}).expect(422)
    who.post(path, json={**made.content(), "budget_fen": made.canary}).expect(422)
    who.post(path, json={**made.content(), "schedule": [{"name": made.canary, "months": 99}]}).expect(422)
    who.post(path, content=made.canary.encode(), headers={"content-type": "application/json"}).expect(400)
    for account in ("company-suzhou", "operator-suzhou", "auditor"):
        assert api.as_(account).post(path, json=made.content()).status in (403, 409, 422)


def _change(api: Api, made: Sealed, path: str) -> None:
    """Changed, consented to and submitted again; and changed once more, which nobody has consented to yet."""
    for budget in (1, 2):
        changed = api.as_(made.claimant).put(path, json={**made.content(), "budget_fen": budget}).expect(200)
        if budget == 1:
            seen = {"sha256": changed["pending"]["receipt"]["sha256"]}
            api.as_(made.partner).post(f"{path}/consent", json=seen).expect(200)
            api.as_(made.claimant).post(f"{path}/submit").expect(200)


def _withdraw_one(api: Api, made: Sealed) -> None:
    """A whole claim on another challenge, taken back."""
    challenge_id = api.publish("密封后撤回", "changzhou")
    drafted = api.as_(made.claimant).post(f"challenges/{challenge_id}/claims", json=_planted(claim(), made.canary))
    claim_id = drafted.expect(201)["id"]
    api.as_(made.claimant).post(f"claims/{claim_id}/submit").expect(200)
    api.as_(made.claimant).post(f"claims/{claim_id}/withdraw").expect(200)


def _told(api: Api, account: str, challenge_id: str) -> bool:
    """Whether the receipt is in the claimant's inbox: the last that is written about a submission."""
    inbox = api.as_(account).get("notifications/inbox").expect(200)
    return any(item["link"]["id"] == challenge_id and item["event"] == "claim.submitted" for item in inbox["items"])


def _planted(value: Any, canary: str, name: str = "") -> Any:
    """The same with the canary before every free text."""
    if isinstance(value, dict):
        return {key: _planted(each, canary, key) for key, each in value.items()}
    if isinstance(value, list):
        return [_planted(each, canary, name) for each in value]
    return f"{canary} {value}" if isinstance(value, str) and name not in _NOT_FREE else value


def test_the_canary_stands_in_every_text_field_that_a_claim_has(sealed: Sealed) -> None:
    def texts(schema: Any, name: str, definitions: Any) -> Iterator[str]:
        if "$ref" in schema:
            yield from texts(definitions[schema["$ref"].rsplit("/", 1)[1]], name, definitions)
        elif schema.get("type") == "string":
            yield name
        for key, each in schema.get("properties", {}).items():
            yield from texts(each, key, definitions)
        if "items" in schema:
            yield from texts(schema["items"], name, definitions)

    def planted(value: Any, name: str) -> Iterator[str]:
        if isinstance(value, dict):
            for key, each in value.items():
                yield from planted(each, key)
        elif isinstance(value, list):
            for each in value:
                yield from planted(each, name)
        elif isinstance(value, str) and value.startswith(sealed.canary):
            yield name

    schema = ClaimContent.model_json_schema()
    assert set(texts(schema, "", schema["$defs"])) - _NOT_FREE == set(planted(sealed.content(), ""))


def test_nothing_of_its_content_is_in_any_file_topic_collection_or_message(stack: Stack, sealed: Sealed) -> None:
    wanted = sweeping.pattern([sealed.canary])
    assert list(sweeping.in_topics(stack, wanted)) == []
    assert list(sweeping.in_collections(stack, wanted)) == []
    assert list(sweeping.in_indexes(stack, wanted)) == []
    assert list(sweeping.in_wechat(stack, wanted)) == []
    assert list(sweeping.in_files(stack, wanted)) == []


def test_no_endpoint_shows_it_to_anybody_else(api: Api, sealed: Sealed) -> None:
    """Neither to a read nor to a write; and no answer about challenge or claim names the organisation or the person."""
    everybody = [kind.account for kind in KINDS] + [
        "institute-nanjing",
        "operator-nanjing",
        "operator-wuxi",
        "reviewer-2",
    ]
    values = {
        "challenge_id": sealed.challenge_id,
        "claim_id": sealed.claim_id,
        "item_id": sealed.challenge_id,
        "jurisdiction": "suzhou",
        "kind": "institution",
    }
    queries = [{"q": sealed.canary}, {"mine": "true"}, {"limit": "100"}]
    content, people = sweeping.pattern([sealed.canary]), sweeping.pattern(claimants_in(sealed))
    reads = sweeping.in_answers(api, everybody, values, queries)
    writes = sweeping.in_answers_to_writes(api, everybody, values)
    hits = [
        where
        for where, answer in (*reads, *writes)
        if content.search(answer) or (where.split(" ")[0] in ABOUT_A_CLAIM and people.search(answer))
    ]
    assert hits == []


ABOUT_A_CLAIM = {rule.action for rule in RULES.values() if {"challenge_id", "claim_id"} & set(parameters(rule))}


def test_others_see_the_count_and_only_the_claimant_and_its_partners_see_the_claim(api: Api, sealed: Sealed) -> None:
    for kind in KINDS:
        answer = kind.at(api).get(f"challenges/{sealed.challenge_id}/claims")
        assert answer.code == "token_missing" if kind.account is None else answer.body == {"sealed": True, "count": 1}
        assert kind.at(api).get(f"claims/{sealed.claim_id}").status in (401, 403, 404)
    for account in (sealed.claimant, sealed.partner):
        own = api.as_(account).get(f"claims/{sealed.claim_id}").expect(200)
        assert own["content"]["approach"].startswith(sealed.canary)
        assert own["pending"]["content"]["approach"].startswith(sealed.canary)
        assert [each["id"] for each in api.as_(account).get("claims?mine=true").expect(200)["items"]][-1:] == [
            sealed.claim_id
        ]


def claimants_in(sealed: Sealed) -> list[str]:
    """Ids and names of claimant and partner; they exist nowhere else."""
    organizations = (sealed.organization, sealed.partner_organization)
    return [
        sealed.user_id,
        *(each["id"] for each in organizations),
        *(each["name"][-MARK_LENGTH:] for each in organizations),
    ]


def test_who_claimed_is_in_no_event_document_or_log_line_about_the_claim(stack: Stack, sealed: Sealed) -> None:
    """Users, organisations and the approval of an organisation name them, but nothing that names the claim does."""
    wanted, about = sweeping.pattern(claimants_in(sealed)), sweeping.pattern([sealed.claim_id, sealed.challenge_id])
    assert list(sweeping.in_topics(stack, wanted, about)) == []
    assert list(sweeping.in_collections(stack, wanted, about)) == []
    assert list(sweeping.in_collections(stack, sweeping.pattern([sealed.claim_id]), about)) != []
    lines = [line for file in stack.place.logs.iterdir() for line in file.read_bytes().splitlines()]
    assert [line for line in lines if about.search(line) and wanted.search(line)] == []
    assert [each.where for each in sweeping.in_files(stack, wanted) if _is_a_services_log(each.where)] == []


def _is_a_services_log(where: str) -> bool:
    """The gateway's log has paths, and so the ids of organisations that were approved; a service's has none."""
    return where.startswith("logs/") and where != "logs/gateway.log"


def test_nothing_that_the_claim_is_kept_under_leads_to_its_people(stack: Stack, sealed: Sealed) -> None:
    """Without the key nobody can go on from the claim's rows: no name in them stands anywhere beside claimant or partner.

    Nor do those rows have any of the names by which the two are known elsewhere, which anybody can connect with them.
    """
    names = sweeping.names_in(stack, sealed.claim_id)
    assert any(name.startswith(f"{sealed.claim_id}/") for name in names)
    wanted = sweeping.pattern([*claimants_in(sealed), *_known_as(stack, sealed)])
    assert names.isdisjoint(_known_as(stack, sealed))
    about = sweeping.pattern(names)
    assert list(sweeping.in_topics(stack, wanted, about)) == []
    assert list(sweeping.in_collections(stack, wanted, about)) == []


def _known_as(stack: Stack, sealed: Sealed) -> list[str]:
    """The everyday name and the openid's index of the claimant, which stand beside his id in notifications."""
    client: pymongo.MongoClient[dict[str, Any]] = pymongo.MongoClient(stack.mongodb)
    with client:
        database = client["huning_notifications"]
        pointer = database["read_models"].find_one({"_id": "users"})
        assert pointer is not None
        person = database[f"users.g{pointer['generation']}"].find_one({"_id": sealed.user_id})
        assert person is not None
        return [person["pseudonym"], person["openid_index"]]


OPERATORS = ["operator-alliance", *(f"operator-{city}" for city in Jurisdiction)]


@pytest.mark.parametrize("account", OPERATORS)
def test_the_operators_lists_of_deliveries_leave_the_sealed_claims_rows_out(
    api: Api, sealed: Sealed, account: str
) -> None:
    rows = everything(api.as_(account), "notifications/deliveries")
    assert [row for row in rows if sealed.claim_id in str(row)] == []


def test_a_dead_letter_about_the_claim_is_no_citys_even_when_it_names_one(
    api: Api, stack: Stack, sealed: Sealed
) -> None:
    """As after a bug: the claim's own event, cut off, with the city of its challenge on it."""
    known = next(each for each in log.records(stack.kafka, "huning.claims") if each.key == sealed.claim_id.encode())
    cut = Message(sealed.claim_id.encode(), (known.value or b"")[:-1], dict(known.headers))
    produce(stack.kafka, "huning.claims", [cut, cut.with_headers(ce_jurisdiction=b"suzhou")], known.partition)

    def about_it(account: str) -> list[Json]:
        letters = everything(api.as_(account), "ops/notifications/dead-letters")
        return [each for each in letters if sealed.claim_id in str(each)]

    until(lambda: len({each["offset"] for each in about_it("operator-alliance")}) == 2)
    for city in Jurisdiction:
        assert about_it(f"operator-{city}") == []
