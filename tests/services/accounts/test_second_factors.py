"""The second factor: who needs one, each code once, few tries, and a second operator who takes it away."""

import asyncio
import base64
from datetime import UTC, datetime, timedelta

import pytest

from services.accounts import problems
from services.accounts.second_factors.domain import code_at, fitting_step, own_city
from services.accounts.stores import Stores
from services.accounts.tests.building import ALLIANCE, MEMBER, city, user
from shared.events.accounts import Role, RoleGrant
from shared.values.clock import now
from shared.values.ids import new_id
from shared.values.jurisdictions import Jurisdiction
from shared.values.problems import Refusal
from tests.services.accounts import browsing
from tests.services.accounts.browsing import NAME, asked_for_code, collect
from tests.services.accounts.conftest import Trail
from tests.services.accounts.test_the_wire import Door, operator, send, token_of

STEP = timedelta(seconds=30)


def code(secret: str, later: timedelta = timedelta()) -> str:
    """What the app shows, now or later."""
    return code_at(base64.b32decode(secret), now() + later)


def wrong(secret: str) -> str:
    """A code that is none of about now."""
    near = {code(secret, step * STEP) for step in range(-3, 4)}
    return next(
        each for each in ("000000", "111111", "222222", "333333", "444444", "555555", "666666") if each not in near
    )


async def enrolled(door: Door, token: str) -> str:
    """The secret of somebody who has confirmed their second factor; its code of now is spent by that."""
    answer = await send(door, "POST", "totp", {}, token)
    assert answer.status_code == 201
    secret = str(answer.json()["secret"])
    confirmed = await send(door, "POST", "totp/confirm", {"totp": code(secret, -STEP)}, token)
    assert confirmed.json()["state"] == "confirmed"
    return secret


async def test_whoever_has_enrolled_is_let_in_with_a_code_only(door: Door) -> None:
    token = await token_of(door, "careful")
    assert (await send(door, "GET", "totp", token=token)).json() == {"state": "none", "required": False}
    secret = await enrolled(door, token)
    assert (await send(door, "GET", "totp", token=token)).json() == {"state": "confirmed", "required": True}
    async with door() as browser:
        login, asked = await asked_for_code(door, browser, "careful")
        assert asked == "totp_required"
        refused = await collect(browser, login, totp=wrong(secret))
        assert (refused.status_code, refused.json()["code"]) == (400, "totp_wrong")
        assert NAME not in browser.cookies
        assert (await collect(browser, login, totp=code(secret))).status_code == 200


async def test_a_secret_that_was_never_confirmed_keeps_nobody_out(door: Door) -> None:
    await send(door, "POST", "totp", {}, await token_of(door, "careful"))
    async with door() as browser:
        await browsing.log_in(door, browser, "careful")


async def test_a_code_is_good_once_and_what_was_shown_before_it_is_spent_too(door: Door) -> None:
    secret = await enrolled(door, await token_of(door, "careful"))
    used = code(secret)
    async with door() as browser:
        login, _ = await asked_for_code(door, browser, "careful")
        assert (await collect(browser, login, totp=used)).status_code == 200
        login, _ = await asked_for_code(door, browser, "careful")
        for replayed in (used, code(secret, -STEP)):
            answer = await collect(browser, login, totp=replayed)
            assert (answer.status_code, answer.json()["code"]) == (400, "totp_wrong")
        assert (await collect(browser, login, totp=code(secret, STEP))).status_code == 200


async def test_a_code_that_comes_twice_at_once_lets_one_in(stores: Stores) -> None:
    """Both requests have read that it is not spent yet before either of them spends it."""
    factors, user_id = stores.second_factors, new_id()
    fresh = code_at(await factors.enrol(user_id), now())
    read_by_both = await factors.of(user_id)
    assert read_by_both
    await factors.verify(read_by_both, fresh, now())
    with pytest.raises(Refusal) as refused:
        await factors.verify(read_by_both, fresh, now())
    assert refused.value.problem is problems.TOTP_WRONG


async def test_after_five_wrong_codes_the_phone_must_approve_anew(door: Door) -> None:
    """All at once, so that nobody tries a thousand beside each other either."""
    secret = await enrolled(door, await token_of(door, "careful"))
    async with door() as browser:
        login, _ = await asked_for_code(door, browser, "careful")
        answers = await asyncio.gather(*(collect(browser, login, totp=wrong(secret)) for _ in range(8)))
        codes = sorted(each.json()["code"] for each in answers)
        assert codes == ["access_denied"] * 3 + ["totp_wrong"] * 5
        assert (await collect(browser, login, totp=code(secret))).json()["code"] == "access_denied"
        login, _ = await asked_for_code(door, browser, "careful")
        assert (await collect(browser, login, totp=code(secret))).status_code == 200


async def test_an_operator_enrols_at_the_first_login_where_all_of_them_need_it(
    strict_door: Door, stores: Stores, trail: Trail
) -> None:
    await operator(strict_door, stores)
    async with strict_door() as browser:
        login, asked = await asked_for_code(strict_door, browser, "operator-suzhou")
        assert asked == "totp_enrolment_required"
        given = await browser.post("device-logins/totp", json={"device_code": login["device_code"]})
        secret = given.json()["secret"]
        assert (given.status_code, secret in given.json()["uri"]) == (201, True)
        assert (await collect(browser, login)).json()["code"] == "totp_enrolment_required"
        assert (await collect(browser, login, totp=wrong(secret))).json()["code"] == "totp_wrong"
        session = await collect(browser, login, totp=code(secret))
        assert session.status_code == 200
        login, asked = await asked_for_code(strict_door, browser, "operator-suzhou")
        assert asked == "totp_required"
        again = await browser.post("device-logins/totp", json={"device_code": login["device_code"]})
        assert (again.status_code, again.json()["code"]) == (409, "totp_enrolled")
    own = [each[1:] for each in trail if each[0] == session.json()["user"]["id"]]
    assert own == [
        ("accounts.enrol-device-login", "suzhou", "done"),
        ("accounts.collect-device-login", "suzhou", "refused:totp_wrong"),
        ("accounts.collect-device-login", "suzhou", "done"),
    ]


async def test_a_company_is_let_in_without_also_where_operators_are_not(strict_door: Door) -> None:
    async with strict_door() as browser:
        await browsing.log_in(strict_door, browser, "company")
        login = await browsing.ask(browser)
        waiting = await browser.post("device-logins/totp", json={"device_code": login["device_code"]})
        assert waiting.json()["code"] == "authorization_pending"
        await browsing.approved(strict_door, login, "company")
        answer = await browser.post("device-logins/totp", json={"device_code": login["device_code"]})
    assert (answer.status_code, answer.json()["code"]) == (409, "totp_enrolment_not_asked")


async def test_a_second_operator_takes_it_away_and_ends_the_sessions(door: Door, stores: Stores) -> None:
    own = await operator(door, stores)
    await enrolled(door, own)
    user_id = (await send(door, "GET", "me", token=own)).json()["id"]
    colleague = await token_of(
        door, "colleague", stores, RoleGrant(role=Role.CITY_OPERATOR, jurisdiction=Jurisdiction.SUZHOU)
    )
    neighbour = await operator(door, stores, Jurisdiction.NANJING)
    path = f"users/{user_id}/totp"
    assert (await send(door, "DELETE", path, token=own)).json()["code"] == "own_second_factor"
    assert (await send(door, "DELETE", path, token=neighbour)).status_code == 404
    assert (await send(door, "DELETE", path, token=await token_of(door, "company"))).status_code == 403
    removed = await send(door, "DELETE", path, token=colleague)
    assert (removed.status_code, removed.json()) == (200, {"state": "none", "required": False})
    assert (await send(door, "GET", "sessions", token=own)).json()["items"] == []
    async with door() as browser:
        await browsing.log_in(door, browser, "operator-suzhou")


async def test_a_city_meets_its_own_operators_and_nobody_else_by_this(door: Door, stores: Stores) -> None:
    suzhou = await operator(door, stores)
    alliance = await token_of(door, "alliance", stores, RoleGrant(role=Role.ALLIANCE_OPERATOR))
    alliance_id = (await send(door, "GET", "me", token=alliance)).json()["id"]
    member_id = (await send(door, "GET", "me", token=await token_of(door, "company"))).json()["id"]
    for other in (alliance_id, member_id, new_id()):
        answer = await send(door, "DELETE", f"users/{other}/totp", token=suzhou)
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    assert (await send(door, "DELETE", f"users/{member_id}/totp", token=alliance)).status_code == 200


async def test_repeats_of_enrolment_and_confirmation_answer_the_same(door: Door) -> None:
    token, key = await token_of(door, "careful"), new_id()
    first, again = [await send(door, "POST", "totp", {}, token, key) for _ in range(2)]
    assert first.json() == again.json()
    fresh = await send(door, "POST", "totp", {}, token)
    assert fresh.json()["secret"] != first.json()["secret"]
    body, key = {"totp": code(fresh.json()["secret"])}, new_id()
    assert [(await send(door, "POST", "totp/confirm", body, token, key)).status_code for _ in range(2)] == [200, 200]
    assert (await send(door, "POST", "totp/confirm", body, token)).json()["code"] == "totp_enrolled"
    assert (await send(door, "POST", "totp", {}, token)).json()["code"] == "totp_enrolled"


async def test_codes_are_not_tried_by_the_dozen_when_confirming(door: Door) -> None:
    token = await token_of(door, "careful")
    secret = (await send(door, "POST", "totp", {}, token)).json()["secret"]
    answers = [await send(door, "POST", "totp/confirm", {"totp": wrong(secret)}, token) for _ in range(7)]
    assert [each.status_code for each in answers] == [400] * 5 + [429] * 2


async def test_neither_the_secret_nor_an_instant_can_be_read_in_the_database(door: Door, stores: Stores) -> None:
    secret = await enrolled(door, await token_of(door, "careful"))
    kept = await stores.second_factors.collection.find({}).to_list(10)
    for shown in (secret, base64.b32decode(secret).hex(), str(int(now().timestamp()) // 30)[:6]):
        assert shown not in repr(kept)
    assert not any(isinstance(value, datetime | int) and value is not True for value in kept[0].values())


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [(59, "287082"), (1111111109, "081804"), (1111111111, "050471"), (1234567890, "005924"), (2000000000, "279037")],
)
def test_codes_are_those_of_rfc_6238(seconds: int, shown: str) -> None:
    """Appendix B, of whose eight digits an app shows the last six."""
    secret, at = b"12345678901234567890", datetime.fromtimestamp(seconds, UTC)
    assert code_at(secret, at) == shown
    assert fitting_step(secret, shown, at) == seconds // 30
    assert fitting_step(secret, shown, at + STEP) == seconds // 30
    assert fitting_step(secret, shown, at + 3 * STEP) is None


def test_whose_colleagues_may_help() -> None:
    suzhou, wuxi = city(Jurisdiction.SUZHOU), city(Jurisdiction.WUXI)
    assert own_city(user(roles=(MEMBER, suzhou))) is Jurisdiction.SUZHOU
    for roles in ((MEMBER,), (MEMBER, suzhou, wuxi), (MEMBER, suzhou, ALLIANCE)):
        assert own_city(user(roles=roles)) is None
