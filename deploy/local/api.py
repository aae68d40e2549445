"""The public API as sample data and demo use it: through the gateway, with a token, like any other client."""

import uuid
from types import TracebackType
from typing import Any

import httpx


class ApiError(Exception):
    """The API refused, with this status; the text is what it said."""

    def __init__(self, text: str, status: int) -> None:
        super().__init__(text)
        self.status = status


class Api:
    """One person's session with the API. Answers are JSON objects (docs/openapi); a refusal raises ApiError."""

    def __init__(self, gateway_url: str, token: str | None = None) -> None:
        self._gateway_url = gateway_url
        headers = {"authorization": f"Bearer {token}"} if token else {}
        self._http = httpx.Client(base_url=f"{gateway_url}/api/v1", headers=headers, timeout=20, trust_env=False)

    def __enter__(self) -> "Api":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._http.close()

    def login(self, name: str) -> "Api":
        """A session as this account of the WeChat stand-in."""
        answer = self.post("/accounts/wechat-login", {"code": f"code:{name}"})
        return Api(self._gateway_url, answer["access_token"])

    def get(self, path: str, **query: str | int) -> dict[str, Any]:
        return self._object(self._http.get(path, params=query))

    def post(self, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        """A command, with an Idempotency-Key of its own."""
        return self._object(self._http.post(path, json=body or {}, headers=_fresh_key()))

    def put(self, path: str, content: bytes, media_type: str) -> dict[str, Any]:
        return self._object(self._http.put(path, content=content, headers={"content-type": media_type, **_fresh_key()}))

    def delete(self, path: str) -> None:
        self._refused(self._http.delete(path, headers=_fresh_key()))

    def _object(self, answer: httpx.Response) -> dict[str, Any]:
        self._refused(answer)
        found: dict[str, Any] = answer.json()
        return found

    def _refused(self, answer: httpx.Response) -> None:
        if answer.is_error:
            asked = f"{answer.request.method} {answer.request.url.path}"
            raise ApiError(f"{asked} → {answer.status_code}：{answer.text}", answer.status_code)


def _fresh_key() -> dict[str, str]:
    return {"idempotency-key": str(uuid.uuid4())}
