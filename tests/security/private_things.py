"""Things that are one city's, one organisation's or one person's: made once, and asked for by everybody else."""

import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, replace

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from services.sync.agent.signing import public_key
from shared.access.rules import Rule
from shared.access.table import RULES
from shared.values.jurisdictions import Jurisdiction
from tests.client import Api, Json, Someone, challenge, until
from tests.security.messages import TOPIC, good, produce
from tests.security.people import apply_for
from tests.security.requests import everything, parameters


@dataclass(frozen=True)
class Thing:
    """Something private: the path parameter that names it, its id, and who may see it."""

    title: str
    parameter: str
    id: str
    owner: str
    seen_at: str | None
    """The owner's GET that shows it: a path. None: a list shows it."""

    @property
    def actions(self) -> list[Rule]:
        """Every row of the table that acts on such a thing."""
        services = {"item_id": "notifications", "subscription_id": "search", "letter_id": "search"}
        only = services.get(self.parameter)
        return [rule for rule in RULES.values() if self.parameter in parameters(rule) and only in (None, rule.service)]

    def values(self, resource_id: str) -> Mapping[str, str]:
        """The parameters of a path to it, or to another under its name."""
        return {self.parameter: resource_id, "number": "0"}


MARK_LENGTH = 17
BATCH = b'{"source_id":"1","title":"a"}\n'

NOT_PRIVATE = {
    "user_id": "the alliance gives roles to anybody; a city meets its own operators alone, the others as if they were not there",
    "name": "a read model's name is no secret",
    "jurisdiction": "city records are public",
    "kind": "what lists of a kind may hold is public",
    "credit_code": "the code of an organisation stands on its certificate and in public records",
    "user_code": "whoever reads the code off a screen may look; nobody is named, and few may be tried",
}
"""First parameters of paths that name nothing private, and why."""


def mark() -> str:
    """A word that occurs nowhere else. No hexadecimal digits: compression would break it up among ids that share some."""
    return "".join(secrets.choice("ghjkmnpqrstuvwxyz") for _ in range(MARK_LENGTH))


def of_city(api: Api, city: Jurisdiction, word: str) -> list[Thing]:
    """One of everything that is its city's own: not published, not answered, not committed. `word` is in its texts."""
    company, operator, owner = api.as_(f"company-{city}"), api.as_(f"operator-{city}"), f"operator-{city}"
    submitted = company.post("challenges", json=challenge(title=f"提交 {word}", jurisdiction=city)).expect(201)
    company.post(f"challenges/{submitted['id']}/submit").expect(200)
    applicant = f"applicant-{word}"
    applied = apply_for(api, applicant, f"研究院 {word}", city)
    announced = {"jurisdiction": city, "kind": "platform", "mode": "delta", "rows": 1}
    announced["sha256"] = hashlib.sha256(BATCH).hexdigest()
    batch = operator.post("sync/batches", json=announced).expect(201)
    objection = _objection(api, applicant, operator, announced, word)
    key = public_key(Ed25519PrivateKey.generate())
    agent = operator.post("sync/agents", json={"jurisdiction": city, "name": word, "public_key": key}).expect(201)
    return [
        Thing("a submitted challenge", "challenge_id", submitted["id"], owner, f"challenges/{submitted['id']}"),
        Thing(
            "a pending organisation", "organization_id", applied["id"], owner, f"accounts/organizations/{applied['id']}"
        ),
        Thing("an open batch", "batch_id", batch["id"], owner, f"sync/batches/{batch['id']}"),
        Thing("an agent", "agent_id", agent["id"], owner, f"sync/agents/{agent['id']}"),
        Thing("an objection", "objection_id", objection["id"], owner, f"sync/objections/{objection['id']}"),
    ]


def _objection(api: Api, objector: str, operator: Someone, announced: Json, word: str) -> Json:
    """To a record of the operator's city, which is pushed first."""
    batch = f"sync/batches/{operator.post('sync/batches', json=announced).expect(201)['id']}"
    ndjson = {"content-type": "application/x-ndjson"}
    operator.request("PUT", f"{batch}/parts/0", content=BATCH, headers=ndjson).expect(200)
    operator.post(f"{batch}/commit").expect(202)
    until(lambda: operator.get(batch).expect(200)["state"] == "applied")
    record_id = f"{announced['jurisdiction']}/platform/1"
    said = {"record_id": record_id, "statement": f"地址有误 {word}", "contact": {"name": word}}
    return api.as_(objector).post("sync/objections", json=said).expect(201)


def of_company(api: Api, city: Jurisdiction, word: str) -> list[Thing]:
    """What is its organisation's or its administrator's own: a draft, a saved search."""
    account = f"company-{city}"
    company = api.as_(account)
    draft = company.post("challenges", json=challenge(title=f"草稿 {word}", jurisdiction=city)).expect(201)
    search = {"name": word, "query": {"q": word}, "notify": "at_once"}
    saved = company.post("search/subscriptions", json=search).expect(201)
    return [
        Thing("a draft", "challenge_id", draft["id"], account, f"challenges/{draft['id']}"),
        Thing("a saved search", "subscription_id", saved["id"], account, f"search/subscriptions/{saved['id']}"),
    ]


def parked_for(api: Api, kafka: str, city: Jurisdiction, word: str) -> Thing:
    """A dead letter: a record of the city's that is no JSON, with `word` in it."""
    message = good(word, city)
    bad = replace(message, value=f"不是 JSON {word}".encode())
    produce(kafka, TOPIC, [bad, good(mark())])  # a good one behind it: many bad ones in a row would stop the consumers

    def letter() -> Json:
        event_id = message.headers["ce_id"].decode()
        letters = everything(api.as_("operator-alliance"), "ops/search/dead-letters")
        return next((each for each in letters if each["event_id"] == event_id), None)

    return Thing("a dead letter", "letter_id", until(letter)["id"], f"operator-{city}", None)


def deliveries_of(api: Api, city: Jurisdiction) -> set[str]:
    """The ids of what the city's company is told through WeChat about a challenge that it publishes."""
    challenge_id = api.publish("告知", city)

    def told() -> set[str]:
        rows = everything(api.as_("operator-alliance"), "notifications/deliveries")
        return {each["id"] for each in rows if each["event_id"].startswith(f"{challenge_id}/")}

    return until(told)
