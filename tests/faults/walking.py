"""What the fault tests have people do, and how they see what became of it."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import httpx2

from shared.runtime.service import Service
from tests.client import Api, challenge, until
from tests.faults.folding import Fold
from tests.faults.settling import caught_up
from tests.stack import Stack

TEMPLATE_TITLE = "新榜单发布提醒"


@dataclass
class Walk:
    """A watcher with a saved search and consent, and a company whose challenges fit it."""

    stack: Stack
    api: Api
    composed: Mapping[str, Service] | None = None
    """The services as they are composed, for whoever asks that everything be `settled`."""
    city: str = "suzhou"
    watcher: str = "institute-nanjing"

    def __post_init__(self) -> None:
        self.tag = f"容错{uuid.uuid4().hex[:8]}"

    def watch(self, messages: int = 5) -> None:
        """Saves the search and lets WeChat and the platform know of so many consents, at any hour of the day."""
        who = self.api.as_(self.watcher)
        awake: dict[str, Any] = {"channels": {}, "quiet_hours": None, "digest": "off"}
        who.put("notifications/preferences", json=awake).expect(200)
        templates = who.get("notifications/templates").expect(200)["items"]
        self.template = next(each["template_id"] for each in templates if each["title"] == TEMPLATE_TITLE)
        for _ in range(messages):
            self.control("POST", "popup", {"touser": self.watcher, "results": {self.template: "accept"}})
            who.post("notifications/consents", json={"results": {self.template: "accept"}}).expect(200)
        query = {"q": self.tag, "type": "challenge"}
        who.post("search/subscriptions", json={"name": self.tag, "query": query, "notify": "at_once"}).expect(201)

    def publish(self, suffix: str = "") -> str:
        """A challenge from draft to published, every command repeated under its key until its outcome is known."""
        challenge_id = self.approved(suffix)
        self.act(challenge_id, "publish")
        return challenge_id

    def approved(self, suffix: str = "") -> str:
        """One that only has to be published."""
        company = self.api.as_(f"company-{self.city}")
        body = challenge(title=f"{self.tag}{suffix}", jurisdiction=self.city)
        challenge_id = str(company.settle("POST", "challenges", body).expect(201)["id"])
        company.settle("POST", f"challenges/{challenge_id}/submit").expect(200)
        self.act(challenge_id, "approve")
        return challenge_id

    def act(self, challenge_id: str, action: str) -> None:
        """What the city's operator does with it."""
        self.api.as_(f"operator-{self.city}").settle("POST", f"challenges/{challenge_id}/{action}").expect(200)

    def is_found(self, challenge_id: str) -> bool:
        """Whether search finds it by its title."""
        try:
            answer = self.api.visitor.get("search", params={"q": self.tag, "limit": 100})
        except httpx2.TransportError:
            return False
        return answer.status == 200 and any(each["id"] == challenge_id for each in answer.body["items"])

    def inbox(self, challenge_id: str) -> list[Any]:
        """The watcher's inbox items about it."""
        try:
            answer = self.api.as_(self.watcher).get("notifications/inbox", params={"limit": 100})
        except httpx2.TransportError:
            return []
        found = answer.body["items"] if answer.status == 200 else []
        return [each for each in found if each["link"] and each["link"]["id"] == challenge_id]

    def sent(self) -> list[Any]:
        """What WeChat accepted for the watcher about this walk."""
        items = self.control("GET", f"sent?touser={self.watcher}")["items"]
        return [each for each in items if self.tag in str(each["data"])]

    def settled(self, seconds: float) -> float:
        """The system has caught up in time, and every read model is the fold of the log; the seconds that it took."""
        took = caught_up(self.stack, self.api, seconds)
        assert self.composed is not None
        Fold(self.stack, self.composed).check()
        return took

    def deliveries(self, status: str | None = None) -> list[Any]:
        """The ledger, as operators see it."""
        parameters: dict[str, Any] = {"limit": 100, **({"status": status} if status else {})}
        found: list[Any] = (
            self.api.as_("operator-alliance").get("notifications/deliveries", params=parameters).expect(200)["items"]
        )
        return found

    def control(self, method: str, path: str, body: Any = None) -> Any:
        """The stand-in's control paths."""
        answer = httpx2.request(
            method, f"{self.stack.wechat_url}/_control/{path}", json=body, trust_env=False, timeout=10
        )
        return answer.raise_for_status().json()

    def arm(self, point: str, what: str) -> None:
        """The next process in which something with all the words of `what` passes the point dies there (tests/faults/inject)."""
        folder = self.stack.home / "faults"
        folder.mkdir(exist_ok=True)
        (folder / f"{point}.taken").unlink(missing_ok=True)
        (folder / point).write_text(what)

    def wait_for_death(self, point: str) -> None:
        """Until somebody died at the point."""
        until(lambda: (self.stack.home / "faults" / f"{point}.taken").exists(), seconds=30)
