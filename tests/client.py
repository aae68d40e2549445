"""A client of the public API for tests: who asks stands in the name, bodies come from builders.

api = Api(stack.base_url)
challenge_id = api.publish("涂层寿命", "suzhou")
api.as_("institute-nanjing").post(f"challenges/{challenge_id}/claims", json=claim()).expect(201)
"""

import time
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

import httpx2

from services.challenges.claiming.examples import CLAIM
from services.challenges.posting.examples import CHALLENGE

T = TypeVar("T")

Json = Any
"""What `json` takes and `body` holds: any JSON value; a test knows which."""

_WRITES = {"POST", "PUT", "PATCH", "DELETE"}
_TOKEN_GOOD_FOR_SECONDS = 600
"""Less than the 900 s of an access token: a test never meets an expired one by accident."""


@dataclass(frozen=True)
class Answer:
    """What came back. `body` is the JSON, or the text where it is none; `raw` the bytes as they came."""

    status: int
    body: Json
    headers: httpx2.Headers
    raw: bytes = b""

    @property
    def code(self) -> str | None:
        """The problem's code; None for an answer that is no problem."""
        return self.body.get("code") if isinstance(self.body, dict) else None

    def expect(self, *statuses: int) -> Json:
        """The body, when the status is one of these; AssertionError with the whole answer otherwise."""
        assert self.status in statuses, f"{self.status} instead of {statuses}: {self.body}"
        return self.body


class Api:
    """The API behind one gateway (or one service). Safe to use from several threads."""

    def __init__(
        self,
        base_url: str,
        *,
        timeout: float = 20,
        address: str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        """`address`: where requests come from, such as 127.0.0.21; `headers`: what each of them carries."""
        self.base_url = base_url
        limits = httpx2.Limits(max_connections=200, max_keepalive_connections=50)
        self._client = httpx2.Client(
            base_url=f"{base_url}/api/v1/",
            timeout=timeout,
            transport=httpx2.HTTPTransport(limits=limits, local_address=address, trust_env=False),
            headers=headers,
            trust_env=False,
        )
        self._tokens: dict[str, tuple[float, Json]] = {}
        self.visitor = Someone(self, None)

    def as_(self, name: str) -> "Someone":
        """Whoever the stand-in for WeChat logs in with `code:<name>`: the sample accounts, or anybody new."""
        return Someone(self, name)

    def with_token(self, token: str) -> "Someone":
        """Whoever holds this token."""
        return Someone(self, None, {"authorization": f"Bearer {token}"})

    def login(self, name: str) -> Json:
        """A new session of this person, as the API answers it."""
        return self.visitor.post("accounts/wechat-login", json={"code": f"code:{name}"}).expect(200)

    def session(self, name: str) -> Json:
        """The session that requests of this person use, begun at the first."""
        begun, session = self._tokens.get(name, (0.0, None))
        if session is None or time.monotonic() - begun > _TOKEN_GOOD_FOR_SECONDS:
            begun, session = time.monotonic(), self.login(name)
            self._tokens[name] = begun, session
        return session

    def forget(self, name: str) -> None:
        """The next request of this person logs in anew, such as after a change of roles."""
        self._tokens.pop(name, None)

    def publish(self, title: str, city: str = "suzhou", **changes: Json) -> str:
        """A challenge of that city's company, drafted, submitted, approved and published; its id.

        The company is verified: that challenges has not heard of it, right after a start, is waited for.
        """
        company, operator = self.as_(f"company-{city}"), self.as_(f"operator-{city}")

        def draft() -> Json:
            answer = company.post("challenges", json=challenge(title=title, jurisdiction=city, **changes))
            return None if answer.code == "organization_not_verified" else answer.expect(201)

        drafted = until(draft)
        for action, who in (("submit", company), ("approve", operator), ("publish", operator)):
            who.post(f"challenges/{drafted['id']}/{action}").expect(200)
        return str(drafted["id"])

    def claim(self, challenge_id: str, name: str = "institute-nanjing", **changes: Json) -> Json:
        """A claim of that account's organisation, drafted and submitted; as the API answers it, with the receipt."""
        claimant = self.as_(name)
        drafted = claimant.post(f"challenges/{challenge_id}/claims", json=claim(**changes)).expect(201)
        return claimant.post(f"claims/{drafted['id']}/submit").expect(200)

    def request(self, method: str, path: str, headers: Mapping[str, str], **content: Any) -> Answer:
        """Any request; httpx2's exceptions when there is no answer."""
        response = self._client.request(method, path, headers=headers, **content)
        return answer_of(response)

    def close(self) -> None:
        """Closes the connections."""
        self._client.close()


@dataclass(frozen=True)
class Someone:
    """One person at the API. Paths are below /api/v1/; writes get an Idempotency-Key of their own unless one is given."""

    api: Api
    name: str | None
    headers: Mapping[str, str] = field(default_factory=dict)

    def get(self, path: str, **options: Any) -> Answer:
        """`params` and `headers` as in httpx2."""
        return self.request("GET", path, **options)

    def post(self, path: str, json: Json = None, **options: Any) -> Answer:
        """No body means {}."""
        return self.request("POST", path, **_with_json({} if json is None else json, options))

    def put(self, path: str, json: Json = None, **options: Any) -> Answer:
        return self.request("PUT", path, **_with_json({} if json is None else json, options))

    def patch(self, path: str, json: Json = None, **options: Any) -> Answer:
        return self.request("PATCH", path, **_with_json({} if json is None else json, options))

    def delete(self, path: str, **options: Any) -> Answer:
        return self.request("DELETE", path, **options)

    def request(
        self,
        method: str,
        path: str,
        *,
        key: str | None = None,
        headers: Mapping[str, str] | None = None,
        **content: Any,
    ) -> Answer:
        """`key`: the Idempotency-Key; the empty string sends none."""
        sent = {**self._credentials(), **self.headers}
        if method in _WRITES and key != "":
            sent["idempotency-key"] = key or str(uuid.uuid4())
        return self.api.request(method, path, {**sent, **(headers or {})}, **content)

    def settle(self, method: str, path: str, json: Json = None, *, seconds: float = 60) -> Answer:
        """One command, repeated under the same Idempotency-Key until its outcome is known: no 503, no broken line. Reads too."""
        key = str(uuid.uuid4())
        content = {"json": {} if json is None else json} if method in _WRITES else {}

        def known() -> Answer | None:
            try:
                answer = self.request(method, path, key=key, **content)
            except httpx2.TransportError:
                return None
            return answer if answer.status not in (429, 502, 503, 504) else None

        return until(known, seconds=seconds)

    @property
    def user(self) -> Json:
        """`{"id","roles","organization"}` as the login answered."""
        assert self.name is not None, "only who logs in by name is known here"
        return self.api.session(self.name)["user"]

    @property
    def token(self) -> str:
        """The access token in use."""
        assert self.name is not None, "only who logs in by name has a session here"
        return str(self.api.session(self.name)["access_token"])

    def _credentials(self) -> dict[str, str]:
        return {"authorization": f"Bearer {self.token}"} if self.name is not None else {}


def answer_of(response: httpx2.Response) -> Answer:
    """The answer in an httpx2 response."""
    try:
        body = response.json() if response.content else None
    except ValueError:
        body = response.text
    return Answer(response.status_code, body, response.headers, response.content)


def until(condition: Callable[[], T | None], *, seconds: float = 30, every: float = 0.05) -> T:
    """The first truthy value of the condition; AssertionError when it has none in time."""
    deadline = time.monotonic() + seconds
    while True:
        if value := condition():
            return value
        assert time.monotonic() < deadline, f"not within {seconds} s"
        time.sleep(every)


def challenge(**changes: Json) -> dict[str, Json]:
    """The challenge of the interface's documentation, open for half a year from now, with its money still to be found."""
    deadline = (datetime.now(UTC) + timedelta(days=180)).date().isoformat()
    return {**CHALLENGE, "funding": [], "deadline": deadline, **changes}


def claim(**changes: Json) -> dict[str, Json]:
    """The claim of the interface's documentation."""
    return {**CLAIM, **changes}


def _with_json(json: Json, options: dict[str, Any]) -> dict[str, Any]:
    """The body as JSON, unless the request brings its own kind of body."""
    return options if {"content", "data", "files"} & set(options) else {"json": json, **options}
