"""A consortium's claim, from the first draft to the close, as its people live through it."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pymongo

from shared.values.ids import new_id
from shared.values.jurisdictions import Jurisdiction
from tests.client import Api, Json, Someone, claim, until
from tests.security.people import found
from tests.stack import Stack


@dataclass(frozen=True)
class Consortium:
    """A lead and a partner that are new to the system."""

    lead: Someone
    partner: Someone
    shares: list[Json]

    @classmethod
    def new(cls, api: Api) -> "Consortium":
        accounts = {"lead": f"lead-{new_id()}", "partner": f"partner-{new_id()}"}
        founded = {
            role: found(api, name, f"联合体{new_id()}", Jurisdiction.NANTONG)["id"] for role, name in accounts.items()
        }
        shares = [
            {"organization_id": founded[role], "role": role, "cost_share": 50, "ip_share": 50} for role in founded
        ]
        return cls(api.as_(accounts["lead"]), api.as_(accounts["partner"]), shares)

    def content(self, approach: str) -> Json:
        return claim(consortium=self.shares, approach=approach)

    def draft(self, challenge_id: str) -> str:
        """The path of a new claim, once challenges has heard of both."""
        key = new_id()

        def drafted() -> Json:
            answer = self.lead.post(f"challenges/{challenge_id}/claims", json=self.content("初稿"), key=key)
            return None if answer.code in ("organization_not_verified", "invalid", "forbidden") else answer.expect(201)

        return f"claims/{until(drafted)['id']}"

    def consent(self, path: str, *, pending: bool) -> str:
        """The partner consents to what it reads; the hash."""
        read = self.partner.get(path).expect(200)
        seen = {"sha256": (read["pending"] if pending else read)["receipt"]["sha256"]}
        self.partner.post(f"{path}/consent", json=seen).expect(200)
        return str(seen["sha256"])

    def is_told(self, event: str, word: str = "") -> None:
        """Waits until the lead's inbox has a message about this event."""

        def there() -> bool:
            items = self.lead.get("notifications/inbox").expect(200)["items"]
            return any(item["event"] == event and word in item["body"] for item in items)

        until(there)


def test_what_a_consortium_consented_to_stands_until_it_has_consented_to_something_newer(
    stack: Stack, api: Api
) -> None:
    challenge_id = api.publish("联合体揭榜", "suzhou")
    consortium = Consortium.new(api)
    lead, path = consortium.lead, consortium.draft(challenge_id)
    first = consortium.consent(path, pending=False)
    consortium.is_told("claim.consented")
    assert lead.post(f"{path}/submit").expect(200)["receipt"]["sha256"] == first
    consortium.is_told("claim.submitted", first)

    changed = lead.put(path, json=consortium.content("第二稿")).expect(200)
    assert (changed["state"], changed["receipt"]["sha256"]) == ("submitted", first)
    stale = consortium.partner.post(f"{path}/consent", json={"sha256": first})
    assert (stale.status, stale.code) == (409, "content_changed")
    assert lead.post(f"{path}/submit").code == "consents_missing"
    second = consortium.consent(path, pending=True)
    assert lead.get(path).expect(200)["receipt"]["sha256"] == first
    assert lead.post(f"{path}/submit").expect(200)["receipt"]["sha256"] == second
    consortium.is_told("claim.replaced", second)

    lead.put(path, json=consortium.content("第三稿")).expect(200)
    third = consortium.consent(path, pending=True)
    _goes_past_its_deadline(stack, challenge_id)
    until(lambda: api.visitor.get(f"challenges/{challenge_id}").expect(200)["state"] == "closed")
    until(lambda: "pending" not in lead.get(path).expect(200))
    after = lead.get(path).expect(200)
    assert (after["state"], after["receipt"]["sha256"], after["content"]["approach"]) == ("submitted", second, "第二稿")
    assert lead.post(f"{path}/submit").code == "deadline_passed"
    assert consortium.partner.post(f"{path}/consent", json={"sha256": third}).code == "deadline_passed"
    assert api.as_("company-suzhou").get(f"challenges/{challenge_id}/claims").expect(200)["count"] == 1


def test_after_a_withdrawal_an_organisation_claims_again(api: Api) -> None:
    challenge_id = api.publish("撤回后再揭榜", "suzhou")
    consortium = Consortium.new(api)
    for _ in range(3):
        path = consortium.draft(challenge_id)
        consortium.consent(path, pending=False)
        consortium.lead.post(f"{path}/submit").expect(200)
        again = consortium.lead.post(f"challenges/{challenge_id}/claims", json=consortium.content("又一份"))
        assert (again.status, again.code) == (409, "claim_exists")
        consortium.lead.post(f"{path}/withdraw").expect(200)


def _goes_past_its_deadline(stack: Stack, challenge_id: str) -> None:
    """As when time has gone on: the deadline lies a second back."""
    client: pymongo.MongoClient[dict[str, Any]] = pymongo.MongoClient(stack.mongodb)
    past = {"$set": {"state.deadline": datetime.now(UTC) - timedelta(seconds=1)}}
    with client:
        assert client["huning_challenges"]["challenges"].update_one({"_id": challenge_id}, past).modified_count == 1
