"""The public API as sample data and demo use it: through the gateway, with a token, like any other client."""

import uuid
from types import TracebackType
from typing import Any

import httpx2
from tenacity import Retrying, retry_if_exception, stop_after_delay, wait_exponential


class ApiError(Exception):
    """The API refused, with this status; the text is what it said."""

    def __init__(self, text: str, status: int) -> None:
        super().__init__(text)
        self.status = status


class Api:
    """One person's session with the API. Answers are JSON objects (docs/openapi); a refusal raises ApiError.

    A 503 asks for another try; one is made, under the same key, as long as `patience` (seconds) lasts.
    """

    def __init__(self, gateway_url: str, token: str | None = None, patience: float = 0.0) -> None:
        self._gateway_url, self._patience = gateway_url, patience
        headers = {"authorization": f"Bearer {token}"} if token else {}
        self._http = httpx2.Client(base_url=f"{gateway_url}/api/v1", headers=headers, timeout=20, trust_env=False)
        self._retrying = Retrying(
            retry=retry_if_exception(_may_pass),
            wait=wait_exponential(multiplier=0.2, max=2),
            stop=stop_after_delay(patience),
            reraise=True,
        )

    def __enter__(self) -> "Api":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._http.close()

    def login(self, name: str) -> "Api":
        """A session as this account of the WeChat stand-in."""
        answer = self.post("/accounts/wechat-login", {"code": f"code:{name}"})
        return Api(self._gateway_url, answer["access_token"], self._patience)

    def get(self, path: str, **query: str | int) -> dict[str, Any]:
        return _object(self._send("GET", path, params=query))

    def post(self, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        """A command, with an Idempotency-Key of its own."""
        return _object(self._send("POST", path, json=body or {}, headers=_fresh_key()))

    def put(self, path: str, content: bytes, media_type: str) -> dict[str, Any]:
        headers = {"content-type": media_type, **_fresh_key()}
        return _object(self._send("PUT", path, content=content, headers=headers))

    def delete(self, path: str) -> None:
        self._send("DELETE", path, headers=_fresh_key())

    def _send(self, method: str, path: str, **request: Any) -> httpx2.Response:
        return self._retrying(lambda: _accepted(self._http.request(method, path, **request)))


def _accepted(answer: httpx2.Response) -> httpx2.Response:
    if answer.is_error:
        asked = f"{answer.request.method} {answer.request.url.path}"
        raise ApiError(f"{asked} → {answer.status_code}：{answer.text}", answer.status_code)
    return answer


def _may_pass(error: BaseException) -> bool:
    return isinstance(error, ApiError) and error.status == httpx2.codes.SERVICE_UNAVAILABLE


def _object(answer: httpx2.Response) -> dict[str, Any]:
    found: dict[str, Any] = answer.json()
    return found


def _fresh_key() -> dict[str, str]:
    return {"idempotency-key": str(uuid.uuid4())}
