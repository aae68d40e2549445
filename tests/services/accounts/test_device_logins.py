"""A browser is let in by a phone (RFC 8628), through the routes and on a real database."""

import asyncio
import re
from datetime import timedelta

import pytest

from services.accounts.device_logins.domain import ALPHABET, INTERVAL, LIFE, Approver, State, asked, typed
from services.accounts.device_logins.store import DeviceLogins
from services.accounts.stores import Stores
from shared.mongo import Document
from shared.values.clock import now
from tests.services.accounts import browsing
from tests.services.accounts.browsing import NAME, OWN_PAGE, approved, ask, collect
from tests.services.accounts.conftest import Trail
from tests.services.accounts.test_the_wire import Door, log_in, operator, send, token_of

CHROME = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/147.0 Safari/537.36"


async def test_a_browser_asks_shows_its_code_and_is_let_in_once_the_phone_has_approved(door: Door) -> None:
    async with door() as browser:
        login = await ask(browser)
        assert (login["expires_in"], login["interval"]) == (300, 2)
        assert re.fullmatch(f"[{ALPHABET}]{{4}}-[{ALPHABET}]{{4}}", login["user_code"])
        assert login["user_code"] in login["scan"]
        waiting = await collect(browser, login)
        assert (waiting.status_code, waiting.json()["code"]) == (400, "authorization_pending")
        await approved(door, login, "newcomer")
        answer = await collect(browser, login)
    assert answer.status_code == 200
    assert set(answer.json()) == {"access_token", "token_type", "expires_in", "user"}
    assert answer.json()["user"]["id"] == (await log_in(door, "newcomer"))["user"]["id"]
    cookie = answer.headers["set-cookie"]
    assert re.match(rf"{NAME}=[^;]+; HttpOnly; Max-Age=1800; Path=/; SameSite=strict$", cookie), cookie


async def test_without_a_cookie_the_refresh_token_is_in_the_answer(door: Door) -> None:
    async with door() as terminal:
        login = await ask(terminal)
        await approved(door, login)
        answer = await collect(terminal, login, cookie=False)
    assert set(answer.json()) == {"access_token", "refresh_token", "token_type", "expires_in", "user"}
    assert "set-cookie" not in answer.headers


async def test_who_approves_sees_where_and_when_it_was_asked(door: Door) -> None:
    async with door() as browser:
        headers = {"user-agent": CHROME, "x-forwarded-for": "203.0.113.7"}
        login = (await browser.post("device-logins", json={}, headers=headers)).json()
    token = await token_of(door, "newcomer")
    shown = (await send(door, "GET", f"device-logins/{login['user_code']}", token=token)).json()
    assert shown.keys() == {"user_code", "state", "asked_at", "address_masked", "browser", "expires_at"}
    assert (shown["address_masked"], shown["browser"]) == ("203.0.113.*", "Windows · Chrome")
    assert (shown["user_code"], shown["state"]) == (login["user_code"], "pending")
    answer = await send(door, "POST", f"device-logins/{login['user_code']}/approve", {}, token)
    assert answer.json() == {**shown, "state": "approved"}


async def test_a_code_is_found_however_it_is_typed(door: Door) -> None:
    async with door() as browser:
        login = await ask(browser)
    token = await token_of(door, "newcomer")
    shown = await send(door, "GET", f"device-logins/{login['user_code'].replace('-', '').lower()}", token=token)
    assert shown.json()["user_code"] == login["user_code"]


async def test_a_device_code_is_good_once(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    """Eight have read that the phone approved before one of them takes the login."""
    barrier, spend = asyncio.Barrier(8), DeviceLogins.spend

    async def spend_together(self: DeviceLogins, login: Document) -> bool:
        await barrier.wait()
        return await spend(self, login)

    monkeypatch.setattr(DeviceLogins, "spend", spend_together)
    async with door() as browser:
        login = await ask(browser)
        await approved(door, login)
        answers = await asyncio.gather(*(collect(browser, login) for _ in range(8)))
    assert sorted(each.status_code for each in answers) == [200] + [400] * 7
    assert {each.json()["code"] for each in answers if each.status_code == 400} == {"expired_token"}


@pytest.mark.parametrize("approval", [True, False], ids=["approved", "not approved"])
async def test_a_stolen_device_code_is_worth_nothing_after_five_minutes(
    door: Door, stores: Stores, approval: bool
) -> None:
    """The clock of the whole service cannot be moved here; so the login is made old."""
    async with door() as browser:
        login = await ask(browser)
        if approval:
            await approved(door, login)
        kept = await stores.device_logins.collection.find_one({})
        assert kept is not None
        assert kept["expires_at"] - kept["asked"]["at"] == LIFE
        await stores.device_logins.collection.update_one({}, {"$set": {"expires_at": now()}})
        answer = await collect(browser, login)
    assert (answer.status_code, answer.json()["code"]) == (400, "expired_token")
    late = await send(door, "POST", f"device-logins/{login['user_code']}/approve", {}, await token_of(door, "newcomer"))
    assert (late.status_code, late.json()["code"]) == (404, "device_login_not_found")


async def test_what_was_denied_stays_out(door: Door) -> None:
    async with door() as browser:
        login = await ask(browser)
        token = await token_of(door, "newcomer")
        path = f"device-logins/{login['user_code']}"
        assert (await send(door, "POST", f"{path}/deny", {}, token)).json()["state"] == "denied"
        assert (await send(door, "POST", f"{path}/approve", {}, token)).json()["code"] == "device_login_settled"
        for _ in range(2):
            answer = await collect(browser, login)
            assert (answer.status_code, answer.json()["code"]) == (400, "access_denied")


async def test_an_approval_is_repeated_by_the_same_person_and_by_nobody_else(door: Door) -> None:
    async with door() as browser:
        login = await ask(browser)
    path = f"device-logins/{login['user_code']}/approve"
    own, other = await token_of(door, "newcomer"), await token_of(door, "another")
    first, again = [await send(door, "POST", path, {}, own) for _ in range(2)]
    assert (again.status_code, again.json()) == (200, first.json())
    assert "idempotency-replayed" not in first.headers
    assert again.headers["idempotency-replayed"] == "true"
    refused = await send(door, "POST", path, {}, other)
    assert (refused.status_code, refused.json()["code"]) == (409, "device_login_settled")


async def test_who_asks_too_often_is_told_to_slow_down_and_by_how_much(door: Door, stores: Stores) -> None:
    async with door() as browser:
        login = await ask(browser)
        codes = [(await collect(browser, login)).json()["code"] for _ in range(3)]
        assert codes == ["authorization_pending", "slow_down", "slow_down"]
        kept = await stores.device_logins.collection.find_one({})
        assert kept is not None
        assert kept["interval"] == INTERVAL.total_seconds() + 2 * 5
        await stores.device_logins.collection.update_one({}, {"$set": {"polled_at": now() - timedelta(seconds=13)}})
        assert (await collect(browser, login)).json()["code"] == "authorization_pending"


async def test_nobody_is_let_in_by_a_code_that_they_read_off_the_screen(door: Door) -> None:
    async with door() as browser:
        login = await ask(browser)
        await approved(door, login)
        answer = await collect(browser, {**login, "device_code": login["user_code"]})
    assert answer.json()["code"] == "expired_token"


async def test_a_person_may_not_go_through_codes_until_one_is_found(door: Door) -> None:
    token = await token_of(door, "guesser")
    answers = [await send(door, "GET", f"device-logins/BCDFGHJ{each}", token=token) for each in ALPHABET]
    assert [each.status_code for each in answers[:10]] == [404] * 10
    assert {each.status_code for each in answers[10:]} == {429}
    async with door() as browser:
        login = await ask(browser)
    refused = await send(door, "POST", f"device-logins/{login['user_code']}/approve", {}, token)
    assert refused.status_code == 429
    await approved(door, login, "another")


async def test_an_address_asks_for_so_many_logins_and_no_more(door: Door) -> None:
    async with door() as flood:
        let_in = 0
        while (await flood.post("device-logins", json={})).status_code == 201:
            let_in += 1  # one more is allowed a second, so the more the slower this machine is
        assert 60 <= let_in < 600
        elsewhere = await flood.post("device-logins", json={}, headers={"x-forwarded-for": "203.0.113.8"})
    assert elsewhere.status_code == 201


async def test_a_browser_that_is_logged_in_lets_no_other_one_in(door: Door) -> None:
    async with door() as browser:
        login = await ask(browser)
        await approved(door, login)
        token = (await collect(browser, login)).json()["access_token"]
        second = await ask(browser)
    for action in ("approve", "deny"):
        answer = await send(door, "POST", f"device-logins/{second['user_code']}/{action}", {}, token)
        assert (answer.status_code, answer.json()["code"]) == (403, "not_in_a_browser")
    assert (await send(door, "GET", "me", token=token)).status_code == 200


async def test_a_login_by_cookie_comes_from_a_page_of_ours(door: Door) -> None:
    """Else another site could log somebody into an account that is not theirs."""
    async with door() as browser:
        login = await ask(browser)
        await approved(door, login)
        for headers in ({}, {**OWN_PAGE, "sec-fetch-site": "cross-site"}):
            answer = await browser.post(
                "device-logins/token", json={"device_code": login["device_code"], "cookie": True}, headers=headers
            )
            assert (answer.status_code, answer.json()["code"]) == (403, "csrf_refused")
        assert (await collect(browser, login)).status_code == 200


async def test_no_code_and_nobody_who_approved_can_be_read_in_the_database(door: Door, stores: Stores) -> None:
    async with door() as browser:
        login = await ask(browser)
        user_id = (await log_in(door, "newcomer"))["user"]["id"]
        await approved(door, login, "newcomer")
        kept = repr(await stores.device_logins.collection.find({}).to_list(10))
    for secret in (login["device_code"], login["user_code"], typed(login["user_code"]), user_id):
        assert secret not in kept


async def test_two_who_settle_at_once_do_not_both_succeed(stores: Stores) -> None:
    codes = await stores.device_logins.ask(asked(now(), "203.0.113.7", ""))
    one, two = Approver("user-1", None), Approver("user-2", None)
    settled = await asyncio.gather(
        stores.device_logins.settle(codes.user, State.APPROVED, one, now()),
        stores.device_logins.settle(codes.user, State.DENIED, two, now()),
    )
    assert sorted(settled) == [False, True]


async def test_the_login_of_an_operator_is_in_the_audit_trail_and_nobody_elses(
    door: Door, stores: Stores, trail: Trail
) -> None:
    """The instants of others would stand beside persons, who may have sealed claims."""
    await operator(door, stores)
    async with door() as browser:
        await browsing.log_in(door, browser, "newcomer")
        session = await browsing.log_in(door, browser, "operator-suzhou")
    assert list(trail) == [(session["user"]["id"], "accounts.collect-device-login", "suzhou", "done")]
