"""The shapes of the public API and the tokens that must not work, through the routes."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import httpx2
import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from services.accounts import commands
from services.accounts.signing import SigningKeys
from services.accounts.store import Store
from shared.access.tokens import claims_of
from shared.events.accounts import Role, RoleGrant
from shared.values.clock import now
from shared.values.ids import new_id
from shared.values.jurisdictions import Jurisdiction
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


async def token_of(door: Door, name: str, store: Store | None = None, grant: RoleGrant | None = None) -> str:
    session = await log_in(door, name)
    if store and grant:
        await commands.grant_role(store, commands.INSTALLER, session["user"]["id"], grant, None)
        session = await log_in(door, name)
    return str(session["access_token"])


async def operator(door: Door, store: Store, city: Jurisdiction = Jurisdiction.SUZHOU) -> str:
    grant = RoleGrant(role=Role.CITY_OPERATOR, jurisdiction=city)
    return await token_of(door, f"operator-{city}", store, grant)


async def test_a_login_answers_both_tokens_and_who_it_is(door: Door) -> None:
    session = await log_in(door, "newcomer")
    assert set(session) == {"access_token", "refresh_token", "token_type", "expires_in", "user"}
    assert (session["token_type"], session["expires_in"]) == ("Bearer", 900)
    assert session["user"]["roles"] == [
        {"role": "member", "jurisdiction": None, "duty": None, "employer_credit_code": None}
    ]
    assert session["user"]["organization"] is None


async def test_a_refresh_answers_the_same_and_works_once(door: Door) -> None:
    first = await log_in(door, "newcomer")
    second = await send(door, "POST", "refresh", {"refresh_token": first["refresh_token"]})
    assert second.status_code == 200
    assert set(second.json()) == set(first)
    for spent in (first["refresh_token"], second.json()["refresh_token"]):
        again = await send(door, "POST", "refresh", {"refresh_token": spent})
        assert (again.status_code, again.json()["code"]) == (401, "refresh_reused")


async def test_a_bad_code_is_401(door: Door) -> None:
    answer = await send(door, "POST", "wechat-login", {"code": "nonsense"})
    assert (answer.status_code, answer.json()["code"]) == (401, "wechat_code_invalid")


async def test_me_is_shown_and_changed_with_the_number_masked(door: Door) -> None:
    token = await token_of(door, "newcomer")
    changed = await send(door, "PATCH", "me", {"nickname": "小王", "phone": "13812345678"}, token)
    shown = await send(door, "GET", "me", token=token)
    assert changed.json() == shown.json()
    assert {"id", "nickname", "phone_masked", "roles", "organization", "created_at"} == set(shown.json())
    assert (shown.json()["nickname"], shown.json()["phone_masked"]) == ("小王", "138****5678")
    kept = await send(door, "PATCH", "me", {"nickname": None}, token)
    assert (kept.json()["nickname"], kept.json()["phone_masked"]) == (None, "138****5678")


async def test_an_organisation_goes_from_application_to_verified(door: Door, store: Store) -> None:
    token, city = await token_of(door, "company"), await operator(door, store)
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
    assert {"role": "org_admin", "jurisdiction": None} in user["roles"]


async def test_a_refused_applicant_reads_the_reason(door: Door, store: Store) -> None:
    token, city = await token_of(door, "company"), await operator(door, store)
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
    door: Door, store: Store, method: str, action: str
) -> None:
    token = await token_of(door, "company")
    organization_id = (await send(door, "POST", "organizations", COMPANY, token)).json()["id"]
    neighbour = await operator(door, store, Jurisdiction.NANJING)

    async def asked(name: str) -> Json:
        answer = await send(door, method, f"organizations/{name}{action}", {} if action else None, neighbour)
        problem: Json = answer.json()
        assert problem.pop("instance") == f"/api/v1/accounts/organizations/{name}{action}"
        return {**problem, "request_id": ""}

    there, nowhere = await asked(organization_id), await asked(new_id())
    assert there["code"] == "not_found"
    assert there == nowhere


async def test_the_alliance_gives_and_takes_roles(door: Door, store: Store) -> None:
    alliance = await token_of(door, "alliance", store, RoleGrant(role=Role.ALLIANCE_OPERATOR))
    user_id = (await log_in(door, "newcomer"))["user"]["id"]
    role = {"role": "city_operator", "jurisdiction": "wuxi"}
    given = await send(door, "POST", f"users/{user_id}/roles", role, alliance)
    assert role in given.json()["roles"]
    taken = await send(door, "DELETE", f"users/{user_id}/roles/city_operator?jurisdiction=wuxi", token=alliance)
    assert role not in taken.json()["roles"]
    assert given.headers["etag"] < taken.headers["etag"]


async def bearer(door: Door, token: str) -> tuple[int, str]:
    answer = await send(door, "GET", "me", token=token)
    return answer.status_code, answer.json().get("code", "")


async def test_tokens_that_are_not_ours_or_not_now_are_401_with_codes_of_their_own(
    door: Door, store: Store, signing_keys: SigningKeys
) -> None:
    user = await commands.log_in(store, "somebody")
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
    door: Door, store: Store, signing_keys: SigningKeys, algorithm: str
) -> None:
    user = await commands.log_in(store, "somebody")
    claims = claims_of(user.state.published(), user.version, now(), new_id())
    secret = signing_keys.published[0]["x"] if algorithm == "HS256" else ""
    forged = jwt.encode(claims, secret, algorithm=algorithm, headers={"kid": signing_keys.key_id})
    assert await bearer(door, forged) == (401, "token_invalid")


async def test_another_key_under_our_id_is_refused(door: Door, store: Store, signing_keys: SigningKeys) -> None:
    user = await commands.log_in(store, "somebody")
    claims = claims_of(user.state.published(), user.version, now(), new_id())
    forged = jwt.encode(claims, Ed25519PrivateKey.generate(), algorithm="EdDSA", headers={"kid": signing_keys.key_id})
    assert await bearer(door, forged) == (401, "token_invalid")


async def test_the_keys_are_published_for_everybody(door: Door, signing_keys: SigningKeys) -> None:
    answer = await send(door, "GET", "jwks")
    assert answer.json() == {"keys": list(signing_keys.published)}
