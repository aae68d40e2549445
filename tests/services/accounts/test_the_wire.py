"""The shapes of the public API and the tokens that must not work, through the routes."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import httpx2
import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from services.accounts.organizations.queries import organizations_to_verify
from services.accounts.people import commands
from services.accounts.sessions.signing import SigningKeys
from services.accounts.stores import Stores
from shared.access.checking import VISITOR
from shared.access.tokens import claims_of
from shared.events.accounts import Role, RoleGrant
from shared.values.clock import now
from shared.values.ids import new_id
from shared.values.jurisdictions import Jurisdiction
from tests.services.accounts.building import OPERATOR as SUZHOU
from tests.services.accounts.building import code

Door = Callable[[], httpx2.AsyncClient]
Json = dict[str, Any]

COMPANY: Json = {
    "name": "苏州示例科技有限公司",
    "credit_code": code(0),
    "jurisdiction": "suzhou",
    "kind": "enterprise",
    "contact": {"name": "示例联系人", "phone": "051212345678"},
}


async def send(door: Door, method: str, path: str, body: Any = None, token: str = "", key: str = "") -> httpx2.Response:
    headers = {"authorization": f"Bearer {token}"} if token else {}
    async with door() as client:
        return await client.request(method, path, json=body, headers={**headers, "idempotency-key": key or new_id()})


async def log_in(door: Door, name: str) -> Json:
    answer = await send(door, "POST", "wechat-login", {"code": f"code:{name}"})
    assert answer.status_code == 200
    session: Json = answer.json()
    return session


async def token_of(door: Door, name: str, stores: Stores | None = None, grant: RoleGrant | None = None) -> str:
    session = await log_in(door, name)
    if stores and grant:
        await commands.grant_role(stores.people, commands.INSTALLER, session["user"]["id"], grant, None)
        session = await log_in(door, name)
    return str(session["access_token"])


async def operator(door: Door, stores: Stores, city: Jurisdiction = Jurisdiction.SUZHOU) -> str:
    grant = RoleGrant(role=Role.CITY_OPERATOR, jurisdiction=city)
    return await token_of(door, f"operator-{city}", stores, grant)


async def test_wechat_is_asked_about_one_code_only_so_often(door: Door) -> None:
    answers = [await send(door, "POST", "wechat-login", {"code": "a bad one"}) for _ in range(40)]
    assert {answer.status_code for answer in answers} == {401, 429}
    await log_in(door, "another")


async def test_a_login_answers_both_tokens_and_who_it_is(door: Door) -> None:
    session = await log_in(door, "newcomer")
    assert set(session) == {"access_token", "refresh_token", "token_type", "expires_in", "user"}
    assert (session["token_type"], session["expires_in"]) == ("Bearer", 900)
    assert session["user"]["roles"] == [
        {"role": "member", "jurisdiction": None, "duty": None, "employer_credit_code": None}
    ]
    assert session["user"]["organization"] is None


async def test_a_refresh_answers_the_same_pair_for_ten_seconds(door: Door) -> None:
    first = await log_in(door, "newcomer")
    second = await send(door, "POST", "refresh", {"refresh_token": first["refresh_token"]})
    again = await send(door, "POST", "refresh", {"refresh_token": first["refresh_token"]})
    assert second.status_code == 200
    assert set(second.json()) == set(first)
    assert again.json() == second.json()
    assert second.json()["access_token"] != first["access_token"]


async def test_tokens_are_answered_with_no_store(door: Door) -> None:
    async with door() as client:
        first = await client.post("wechat-login", json={"code": "code:newcomer"})
        second = await client.post("refresh", json={"refresh_token": first.json()["refresh_token"]})
    assert [each.headers["cache-control"] for each in (first, second)] == ["no-store", "no-store"]


async def test_after_a_logout_the_session_does_not_go_on(door: Door) -> None:
    session = await log_in(door, "newcomer")
    held = {"refresh_token": session["refresh_token"]}
    ended = await send(door, "POST", "logout", held)
    assert (ended.status_code, ended.json()) == (200, {"sessions_ended": 1})
    refused = await send(door, "POST", "refresh", held)
    assert (refused.status_code, refused.json()["code"]) == (401, "refresh_expired")


async def test_all_sessions_end_at_once(door: Door) -> None:
    sessions = [await log_in(door, "newcomer") for _ in range(3)]
    ended = await send(door, "POST", "logout-all", {}, sessions[0]["access_token"])
    assert ended.json() == {"sessions_ended": 3}
    for session in sessions:
        refused = await send(door, "POST", "refresh", {"refresh_token": session["refresh_token"]})
        assert refused.json()["code"] == "refresh_expired"


async def test_an_access_token_in_the_header_does_not_hinder_a_refresh(door: Door) -> None:
    session = await log_in(door, "newcomer")
    answer = await send(door, "POST", "refresh", {"refresh_token": session["refresh_token"]}, token="expired")
    assert answer.status_code == 200


async def verified(door: Door, stores: Stores, name: str, number: int) -> str:
    """A verified organisation of the person with this name."""
    token, city = await token_of(door, name), await operator(door, stores)
    applied = await send(door, "POST", "organizations", {**COMPANY, "credit_code": code(number)}, token)
    organization_id = str(applied.json()["id"])
    await send(door, "POST", f"organizations/{organization_id}/approve", {}, city)
    return organization_id


async def test_a_person_switches_between_organisations_and_each_token_names_one(door: Door, stores: Stores) -> None:
    first, second = await verified(door, stores, "boss", 0), await verified(door, stores, "boss", 1)
    session = await log_in(door, "boss")
    assert session["user"]["organization"]["id"] == first
    assert [each["id"] for each in session["user"]["organizations"]] == [first, second]
    switched = await send(
        door, "POST", "act-as", {"refresh_token": session["refresh_token"], "organization_id": second}
    )
    assert switched.json()["user"]["organization"]["id"] == second
    me = await send(door, "GET", "me", token=switched.json()["access_token"])
    assert me.json()["organization"]["id"] == second
    held = {"refresh_token": switched.json()["refresh_token"]}
    back = await send(door, "POST", "refresh", {**held, "organization_id": first})
    in_person = await send(door, "POST", "act-as", {**held, "organization_id": None})
    assert back.json()["user"]["organization"]["id"] == first
    assert back.json()["refresh_token"] == in_person.json()["refresh_token"], "two tabs, one session"
    assert in_person.json()["user"]["organization"] is None
    assert [each["role"] for each in in_person.json()["user"]["roles"]] == ["member"]


async def test_a_key_used_for_one_organisation_is_not_good_for_another(door: Door, stores: Stores) -> None:
    await verified(door, stores, "boss", 0)
    session, key = await log_in(door, "boss"), new_id()
    in_person = await send(door, "POST", "act-as", {"refresh_token": session["refresh_token"], "organization_id": None})
    profile = {"nickname": "小王"}
    first = await send(door, "PATCH", "me", profile, session["access_token"], key)
    other = await send(door, "PATCH", "me", profile, in_person.json()["access_token"], key)
    assert (first.status_code, other.status_code) == (200, 422)
    assert other.json()["code"] == "idempotency_key_reused"


async def test_who_may_not_act_for_an_organisation_keeps_the_session_as_it_was(door: Door, stores: Stores) -> None:
    others = await verified(door, stores, "boss", 0)
    session = await log_in(door, "newcomer")
    held = {"refresh_token": session["refresh_token"]}
    for path in ("act-as", "refresh"):
        refused = await send(door, "POST", path, {**held, "organization_id": others})
        assert (refused.status_code, refused.json()["code"]) == (403, "membership_ended")
    kept = await stores.families.collection.find_one({"user_id": session["user"]["id"]})
    assert kept is not None
    assert kept["number"] == 0, "the refresh token is not spent"


async def test_after_a_membership_ended_no_refresh_goes_on_for_another_organisation(door: Door, stores: Stores) -> None:
    first, second = await verified(door, stores, "boss", 0), await verified(door, stores, "boss", 1)
    session = await log_in(door, "boss")
    alliance = await token_of(door, "alliance", stores, RoleGrant(role=Role.ALLIANCE_OPERATOR))
    path = f"users/{session['user']['id']}/roles/org_admin"
    unnamed = await send(door, "DELETE", path, token=alliance)
    assert (unnamed.status_code, unnamed.json()["errors"][0]["field"]) == (422, "organization_id")
    ended = await send(door, "DELETE", f"{path}?organization_id={first}", token=alliance)
    assert [each["id"] for each in ended.json()["organizations"]] == [second]
    held = {"refresh_token": session["refresh_token"]}
    refused = await send(door, "POST", "refresh", held)
    assert (refused.status_code, refused.json()["code"]) == (403, "membership_ended")
    chosen = await send(door, "POST", "refresh", {**held, "organization_id": second})
    assert chosen.json()["user"]["organization"]["id"] == second


async def test_the_alliance_appoints_an_administrator_of_a_verified_organisation(door: Door, stores: Stores) -> None:
    organization_id = await verified(door, stores, "boss", 0)
    colleague = (await log_in(door, "colleague"))["user"]["id"]
    alliance = await token_of(door, "alliance", stores, RoleGrant(role=Role.ALLIANCE_OPERATOR))
    path, role = f"users/{colleague}/roles", {"role": "org_admin", "organization_id": organization_id}
    appointed = await send(door, "POST", path, role, alliance)
    assert appointed.json()["organization"]["id"] == organization_id
    assert (await log_in(door, "colleague"))["user"]["organization"]["id"] == organization_id
    unknown = await send(door, "POST", path, {**role, "organization_id": new_id()}, alliance)
    assert unknown.json()["code"] == "organization_not_verified"
    for wrong in ({"role": "org_admin"}, {"role": "reviewer", "organization_id": organization_id}):
        answer = await send(door, "POST", path, wrong, alliance)
        assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "organization_id")


async def test_a_bad_code_is_401(door: Door) -> None:
    answer = await send(door, "POST", "wechat-login", {"code": "nonsense"})
    assert (answer.status_code, answer.json()["code"]) == (401, "wechat_code_invalid")


async def test_me_is_shown_and_changed_with_the_number_masked(door: Door) -> None:
    token = await token_of(door, "newcomer")
    changed = await send(door, "PATCH", "me", {"nickname": "小王", "phone": "13812345678"}, token)
    shown = await send(door, "GET", "me", token=token)
    assert changed.json() == shown.json()
    assert {"id", "nickname", "phone_masked", "roles", "organization", "created_at"} <= set(shown.json())
    assert (shown.json()["nickname"], shown.json()["phone_masked"]) == ("小王", "138****5678")
    kept = await send(door, "PATCH", "me", {"nickname": None}, token)
    assert (kept.json()["nickname"], kept.json()["phone_masked"]) == (None, "138****5678")


async def test_an_organisation_goes_from_application_to_verified(door: Door, stores: Stores) -> None:
    token, city = await token_of(door, "company"), await operator(door, stores)
    applied = await send(door, "POST", "organizations", COMPANY, token)
    organization_id = applied.json()["id"]
    assert (applied.status_code, applied.json()["status"]) == (201, "pending")
    assert applied.headers["location"] == f"/api/v1/accounts/organizations/{organization_id}"
    assert applied.headers["etag"] == '"1"'
    found = await send(door, "GET", f"organizations/{organization_id}", token=token)
    assert (found.status_code, found.json(), found.headers["etag"]) == (200, applied.json(), '"1"')
    listed = await send(door, "GET", "organizations?status=pending", token=city)
    assert [each["id"] for each in listed.json()["items"]] == [organization_id]
    approved = await send(door, "POST", f"organizations/{organization_id}/approve", {}, city)
    assert (approved.status_code, approved.json()["status"]) == (200, "verified")
    user = (await log_in(door, "company"))["user"]
    assert user["organization"]["status"] == "verified"
    assert [each["role"] for each in user["roles"]] == ["member", "org_admin"]


async def test_who_decides_reads_the_name_of_the_applicant_and_nobody_else_does(door: Door, stores: Stores) -> None:
    token, city = await token_of(door, "company"), await operator(door, stores)
    await send(door, "PATCH", "me", {"nickname": "小王"}, token)
    applied = (await send(door, "POST", "organizations", COMPANY, token)).json()
    (listed,) = (await send(door, "GET", "organizations?status=pending", token=city)).json()["items"]
    shown = (await send(door, "GET", f"organizations/{applied['id']}", token=city)).json()
    assert (applied["applicant_name"], listed["applicant_name"], shown["applicant_name"]) == (None, "小王", "小王")


async def test_a_refused_applicant_reads_the_reason(door: Door, stores: Stores) -> None:
    token, city = await token_of(door, "company"), await operator(door, stores)
    organization_id = (await send(door, "POST", "organizations", COMPANY, token)).json()["id"]
    await send(door, "POST", f"organizations/{organization_id}/reject", {"reason": "证照不清"}, city)
    organization = (await send(door, "GET", "me", token=token)).json()["organization"]
    assert (organization["status"], organization["reason"]) == ("rejected", "证照不清")


async def test_the_same_key_registers_once_and_with_another_body_not_at_all(door: Door) -> None:
    token, key = await token_of(door, "company"), new_id()
    first = await send(door, "POST", "organizations", COMPANY, token, key)
    again = await send(door, "POST", "organizations", COMPANY, token, key)
    other = await send(door, "POST", "organizations", {**COMPANY, "name": "另一家"}, token, key)
    assert again.json()["id"] == first.json()["id"]
    assert again.headers["idempotency-replayed"] == "true"
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")


async def test_a_wrong_credit_code_is_named_on_its_field(door: Door) -> None:
    token = await token_of(door, "company")
    answer = await send(door, "POST", "organizations", {**COMPANY, "credit_code": code(0)[:17]}, token)
    assert answer.status_code == 422
    assert answer.json()["errors"] == [
        {
            "field": "credit_code",
            "code": "bad_length",
            "message": "统一社会信用代码应为 18 位，现为 17 位，请对照营业执照或法人证书核对",
        }
    ]


@pytest.mark.parametrize(("method", "action"), [("GET", ""), ("POST", "/approve")])
async def test_another_citys_application_is_answered_like_one_that_does_not_exist(
    door: Door, stores: Stores, method: str, action: str
) -> None:
    token = await token_of(door, "company")
    organization_id = (await send(door, "POST", "organizations", COMPANY, token)).json()["id"]
    neighbour = await operator(door, stores, Jurisdiction.NANJING)

    async def asked(name: str) -> Json:
        answer = await send(door, method, f"organizations/{name}{action}", {} if action else None, neighbour)
        problem: Json = answer.json()
        assert problem.pop("instance") == f"/api/v1/accounts/organizations/{name}{action}"
        return {**problem, "request_id": ""}

    there, nowhere = await asked(organization_id), await asked(new_id())
    assert there["code"] == "not_found"
    assert there == nowhere


async def test_the_alliance_gives_and_takes_roles(door: Door, stores: Stores) -> None:
    alliance = await token_of(door, "alliance", stores, RoleGrant(role=Role.ALLIANCE_OPERATOR))
    user_id = (await log_in(door, "newcomer"))["user"]["id"]
    role = {"role": "city_operator", "jurisdiction": "wuxi", "duty": "business"}
    given = await send(door, "POST", f"users/{user_id}/roles", role, alliance)
    assert {**role, "employer_credit_code": None} in given.json()["roles"]
    taken = await send(door, "DELETE", f"users/{user_id}/roles/city_operator?jurisdiction=wuxi", token=alliance)
    assert [each["role"] for each in taken.json()["roles"]] == ["member"]
    assert given.headers["etag"] < taken.headers["etag"]


async def test_a_reviewer_has_an_employer(door: Door, stores: Stores) -> None:
    alliance = await token_of(door, "alliance", stores, RoleGrant(role=Role.ALLIANCE_OPERATOR))
    user_id = (await log_in(door, "newcomer"))["user"]["id"]
    reviewer = {"role": "reviewer", "employer_credit_code": code(3).lower()}
    given = await send(door, "POST", f"users/{user_id}/roles", reviewer, alliance)
    assert given.json()["roles"][-1]["employer_credit_code"] == code(3)
    wrong = {**reviewer, "employer_credit_code": "1"}
    refused = await send(door, "POST", f"users/{user_id}/roles", wrong, alliance)
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "employer_credit_code")


async def bearer(door: Door, token: str) -> tuple[int, str]:
    answer = await send(door, "GET", "me", token=token)
    return answer.status_code, answer.json().get("code", "")


async def test_tokens_that_are_not_ours_or_not_now_are_401_with_codes_of_their_own(
    door: Door, stores: Stores, signing_keys: SigningKeys
) -> None:
    user = await commands.log_in(stores.people, "somebody")
    claims = claims_of(user.state.published(), user.version, now(), new_id())
    hour = timedelta(hours=1)
    past, future = {"iat": now() - hour, "nbf": now() - hour, "exp": now() - hour / 2}, {"nbf": now() + hour}
    assert await bearer(door, signing_keys.sign(claims)) == (200, "")
    assert await bearer(door, signing_keys.sign({**claims, **past})) == (401, "token_expired")
    assert await bearer(door, signing_keys.sign({**claims, **future})) == (401, "token_not_yet_valid")
    assert await bearer(door, signing_keys.sign({**claims, "aud": "another"})) == (401, "token_wrong_audience")
    assert await bearer(door, "garbage") == (401, "token_invalid")
    assert (await send(door, "GET", "me")).json()["code"] == "token_missing"


@pytest.mark.parametrize("algorithm", ["none", "HS256"])
async def test_no_algorithm_and_a_public_key_taken_for_a_secret_are_refused(
    door: Door, stores: Stores, signing_keys: SigningKeys, algorithm: str
) -> None:
    user = await commands.log_in(stores.people, "somebody")
    claims = claims_of(user.state.published(), user.version, now(), new_id())
    secret = signing_keys.published[0]["x"] if algorithm == "HS256" else ""
    forged = jwt.encode(claims, secret, algorithm=algorithm, headers={"kid": signing_keys.key_id})
    assert await bearer(door, forged) == (401, "token_invalid")


async def test_another_key_under_our_id_is_refused(door: Door, stores: Stores, signing_keys: SigningKeys) -> None:
    user = await commands.log_in(stores.people, "somebody")
    claims = claims_of(user.state.published(), user.version, now(), new_id())
    forged = jwt.encode(claims, Ed25519PrivateKey.generate(), algorithm="EdDSA", headers={"kid": signing_keys.key_id})
    assert await bearer(door, forged) == (401, "token_invalid")


async def test_the_keys_are_published_for_everybody(door: Door, signing_keys: SigningKeys) -> None:
    answer = await send(door, "GET", "jwks")
    assert answer.json() == {"keys": list(signing_keys.published)}


async def people(door: Door, token: str, **query: str) -> list[Json]:
    answer = await send(door, "GET", f"users?{httpx2.QueryParams(query)}", token=token)
    assert answer.status_code == 200, answer.text
    items: list[Json] = answer.json()["items"]
    return items


async def test_the_alliance_finds_people_by_role_city_name_and_id(door: Door, stores: Stores) -> None:
    alliance = await token_of(door, "alliance", stores, RoleGrant(role=Role.ALLIANCE_OPERATOR))
    suzhou, _ = await operator(door, stores), await operator(door, stores, Jurisdiction.WUXI)
    await send(door, "PATCH", "me", {"nickname": "小王（.*）", "phone": "13812345678"}, suzhou)
    user_id = (await send(door, "GET", "me", token=suzhou)).json()["id"]
    by_role = await people(door, alliance, role="city_operator", jurisdiction="suzhou")
    assert [(each["id"], each["nickname"], each["phone_masked"]) for each in by_role] == [
        (user_id, "小王（.*）", "138****5678")
    ]
    assert "created_at" not in by_role[0]
    for q in (user_id, "小王", "（.*）"):
        assert [each["id"] for each in await people(door, alliance, q=q)] == [user_id]
    assert await people(door, alliance, q="小.（") == [], "words are no pattern"
    assert len(await people(door, alliance)) == 3
    page = (await send(door, "GET", "users?limit=2", token=alliance)).json()
    rest = (await send(door, "GET", f"users?limit=2&cursor={page['next_cursor']}", token=alliance)).json()
    assert (len(page["items"]), len(rest["items"]), rest["next_cursor"]) == (2, 1, None)


async def test_a_city_finds_those_who_hold_a_role_for_it_and_nobody_else(door: Door, stores: Stores) -> None:
    suzhou, wuxi = await operator(door, stores), await operator(door, stores, Jurisdiction.WUXI)
    await log_in(door, "newcomer")
    own = (await send(door, "GET", "me", token=suzhou)).json()["id"]
    other = (await send(door, "GET", "me", token=wuxi)).json()["id"]
    assert [each["id"] for each in await people(door, suzhou)] == [own]
    assert await people(door, suzhou, q=other) == []
    assert await people(door, suzhou, jurisdiction="wuxi") == []
    assert await people(door, suzhou, role="member") == []
    assert (await send(door, "GET", "users", token=await token_of(door, "newcomer"))).status_code == 403


async def test_administrators_are_found_by_their_role(door: Door, stores: Stores) -> None:
    alliance = await token_of(door, "alliance", stores, RoleGrant(role=Role.ALLIANCE_OPERATOR))
    token, city = await token_of(door, "company"), await operator(door, stores)
    organization_id = (await send(door, "POST", "organizations", COMPANY, token)).json()["id"]
    assert await people(door, alliance, role="org_admin") == []
    assert await organizations_to_verify(stores.organizations, SUZHOU, 10) == 1
    await send(door, "POST", f"organizations/{organization_id}/approve", {}, city)
    assert await organizations_to_verify(stores.organizations, SUZHOU, 10) == 0
    (found,) = await people(door, alliance, role="org_admin")
    assert [each["id"] for each in found["organizations"]] == [organization_id]
    assert await organizations_to_verify(stores.organizations, VISITOR, 10) is None
