"""`make demo`: the main job, as people would do it, against a running `make up`; can be run again and again.

It uses the public API, the WeChat stand-in and, to show where each event stands, the end of Kafka's log. Every step
prints one line: what happened, the event, and how long it took until it could be seen where it matters.
"""

import json
import os
import sys
import time
import uuid
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

import httpx2
from rich.console import Console

from deploy.local import demo_record
from deploy.local.api import Api, ApiError
from deploy.local.place import Place
from deploy.local.tail import Seen, Tail
from deploy.local.topology import shared_environment
from services.challenges.claiming.examples import CLAIM
from services.challenges.posting.examples import CHALLENGE

_Found = TypeVar("_Found")

_TEMPLATE_TITLE = "新榜单发布提醒"
_VISIBLE_SECONDS = 30.0


class DemoFailedError(Exception):
    """Something was not as it should be; the text says what."""


class Demo:
    """One walk. `tag` sets its challenge, its saved search and its messages apart from those of other walks."""

    def __init__(self, place: Place, tail: Tail, console: Console) -> None:
        self._place, self._tail, self._console = place, tail, console
        self._tag = f"演示{uuid.uuid4().hex[:8]}"
        self._steps = 0
        anyone = Api(place.gateway_url)
        self._visitor = anyone
        self._company = anyone.login("company-suzhou")
        self._official = anyone.login("operator-suzhou")
        self._institute = anyone.login("institute-nanjing")
        self._city = anyone.login("operator-nanjing")

    def walk(self) -> None:
        """From the saved search to the city's changed record; DemoFailedError or ApiError where it stops."""
        saved = self._save_a_search()
        try:
            challenge = self._draft()
            self._act(challenge, "submit", self._company, "苏州企业提交审核", "submitted")
            self._act(challenge, "approve", self._official, "苏州运营人员审核通过", "approved")
            self._publish(challenge, saved)
            self._claim(challenge)
            self._city_changes_a_record()
        finally:
            self._institute.delete(f"/search/subscriptions/{saved}")

    def _save_a_search(self) -> str:
        """The institute saves a search and, as a tap in the mini-program would, allows one message about it."""
        since = time.time()
        templates = self._institute.get("/notifications/templates")["items"]
        template = next((each["template_id"] for each in templates if each["title"] == _TEMPLATE_TITLE), None)
        if template is None:
            raise DemoFailedError(f"微信后台没有模板“{_TEMPLATE_TITLE}”")
        answer = {"touser": "institute-nanjing", "results": {template: "accept"}}
        httpx2.post(f"{self._place.wechat_url}/_control/popup", json=answer, trust_env=False).raise_for_status()
        self._institute.post("/notifications/consents", {"results": {template: "accept"}})
        # Without this a walk between 22:00 and 8:00 would wait for the morning.
        awake: dict[str, Any] = {"channels": {}, "quiet_hours": None, "digest": "off"}
        self._institute.put("/notifications/preferences", json.dumps(awake).encode(), "application/json")
        body = {"name": self._tag, "query": {"q": self._tag, "type": "challenge"}, "notify": "at_once"}
        saved = str(self._institute.post("/search/subscriptions", body)["id"])
        self._say(f"南京院所保存搜索“{self._tag}”，并同意接收一条微信消息", None, since, "已生效")
        return saved

    def _draft(self) -> str:
        since = time.time()
        challenge = str(self._company.post("/challenges", _challenge(self._tag))["id"])
        seen = self._tail.event("challenge.drafted", lambda event: event.subject == challenge)
        self._say("苏州企业起草榜单", seen, since, "进入日志", seen.at)
        return challenge

    def _act(self, challenge: str, action: str, who: Api, text: str, past: str) -> None:
        since = time.time()
        who.post(f"/challenges/{challenge}/{action}")
        seen = self._tail.event(f"challenge.{past}", lambda event: event.subject == challenge)
        self._say(text, seen, since, "进入日志", seen.at)

    def _publish(self, challenge: str, saved: str) -> None:
        """Published once; seen in three places: search, the institute's inbox, and its WeChat."""
        since = time.time()
        self._official.post(f"/challenges/{challenge}/publish")
        _until("搜索结果", lambda: self._finds(challenge))
        found = time.time()
        seen = self._tail.event("challenge.published", lambda event: event.subject == challenge)
        self._say("苏州运营人员发布榜单，任何人都能搜到", seen, since, "可搜到", found)

        hit = self._tail.event("saved-search.hit", lambda event: event.data["subscription_id"] == saved)
        _until("站内信", lambda: self._inbox_item(challenge))
        self._say("南京院所收到站内信", hit, since, "可见")

        sent = _until("微信消息", self._messages)
        accepted = time.time()
        settled = self._tail.event("delivery.settled", _sent_for(hit))
        if len(sent) != 1:
            raise DemoFailedError(f"微信收到 {len(sent)} 条消息，应当只有 1 条")
        self._say("南京院所收到一条微信消息（仅一条）", settled, since, "微信已收下", accepted)

    def _claim(self, challenge: str) -> None:
        """Sealed from the start: the poster learns how many, and nothing else."""
        since = time.time()
        claim = self._institute.post(f"/challenges/{challenge}/claims", CLAIM)
        if claim["state"] == "draft":
            claim = self._institute.post(f"/claims/{claim['id']}/submit")
        seen = self._tail.event("claim.submitted", lambda event: event.subject == claim["id"])
        self._say(f"南京院所密封揭榜，回执 {claim['receipt']['sha256'][:12]}…", seen, since, "进入日志", seen.at)

        since = time.time()
        shown = _until("揭榜数", lambda: self._sealed_count(challenge))
        if set(shown) != {"sealed", "count"}:
            raise DemoFailedError(f"发榜企业在开榜前看到了不该看到的内容：{sorted(shown)}")
        self._say("苏州企业看到“1 家揭榜”，别无其他", seen, since, "可见")

    def _city_changes_a_record(self) -> None:
        since, title = demo_record.push(self._city, self._tag)
        _until("搜索结果", lambda: self._visitor.get("/search", q=self._tag, type="record")["total"] == 1)
        found = time.time()
        seen = self._tail.event("record.changed", lambda event: self._tag in str(event.data))
        self._say(f"南京市更新一条资源“{title}”", seen, since, "可搜到", found)

    def _finds(self, challenge: str) -> bool:
        return any(item["id"] == challenge for item in self._visitor.get("/search", q=self._tag)["items"])

    def _inbox_item(self, challenge: str) -> bool:
        items = self._institute.get("/notifications/inbox", unread="true")["items"]
        return any(item["link"] and item["link"]["id"] == challenge for item in items)

    def _messages(self) -> list[dict[str, Any]]:
        answer = httpx2.get(f"{self._place.wechat_url}/_control/sent?touser=institute-nanjing", trust_env=False)
        return [item for item in answer.raise_for_status().json()["items"] if self._tag in str(item["data"])]

    def _sealed_count(self, challenge: str) -> dict[str, Any] | None:
        shown = self._company.get(f"/challenges/{challenge}/claims")
        return shown if shown.get("count") == 1 else None

    def _say(self, text: str, seen: Seen | None, since: float, where: str, until: float | None = None) -> None:
        self._steps += 1
        milliseconds = max(0, round(((until or time.time()) - since) * 1000))
        event = f"  [dim]{str(seen).replace('[', chr(92) + '[')}[/dim]" if seen else ""
        self._console.print(f"{self._steps:>2}. {text}{event}  [green]{milliseconds} 毫秒后{where}[/green]")


def demo() -> int:
    """0 when the walk went all the way."""
    console = Console(highlight=False, soft_wrap=True)
    place = Place.started(os.environ)
    kafka = shared_environment(place)["HUNING_KAFKA"]
    try:
        with Tail(kafka, place.prefix) as tail:
            Demo(place, tail, console).walk()
    except (ApiError, DemoFailedError, TimeoutError, httpx2.HTTPError) as error:
        console.print(f"演示中断：{error}\n系统在运行吗？make status 可以查看；没有的话先 make up。", markup=False)
        return 1
    console.print("演示完成，可以再次运行。")
    return 0


def _sent_for(hit: Seen) -> Callable[[Seen], bool]:
    """The delivery that this hit caused; other people are told of the same event through other templates."""
    return lambda event: event.data["event_id"] == hit.data["cause"] and event.data["status"] == "sent"


def _until(what: str, look: Callable[[], _Found | None]) -> _Found:
    """Looks again until there is something; DemoFailedError after half a minute."""
    end = time.monotonic() + _VISIBLE_SECONDS
    while not (found := look()):
        if time.monotonic() > end:
            raise DemoFailedError(f"{_VISIBLE_SECONDS:.0f} 秒内没有等到{what}")
        time.sleep(0.01)
    return found


def _challenge(tag: str) -> dict[str, Any]:
    deadline = (datetime.now(UTC) + timedelta(days=180)).date().isoformat()
    return {**CHALLENGE, "title": f"双极板涂层寿命提升{tag}", "deadline": deadline}


if __name__ == "__main__":
    sys.exit(demo())
