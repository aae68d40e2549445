"""Whoever acts for another organisation sees nothing of the first one's, until they act for it again."""

from collections.abc import Mapping
from dataclasses import dataclass

import pytest

from shared.values.ids import new_id
from shared.values.jurisdictions import Jurisdiction
from tests.client import Api, Json, Someone, challenge, claim, until
from tests.security.people import found


@dataclass
class Boss:
    """Administrator of two organisations, in one session; and the drafts that they made for the first."""

    api: Api
    session: Json
    first: Json
    second: Json
    drafts: Mapping[str, str]
    """The path of each draft, by the list that shows it."""

    def acting_for(self, organization: Json) -> Someone:
        """The same person, with a token that names this organisation."""
        wanted = {"refresh_token": self.session["refresh_token"], "organization_id": organization["id"]}
        self.session = self.api.visitor.post("accounts/act-as", json=wanted).expect(200)
        return self.api.with_token(self.session["access_token"])


@pytest.fixture
def boss(api: Api) -> Boss:
    account = f"boss-{new_id()}"
    first, second = (found(api, account, f"两单位{new_id()}", Jurisdiction.TAIZHOU) for _ in range(2))
    made = Boss(api, api.login(account), first, second, {})
    who, claims = made.acting_for(first), f"challenges/{api.publish('两单位揭榜', 'suzhou')}/claims"
    posted = _drafted(who, "challenges", challenge(jurisdiction="taizhou"))
    claimed = _drafted(who, claims, claim())
    made.drafts = {
        "challenges?mine=true": f"challenges/{posted['id']}",
        "claims?mine=true": f"claims/{claimed['id']}",
        claims: f"claims/{claimed['id']}",
    }
    return made


def _drafted(who: Someone, path: str, content: Json) -> Json:
    """A new draft, once challenges has heard that the organisation is verified."""
    key = new_id()

    def drafted() -> Json:
        answer = who.post(path, json=content, key=key)
        return None if answer.code == "organization_not_verified" else answer.expect(201)

    return until(drafted)


def _ids(answer: Json) -> list[str]:
    """Of a list, or of the one own claim on a challenge."""
    return [each["id"] for each in answer.get("items", [answer["mine"]] if "mine" in answer else [])]


def test_the_drafts_of_one_organisation_are_not_there_for_the_other_and_there_again_afterwards(boss: Boss) -> None:
    as_second = boss.acting_for(boss.second)
    for listed, path in boss.drafts.items():
        assert as_second.get(path).status == 404
        assert _ids(as_second.get(listed).expect(200)) == []
    challenge_path, claim_path = boss.drafts["challenges?mine=true"], boss.drafts["claims?mine=true"]
    writes = [
        as_second.patch(challenge_path, json={"title": "改"}),
        as_second.post(f"{challenge_path}/submit"),
        as_second.put(claim_path, json=claim()),
        *(as_second.post(f"{claim_path}/{action}") for action in ("submit", "withdraw")),
        as_second.post(f"{claim_path}/verify", json={"content": claim()}),
    ]
    assert [(each.status, each.code) for each in writes] == [(404, "not_found")] * len(writes)

    as_first = boss.acting_for(boss.first)
    for listed, path in boss.drafts.items():
        assert path.endswith(as_first.get(path).expect(200)["id"])
        assert [path.rpartition("/")[2]] == _ids(as_first.get(listed).expect(200))


def test_a_membership_that_ended_is_refused_at_once_everywhere_and_the_other_one_goes_on(boss: Boss) -> None:
    user_id = boss.session["user"]["id"]
    as_first, as_second = boss.acting_for(boss.first), boss.acting_for(boss.second)
    as_first.get("accounts/me").expect(200)
    end = f"accounts/users/{user_id}/roles/org_admin?organization_id={boss.first['id']}"
    boss.api.as_("operator-alliance").delete(end).expect(200)
    public = boss.drafts["challenges?mine=true"].partition("/")[0]
    for path in ("accounts/me", *boss.drafts, *boss.drafts.values(), public, "search", "notifications/inbox"):
        until(lambda path=path: as_first.get(path).code == "membership_ended")  # type: ignore[misc]
        assert as_first.get(path).status == 403
        assert as_second.get(path).status in (200, 404)
    draft = boss.drafts["claims?mine=true"]
    assert (as_first.post(f"{draft}/submit").status, as_first.post(f"{draft}/submit").code) == (403, "membership_ended")
    wanted = {"refresh_token": boss.session["refresh_token"], "organization_id": boss.first["id"]}
    again = boss.api.visitor.post("accounts/act-as", json=wanted)
    assert (again.status, again.code) == (403, "membership_ended")
    assert boss.acting_for(boss.second).get("accounts/me").expect(200)["organization"]["id"] == boss.second["id"]
