"""Nothing joins a sealed claim to its people: six claimants, and everything that the system holds about them afterwards.

Each of them comes from an address of their own, with a program, a trace and a request id that nobody else has, claims on two
challenges, allows and gets messages, and reads the inbox in every way. Then documents, topics, logs and metrics are swept
for values that stand both beside a person and beside a claim (joins.py). The stand-in for WeChat is left out: WeChat itself
is told to whom a receipt goes.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import httpx2
import pymongo
import pytest

from shared.events.topics import TOPICS
from shared.values.jurisdictions import Jurisdiction
from tests import log
from tests.client import Api, Json, Someone, claim, until
from tests.security.joins import Anchors, Record, joins, record
from tests.security.people import found
from tests.security.private_things import mark
from tests.security.sweeping import SERVICES
from tests.stack import Stack

pytestmark = pytest.mark.timeout(600)  # the journey belongs to whichever test comes first

CITIES = (Jurisdiction.NANJING, Jurisdiction.WUXI) * 3
"""Several in each: a city leads to nobody."""
TEMPLATE_TITLE = "揭榜回执通知"


@dataclass(frozen=True)
class Claimant:
    """A person with an organisation of their own, and their way to the API."""

    account: str
    who: Someone
    user_id: str
    organization: Json


@dataclass(frozen=True)
class Journey:
    """What was done, and the values that are known to mean each person and each claim."""

    people: Anchors
    claims: Anchors
    owner: dict[str, str]


def _claimant(api: Api, stack: Stack, number: int) -> Claimant:
    """Logged in from 127.0.0.<n>; every header that a client may choose is theirs alone, and always the same."""
    account = f"joined-{mark()}"
    organization = found(api, account, f"揭榜研究院{mark()}", CITIES[number])
    trace = f"00-{mark().encode().hex()[:32]}-{mark().encode().hex()[:16]}-01"
    headers = {"user-agent": f"client/{mark()}", "traceparent": trace, "x-request-id": f"request-{mark()}"}
    own = Api(stack.base_url, address=f"127.0.0.{number + 20}", headers=headers)
    who = own.as_(account)
    return Claimant(account, who, who.user["id"], organization)


def _prepare(claimant: Claimant, template: str, stack: Stack) -> None:
    """Everything that a claimant does before they claim."""
    who = claimant.who
    who.get("accounts/me").expect(200)
    who.get(f"accounts/organizations/{claimant.organization['id']}")
    popup = {"touser": claimant.account, "results": {template: "accept"}}
    httpx2.post(f"{stack.wechat_url}/_control/popup", json=popup, trust_env=False).raise_for_status()
    awake: Json = {"channels": {}, "quiet_hours": None, "digest": "off"}
    who.put("notifications/preferences", json=awake).expect(200)
    for _ in range(2):
        who.post("notifications/consents", json={"results": {template: "accept"}}).expect(200)


def _read(claimant: Claimant, made: list[Json]) -> None:
    """Everything that a claimant does afterwards."""
    who = claimant.who
    for made_claim in made:
        who.get(f"claims/{made_claim['id']}").expect(200)
    until(lambda: len(_receipts(who)) == len(made))
    who.post(f"notifications/{_receipts(who)[0]['id']}/read").expect(200)
    who.post("notifications/read-all").expect(200)
    who.get("notifications/consents").expect(200)
    who.get("accounts/me").expect(200)


def _submitted(who: Someone, challenge_id: str) -> Json:
    def drafted() -> Json:
        answer = who.post(f"challenges/{challenge_id}/claims", json=claim(), key=f"key-{challenge_id}")
        return None if answer.code in ("organization_not_verified", "invalid", "forbidden") else answer.expect(201)

    claim_id = until(drafted)["id"]  # once challenges has heard of the organisation
    who.put(f"claims/{claim_id}", json=claim(approach="改写过的技术路线")).expect(200)
    who.post(f"claims/{claim_id}/submit").expect(200)
    return who.put(f"claims/{claim_id}", json=claim(approach="提交后改写的技术路线")).expect(200)


def _receipts(who: Someone) -> list[Json]:
    """Of every claim the one of its submission, once its replacement's is there too."""
    items = who.get("notifications/inbox").expect(200)["items"]
    replaced = [item for item in items if item["event"] == "claim.replaced"]
    return [item for item in items if item["event"] == "claim.submitted"][: len(replaced)]


@pytest.fixture(scope="module")
def journey(api: Api, stack: Stack) -> Journey:
    challenges = [api.publish("众人揭榜", "suzhou"), api.publish("众人再揭榜", "suzhou")]
    templates = api.visitor.get("notifications/templates").expect(200)["items"]
    template = next(each["template_id"] for each in templates if each["title"] == TEMPLATE_TITLE)
    people, claims, owner = Anchors(), Anchors(), {}
    everybody = [_claimant(api, stack, number) for number in range(len(CITIES))]
    for claimant in everybody:
        organization = claimant.organization
        people.add(claimant.account, claimant.account, claimant.user_id, organization["id"], organization["name"])
        _prepare(claimant, template, stack)
    made: dict[str, list[Json]] = {claimant.account: [] for claimant in everybody}
    # One challenge after the other: entries that are neighbours in a chain, such as the audit's, are other people's then.
    for challenge_id in challenges:
        for claimant in everybody:
            made[claimant.account].append(_submitted(claimant.who, challenge_id))
    for claimant in everybody:
        _read(claimant, made[claimant.account])
        for each in made[claimant.account]:
            owner[each["id"]] = claimant.account
            claims.add(each["id"], each["id"], each["id"].replace("-", ""), each["receipt"]["sha256"])
    _settled(stack)
    _known_names(stack, people, claims)
    return Journey(people, claims, owner)


def _settled(stack: Stack) -> None:
    """Until every receipt has been sent and WeChat's word on it was taken."""
    client: pymongo.MongoClient[dict[str, Any]] = pymongo.MongoClient(stack.mongodb)
    with client:
        rows = client["huning_notifications"]["deliveries"]
        until(lambda: rows.count_documents({"state.status": {"$in": ["pending", "sending"]}}) == 0, every=0.5)


def _known_names(stack: Stack, people: Anchors, claims: Anchors) -> None:
    """What somebody with the stored data knows of a person (all of it stands beside the user id), and of a claim."""
    client: pymongo.MongoClient[dict[str, Any]] = pymongo.MongoClient(stack.mongodb)
    by_user = {value: name for name, values in people.values.items() for value in values}
    with client:
        database = client["huning_notifications"]
        pointer = database["read_models"].find_one({"_id": "users"}) or {"generation": 1}
        for person in database[f"users.g{pointer['generation']}"].find():
            if name := by_user.get(person["_id"]):
                people.add(name, person["pseudonym"], person["openid_index"])
        for session in client["huning_accounts"]["sessions"].find():
            if name := by_user.get(session.get("state", session).get("user_id")):
                people.add(name, str(session["_id"]))
    for name in people.values:
        sent = httpx2.get(f"{stack.wechat_url}/_control/sent", params={"touser": name}, trust_env=False).json()["items"]
        people.add(name, *(each["touser"] for each in sent))
    for event in log.readable(stack.kafka, "huning.claims"):
        if event.subject in claims.values:
            claims.add(event.subject, *(each for each in getattr(event.data, "people", ())))


def records(stack: Stack) -> Iterator[Record]:
    """Everything that is kept, record by record."""
    client: pymongo.MongoClient[dict[str, Any]] = pymongo.MongoClient(stack.mongodb, tz_aware=True)
    with client:
        for service in SERVICES:
            database = client[f"huning_{service}"]
            for collection in database.list_collection_names():
                for document in database[collection].find():
                    # In a chain each entry has its neighbour's hash: that tells their order and nothing else.
                    if collection == "audit":
                        document = {name: value for name, value in document.items() if "hash" not in name}
                    yield record(f"{service}.{collection.split('.g')[0]}", document)
    for topic in TOPICS:
        for message in log.records(stack.kafka, topic):
            headers = [value.decode(errors="replace") for _, value in message.headers]
            yield record(topic, [(message.key or b"").decode(errors="replace"), _parsed(message.value or b""), headers])
    for file in sorted(stack.place.logs.iterdir()):
        if not file.name.startswith("wechat"):
            for written in file.read_bytes().splitlines():
                yield record(file.name, _parsed(written))
    for process in (*SERVICES, "search-2"):
        metrics = httpx2.get(f"{stack.address(process)}/metrics", trust_env=False).text
        for line in metrics.splitlines():
            yield record(f"metrics of {process}", line)


def _parsed(raw: bytes) -> Any:
    try:
        return json.loads(raw)
    except (ValueError, RecursionError):  # another test leaves a message behind that is nested 10,000 deep
        return raw.decode(errors="replace")


@pytest.mark.slow
def test_no_value_leads_from_a_sealed_claim_to_its_people_or_to_another_claim_of_theirs(
    stack: Stack, journey: Journey
) -> None:
    everything = list(records(stack))
    found_joins = joins(everything, journey.people, journey.claims, journey.owner)
    assert not found_joins, "\n".join(f"{' → '.join(join.places)}: {join.value}" for join in found_joins)


@pytest.mark.slow
def test_the_sweep_has_seen_every_person_and_every_claim(stack: Stack, journey: Journey) -> None:
    """The control: each anchor stands somewhere, claims in documents, topics and inboxes' ledger, people in as many."""
    seen: dict[str, set[str]] = {}
    by_value = {**journey.people.by_value(), **journey.claims.by_value()}
    for each in records(stack):
        for token in each.tokens & by_value.keys():
            seen.setdefault(by_value[token], set()).add(each.place)
    for name in journey.claims.values:
        assert {"challenges.claims", "huning.claims", "notifications.deliveries"} <= seen[name]
    for name in journey.people.values:
        assert {"accounts.users", "huning.users", "notifications.users"} <= seen[name]


_CLAIM_ROUTE = re.compile(r"/api/v1/(claims|challenges/[^/%]+/claims)([/?]|$)")
"""Without a % in the id: other tests ask for odd ids, which lead to no route."""


def test_the_access_lines_of_claim_routes_have_neither_address_nor_id(stack: Stack, journey: Journey) -> None:
    logged = map(json.loads, (stack.place.logs / "gateway.log").read_bytes().splitlines())
    lines = [line for line in logged if _CLAIM_ROUTE.match(line.get("request", {}).get("uri", ""))]
    assert lines
    for line in lines:
        assert not {"remote_ip", "remote_port", "client_ip"} & line["request"].keys()
        assert not any(claim_id in json.dumps(line) for claim_id in journey.claims.values)
