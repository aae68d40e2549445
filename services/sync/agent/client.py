"""The platform's sync paths, as the agent calls them: signed, repeated on faults that pass, refused in Chinese."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

import httpx2
from pydantic import ValidationError
from tenacity import RetryCallState, Retrying, retry_if_exception, stop_after_delay, wait_random_exponential

from services.sync.agent.answers import Batch, Row, Withdrawal
from services.sync.agent.certificates import distrust, explained
from services.sync.agent.errors import AgentError
from services.sync.agent.parts import Part
from services.sync.agent.signing import Signature
from services.sync.rows.errors import reason

_Answer = TypeVar("_Answer")

_TIMEOUT = httpx2.Timeout(60, connect=10)
_PAGE = 100
_LONGEST_WAIT_S = 30
_FIELDS = {
    "jurisdiction": "城市",
    "kind": "类别",
    "mode": "推送方式",
    "dry_run": "试运行",
    "coordinates": "坐标系",
    "rows": "行数",
    "sha256": "校验和",
    "columns": "列名",
}
"""What clerks call the fields of `POST sync/batches`, the only request of ours that has any."""


class RefusedError(AgentError):
    """The platform said no. `status` and `code` are its own; trying again does not help unless `passing`."""

    def __init__(self, status: int, code: str, message: str, wait_s: float | None = None) -> None:
        super().__init__(message)
        self.status, self.code, self.wait_s = status, code, wait_s

    @property
    def passing(self) -> bool:
        # The gateway repeats a read whose answer is late, with the signature that it had; the next attempt has one of its own.
        return self.status >= 500 or self.status == 429 or self.code in ("conflict", "nonce_used")


@dataclass(frozen=True)
class Patience:
    """How long a fault may last before the agent gives up; `say` shows a line to the clerk before each new attempt."""

    seconds: float
    say: Callable[[str], None]


class Client:
    """One platform, one agent's signature."""

    def __init__(self, server: str, signature: Signature, patience: Patience) -> None:
        address = urlsplit(server)
        if address.scheme not in {"http", "https"} or not address.hostname:
            raise AgentError(f"平台地址 {server} 不对。请写成 https://主机名 的形式。")
        root = server.rstrip("/").removesuffix("/api/v1")
        self.server, self.key_id = root, signature.key_id
        at_home = address.hostname in {"127.0.0.1", "localhost", "::1"}
        self._http = httpx2.Client(
            base_url=f"{root}/api/v1/sync/", auth=signature, timeout=_TIMEOUT, trust_env=not at_home
        )
        self._retrying = Retrying(
            retry=retry_if_exception(_may_pass),
            wait=_wait,
            stop=stop_after_delay(patience.seconds),
            before_sleep=lambda state: patience.say(_delay(state)),
            reraise=True,
        )

    def __enter__(self) -> "Client":
        return self

    def __exit__(self, *_: object) -> None:
        self._http.close()

    def open_batch(self, order: dict[str, Any], key: str) -> Batch:
        """A new batch, or the one that this key opened before."""
        return _batch(self._send("POST", "batches", key=key, json=order))

    def put_part(self, batch_id: str, part: Part, key: str) -> None:
        """Hand over one part; the platform keeps it or says why not."""
        headers = {"Content-Type": "application/x-ndjson", "Content-Encoding": "gzip"}
        self._send("PUT", f"batches/{batch_id}/parts/{part.number}", key=key, content=part.body, headers=headers)

    def commit(self, batch_id: str, key: str) -> Batch:
        """Everything is there: the platform may begin."""
        return _batch(self._send("POST", f"batches/{batch_id}/commit", key=key, json={}))

    def batch(self, batch_id: str) -> Batch:
        """The batch as it stands."""
        return _batch(self._send("GET", f"batches/{batch_id}"))

    def rows(self, batch_id: str, **chosen: str) -> Iterator[Row]:
        """The verdicts on rows that are chosen by `verdict` or `warned`, in the platform's order."""
        return map(Row.model_validate, self._listed(f"batches/{batch_id}/rows", **chosen))

    def save_receipt(self, batch_id: str, path: Path) -> None:
        """The receipt as a workbook, in this file; what stood there stays until the new one is whole."""
        fresh = path.with_name(f"{path.name}.part")
        try:
            self._tried(lambda: self._save(f"batches/{batch_id}/rows?format=xlsx", fresh))
            fresh.replace(path)
        except OSError as error:
            raise AgentError(f"回执写不到 {path}：{reason(error)}。如果它正在 Excel 里打开，请先关闭。") from error
        finally:
            fresh.unlink(missing_ok=True)

    def withdrawals(self, batch_id: str) -> Iterator[Withdrawal]:
        """The records that a snapshot withdrew or would withdraw, in the order of their ids."""
        return map(Withdrawal.model_validate, self._listed(f"batches/{batch_id}/withdrawals"))

    def may_push(self, jurisdiction: str) -> None:
        """Does nothing where the platform knows the key as one of this city's; RefusedError otherwise."""
        self._send("GET", "batches", params={"jurisdiction": jurisdiction, "limit": "1"})

    def ask(self, path: str) -> httpx2.Response:
        """What the platform answers to everybody, unsigned."""
        return self._tried(lambda: _checked(self._http.get(path, auth=None)))

    def changes(self, cursor: str | None, chosen: Mapping[str, str]) -> tuple[list[dict[str, Any]], str]:
        """What the cities published since the cursor, at most a page of it, and the cursor after that."""
        params = {**chosen, "limit": str(_PAGE), **({"cursor": cursor} if cursor else {})}
        page = self._send("GET", "changes", params=params)
        try:
            return list(page["items"]), str(page["next_cursor"])
        except (KeyError, TypeError) as error:
            raise AgentError("平台的回答不是一页变更。请检查 --server，或更新 huning-agent。") from error

    def _listed(self, path: str, **chosen: str) -> Iterator[Any]:
        cursor: str | None = None
        while True:
            params = {**chosen, "limit": str(_PAGE), **({"cursor": cursor} if cursor else {})}
            page = self._send("GET", path, params=params)
            yield from page["items"]
            cursor = page.get("next_cursor")
            if not cursor:
                return

    def _save(self, path: str, to: Path) -> None:
        with to.open("wb") as file, self._http.stream("GET", path) as response:
            if not response.is_success:
                response.read()
            _checked(response)
            for piece in response.iter_bytes():
                file.write(piece)

    def _send(self, method: str, path: str, *, key: str | None = None, **request: Any) -> Any:
        headers = {**request.pop("headers", {}), **({"Idempotency-Key": key} if key else {})}
        return self._tried(lambda: _answer(self._http.request(method, path, headers=headers, **request)))

    def _tried(self, asking: Callable[[], _Answer]) -> _Answer:
        """Again and again while the fault may pass."""
        try:
            return self._retrying(asking)
        except httpx2.TransportError as error:
            if (untrusted := distrust(error)) is not None:
                raise AgentError(explained(str(self._http.base_url.host), untrusted)) from error
            raise AgentError(
                f"连不上平台 {self._http.base_url.host}：{_fault(error)}。"
                "请检查网络和 --server；再次运行同一命令会从中断处继续。"
            ) from error


def _answer(response: httpx2.Response) -> Any:
    try:
        return _checked(response).json()
    except ValueError as error:
        raise RefusedError(502, "not_json", "平台的回答无法识别。请检查 --server 是否是平台的地址。") from error


def _checked(response: httpx2.Response) -> httpx2.Response:
    if not response.is_success:
        raise _refusal(response)
    return response


def _refusal(response: httpx2.Response) -> RefusedError:
    status = response.status_code
    try:
        problem = response.json()
        said = "。".join(str(problem[part]).rstrip("。") for part in ("title", "detail") if problem.get(part))
        faults = "；".join(_fault_of(each["field"], each["message"]) for each in problem.get("errors") or ())
        code = str(problem["code"])
    except (ValueError, KeyError, TypeError, AttributeError):
        said, faults, code = _unexplained(status), "", ""
    message = f"{said}。{faults}" if faults else f"{said}。"
    return RefusedError(status, code, message, _seconds(response.headers.get("Retry-After")))


def _fault_of(field: str, message: str) -> str:
    return f"{_FIELDS.get(field, field)}：{message}"


def _unexplained(status: int) -> str:
    """A platform that is starting or busy may be without words for a while; any other answer is not the platform's."""
    hint = "" if status >= 500 or status == 429 else "。请检查 --server 是否是平台的地址"
    return f"平台回答了 {status}，没有说明原因{hint}"


def _seconds(retry_after: str | None) -> float | None:
    return float(retry_after) if retry_after and retry_after.isdecimal() else None


def _batch(answer: Any) -> Batch:
    try:
        return Batch.model_validate(answer)
    except ValidationError as error:
        raise AgentError("平台的回答不是一个批次。请检查 --server，或更新 huning-agent。") from error


def _may_pass(error: BaseException) -> bool:
    if isinstance(error, httpx2.TransportError):
        return distrust(error) is None  # a certificate does not get better by asking again
    return isinstance(error, RefusedError) and error.passing


_backoff = wait_random_exponential(multiplier=0.5, max=_LONGEST_WAIT_S)


def _wait(state: RetryCallState) -> float:
    error = state.outcome.exception() if state.outcome else None
    if isinstance(error, RefusedError) and error.wait_s is not None:
        return min(error.wait_s, 2 * _LONGEST_WAIT_S)
    return _backoff(state)


def _delay(state: RetryCallState) -> str:
    error = state.outcome.exception() if state.outcome else None
    reason = str(error) if isinstance(error, RefusedError) else f"{_fault(error)}。"
    return f"{reason}{state.upcoming_sleep:.0f} 秒后第 {state.attempt_number + 1} 次尝试……"


def _fault(error: BaseException | None) -> str:
    if isinstance(error, httpx2.TimeoutException):
        return "等待超时"
    if isinstance(error, httpx2.ConnectError):
        return "连接不上"
    return "连接中断"
