"""A browser is let in at the stand-in's page, through the gateway, and goes on with its cookie."""

import httpx2

from tests.client import until
from tests.stack import Stack

_OWN_PAGE = {"x-requested-with": "huning"}


def test_a_browser_is_let_in_with_one_click_at_the_stand_in(stack: Stack) -> None:
    with (
        httpx2.Client(base_url=f"{stack.base_url}/api/v1/accounts/", trust_env=False) as browser,
        httpx2.Client(trust_env=False) as page,
    ):
        login = browser.post("device-logins", json={}).json()
        assert login["scan"].startswith(stack.place.wechat_url), "locally the stand-in's page stands for the scanner"
        shown = page.get(login["scan"])
        assert (shown.status_code, login["user_code"] in shown.text) == (200, True)
        form = {"code": login["user_code"], "account": "company-suzhou"}
        clicked = page.post(login["scan"].partition("?")[0], data=form)
        assert (clicked.status_code, "已确认登录" in clicked.text) == (200, True), clicked.text

        def let_in() -> httpx2.Response | None:
            body = {"device_code": login["device_code"], "cookie": True}
            answer = browser.post("device-logins/token", json=body, headers=_OWN_PAGE)
            return answer if answer.status_code == 200 else None

        session = until(let_in).json()
        assert session["user"]["organization"]["jurisdiction"] == "suzhou"
        refreshed = browser.post("refresh", json={}, headers=_OWN_PAGE).json()
        me = browser.get("me", headers={"authorization": f"Bearer {refreshed['access_token']}"})
        assert me.json()["id"] == session["user"]["id"]
        assert browser.post("refresh", json={}).json()["code"] == "csrf_refused"
