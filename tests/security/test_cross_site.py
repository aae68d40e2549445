"""What another site can make a browser send: whatever its cookie comes along with is refused, and the session goes on."""

from collections.abc import Iterator

import httpx2
import pytest

from shared.access.rules import Rule
from shared.access.table import RULES
from shared.values.ids import new_id
from tests.client import Api, answer_of, until
from tests.security.requests import BODIES, parameters, path
from tests.stack import Stack

_OWN_PAGE = {"x-requested-with": "huning-web", "sec-fetch-site": "same-origin"}
_WRITES = {"POST", "PUT", "PATCH", "DELETE"}
_BEFORE_A_LOGIN = {"accounts.log-in", "accounts.ask-device-login"}
"""Take no cookie and give none: another site learns nothing of them, as it may not read the answer."""
_BY_COOKIE = {
    "accounts.refresh": {},
    "accounts.act-as": {"organization_id": None},
    "accounts.log-out": {},
    "accounts.collect-device-login": {"device_code": "x" * 43, "cookie": True},
    "accounts.enrol-device-login": {"device_code": "x" * 43},
}
"""What the cookie speaks for, or what gives one."""
_FROM_ELSEWHERE = {
    "a form": {"content-type": "text/plain", "sec-fetch-site": "cross-site", "origin": "https://evil.example"},
    "an old browser's form": {"content-type": "application/x-www-form-urlencoded"},
    "another port of the host": {"content-type": "text/plain", "sec-fetch-site": "same-site"},
    "a script that was let send its header": {
        "content-type": "application/json",
        "sec-fetch-site": "cross-site",
        "origin": "https://evil.example",
        "x-requested-with": "huning-web",
    },
}


@pytest.fixture(scope="module")
def browser(stack: Stack) -> Iterator[httpx2.Client]:
    """The cookie of a company that is logged in, and no token."""
    with httpx2.Client(base_url=f"{stack.base_url}/api/v1/", trust_env=False) as client:
        login = client.post("accounts/device-logins", json={}).json()
        form = {"code": login["user_code"], "account": "company-suzhou"}
        httpx2.post(login["scan"].partition("?")[0], data=form, trust_env=False)
        body = {"device_code": login["device_code"], "cookie": True}

        def let_in() -> bool:
            return client.post("accounts/device-logins/token", json=body, headers=_OWN_PAGE).status_code == 200

        until(let_in)
        yield client


@pytest.fixture(autouse=True)
def unharmed(browser: httpx2.Client) -> Iterator[None]:
    """Afterwards the cookie is the one that it was, and the session goes on."""
    before = dict(browser.cookies)
    yield
    assert dict(browser.cookies) == before
    answer = browser.post("accounts/refresh", json={}, headers=_OWN_PAGE)
    assert answer.status_code == 200, answer.text
    assert answer.json()["user"]["organization"]["jurisdiction"] == "suzhou"


def writes() -> list[Rule]:
    return [rule for rule in RULES.values() if rule.method in _WRITES and set(rule.allow) != {"wechat"}]


def test_what_the_cookie_speaks_for_is_known_by_name() -> None:
    """A new write that visitors may make is looked at here: whether a cookie could carry it."""
    assert {rule.action for rule in writes() if "visitor" in rule.allow} == _BEFORE_A_LOGIN | set(_BY_COOKIE)


@pytest.mark.parametrize("headers", _FROM_ELSEWHERE.values(), ids=_FROM_ELSEWHERE)
def test_every_other_write_takes_a_token_that_no_browser_sends_by_itself(
    browser: httpx2.Client, headers: dict[str, str]
) -> None:
    done = []
    for rule in writes():
        if "visitor" in rule.allow:
            continue
        address = path(rule, {name: new_id() for name in parameters(rule)})
        body = BODIES.get(rule.action, dict)()
        sent = {**headers, "idempotency-key": new_id()}
        answer = answer_of(browser.request(rule.method, address, json=body, headers=sent))
        if (answer.status, answer.code) != (401, "token_missing"):
            done.append((rule.action, answer.status, answer.code))
    assert done == []


@pytest.mark.parametrize("headers", _FROM_ELSEWHERE.values(), ids=_FROM_ELSEWHERE)
@pytest.mark.parametrize("action", _BY_COOKIE)
def test_what_the_cookie_speaks_for_is_refused_to_another_site(
    browser: httpx2.Client, action: str, headers: dict[str, str]
) -> None:
    answer = answer_of(browser.post(path(RULES[action], {}), json=_BY_COOKIE[action], headers=headers))
    assert answer.status >= 400, answer
    assert "set-cookie" not in answer.headers


def test_no_answer_lets_another_site_read_it_or_send_with_our_cookie(stack: Stack, api: Api) -> None:
    """Cross-origin resource sharing is nowhere: neither asked for before, nor granted with an answer."""
    asked = {"origin": "https://evil.example", "access-control-request-method": "POST"}
    asked["access-control-request-headers"] = "x-requested-with,idempotency-key,authorization"
    for place in ("accounts/refresh", "challenges", "search", "labels", "notifications/inbox"):
        for method in ("OPTIONS", "GET"):
            answer = api.visitor.request(method, place, headers=asked)
            assert not [name for name in answer.headers if name.startswith("access-control-")], place
    page = httpx2.get(f"{stack.base_url}/", headers=asked, trust_env=False)
    assert not [name for name in page.headers if name.startswith("access-control-")]
