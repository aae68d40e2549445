"""The session of a browser: its refresh token is in a cookie, counts for our pages alone, and ends where nobody sits."""

import asyncio
import contextlib
from datetime import UTC, datetime, timedelta

import pytest

from services.accounts import problems
from services.accounts.sessions.families import BROWSER_LIFE, IDLE, LIFE, REPEAT
from services.accounts.stores import Stores
from shared.values.ids import new_id
from shared.values.problems import Refusal
from tests.services.accounts import browsing
from tests.services.accounts.browsing import NAME, OWN_PAGE, refresh
from tests.services.accounts.test_the_wire import Door, send, token_of

AT = datetime(2026, 11, 2, 9, 30, 17, 123000, tzinfo=UTC)


async def test_a_browser_goes_on_with_its_cookie_and_never_sees_the_token(door: Door) -> None:
    async with door() as browser:
        first = await browsing.log_in(door, browser)
        before = browser.cookies[NAME]
        answer = await refresh(browser)
        assert answer.status_code == 200
        assert set(answer.json()) == set(first)
        assert browser.cookies[NAME] != before
        assert browser.cookies[NAME] not in answer.text


@pytest.mark.parametrize(
    "headers",
    [{}, {**OWN_PAGE, "sec-fetch-site": "cross-site"}, {**OWN_PAGE, "sec-fetch-site": "same-site"}],
    ids=["a form", "another site", "another host of the domain"],
)
@pytest.mark.parametrize("path", ["refresh", "act-as", "logout"])
async def test_what_another_site_sends_with_the_cookie_is_refused_and_changes_nothing(
    door: Door, path: str, headers: dict[str, str]
) -> None:
    async with door() as browser:
        await browsing.log_in(door, browser)
        before = browser.cookies[NAME]
        body = {"organization_id": None} if path == "act-as" else {}
        answer = await browser.post(path, json=body, headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (403, "csrf_refused")
        assert browser.cookies[NAME] == before
        assert (await refresh(browser)).status_code == 200


async def test_a_cookie_alone_writes_nothing(door: Door) -> None:
    """Every write takes the access token, which is in the memory of our page and which no browser sends by itself."""
    async with door() as browser:
        await browsing.log_in(door, browser)
        for path in ("organizations", "logout-all"):
            answer = await browser.post(path, json={}, headers={**OWN_PAGE, "idempotency-key": new_id()})
            assert (answer.status_code, answer.json()["code"]) == (401, "token_missing")


async def test_two_tabs_that_refresh_at_once_do_not_end_each_others_session(door: Door) -> None:
    """Both send the cookie that was there, and keep one: whichever answer comes last."""
    async with door() as browser:
        await browsing.log_in(door, browser)
        answers = await asyncio.gather(*(refresh(browser) for _ in range(5)))
        assert [each.status_code for each in answers] == [200] * 5
        assert len({each.json()["access_token"] for each in answers}) == 1
        assert len({each.headers["set-cookie"] for each in answers}) == 1
        assert (await refresh(browser)).status_code == 200


async def test_the_token_of_a_browser_does_not_work_in_a_body_nor_another_one_in_the_cookie(door: Door) -> None:
    async with door() as browser:
        await browsing.log_in(door, browser)
        stolen = browser.cookies[NAME]
        answer = await send(door, "POST", "refresh", {"refresh_token": stolen})
        assert (answer.status_code, answer.json()["code"]) == (401, "refresh_invalid")
        phone = await browser.post("wechat-login", json={"code": "code:attacker"})
        planted = {"cookie": f"{NAME}={phone.json()['refresh_token']}", **OWN_PAGE}
        async with door() as other:
            answer = await other.post("refresh", json={}, headers=planted)
        assert (answer.status_code, answer.json()["code"]) == (401, "refresh_invalid")


async def test_without_a_token_and_without_a_cookie_one_is_told_to_log_in(door: Door) -> None:
    async with door() as browser:
        answer = await refresh(browser)
    assert (answer.status_code, answer.json()["code"]) == (401, "token_missing")


async def test_who_logs_out_in_a_browser_loses_the_cookie_and_the_session(door: Door) -> None:
    async with door() as browser:
        await browsing.log_in(door, browser)
        kept = browser.cookies[NAME]
        ended = await browser.post("logout", json={}, headers=OWN_PAGE)
        assert ended.json() == {"sessions_ended": 1}
        assert NAME not in browser.cookies
    async with door() as thief:
        answer = await thief.post("refresh", json={}, headers={"cookie": f"{NAME}={kept}", **OWN_PAGE})
    assert (answer.status_code, answer.json()["code"]) == (401, "refresh_expired")


async def test_a_person_sees_their_sessions_and_ends_all_of_them(door: Door) -> None:
    token = await token_of(door, "somebody")
    async with door() as browser:
        session = await browsing.log_in(door, browser)
        bearer = {"authorization": f"Bearer {session['access_token']}"}
        items = (await browser.get("sessions", headers=bearer)).json()["items"]
        assert [(each["kind"], each["current"]) for each in items] == [
            ("browser", True),
            ("mini_program", False),
            ("mini_program", False),
        ]
        assert not any(each["current"] for each in (await send(door, "GET", "sessions", token=token)).json()["items"])
        ended = await browser.post("logout-all", json={}, headers={**bearer, "idempotency-key": new_id()})
        assert ended.json() == {"sessions_ended": 3}
        assert NAME not in browser.cookies
    assert (await send(door, "GET", "sessions", token=await token_of(door, "another"))).json()["items"] != items


async def test_a_cookie_that_we_did_not_make_names_no_session(door: Door) -> None:
    token = await token_of(door, "somebody")
    async with door() as browser:
        headers = {"authorization": f"Bearer {token}", "cookie": f"{NAME}=invented"}
        answer = await browser.get("sessions", headers=headers)
    assert [each["current"] for each in answer.json()["items"]] == [False]


async def test_a_session_of_a_browser_ends_where_nobody_sits_for_half_an_hour(stores: Stores) -> None:
    families = stores.families
    issued = await families.begin("user-1", None, AT, "Windows · Chrome")
    at = AT + IDLE
    second = await families.exchange(await families.held(issued.refresh_token, at), at)
    late = at + IDLE + timedelta(milliseconds=1)
    with pytest.raises(Refusal) as refused:
        await families.held(second.refresh_token, late)
    assert refused.value.problem == problems.REFRESH_EXPIRED
    assert await families.lasting("user-1", late) == []
    phone = await families.begin("user-1", None, AT)
    await families.held(phone.refresh_token, AT + LIFE)


async def test_a_session_of_a_browser_ends_within_a_day_however_busy_it_is(stores: Stores) -> None:
    families, at = stores.families, AT
    token = (await families.begin("user-1", None, AT, "Windows · Chrome")).refresh_token
    while at < AT + BROWSER_LIFE:
        at += IDLE - REPEAT
        token = (await families.exchange(await families.held(token, at), at)).refresh_token
    while at.date() == AT.date():
        at += IDLE - REPEAT
        with contextlib.suppress(Refusal):
            token = (await families.exchange(await families.held(token, at), at)).refresh_token
    with pytest.raises(Refusal, match="refresh_expired"):
        await families.held(token, at)


async def test_over_https_the_cookie_is_secure_and_belongs_to_this_host_alone(secure_door: Door) -> None:
    async with secure_door() as browser:
        login = await browsing.ask(browser)
        await browsing.approved(secure_door, login)
        cookie = (await browsing.collect(browser, login)).headers["set-cookie"]
    assert cookie.startswith("__Host-huning-refresh=")
    assert set(cookie.split("; ")[1:]) == {"HttpOnly", "Max-Age=1800", "Path=/", "SameSite=strict", "Secure"}


async def test_a_cookie_of_the_plain_name_is_nothing_over_https(secure_door: Door, door: Door) -> None:
    """Another host of the domain could have put it there; with the prefix it cannot."""
    async with door() as browser:
        await browsing.log_in(door, browser)
        planted = {"cookie": f"{NAME}={browser.cookies[NAME]}", **OWN_PAGE}
    async with secure_door() as browser:
        answer = await browser.post("refresh", json={}, headers=planted)
    assert (answer.status_code, answer.json()["code"]) == (401, "token_missing")
