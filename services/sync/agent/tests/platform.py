"""A platform for the agent's tests: real HTTP on a free port, every signature verified, batches kept in memory."""

import gzip
import hashlib
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.metadata import version
from typing import Any
from urllib.parse import parse_qs, urlsplit

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from http_message_signatures import HTTPMessageVerifier, InvalidSignature, MappingKeyResolver
from http_message_signatures.algorithms import ED25519

from services.sync.wire import COVERED

Answer = tuple[int, dict[str, Any]]
Fault = Callable[[str, str], Answer | None]


@dataclass
class Platform:
    """What a test looks at and breaks. `fault` may answer in the platform's place, given method and path."""

    keys: dict[str, Ed25519PublicKey] = field(default_factory=dict)
    batches: dict[str, dict[str, Any]] = field(default_factory=dict)
    parts: dict[str, dict[int, bytes]] = field(default_factory=dict)
    opened: dict[str, str] = field(default_factory=dict)
    requests: list[tuple[str, str]] = field(default_factory=list)
    nonces: set[str] = field(default_factory=set)
    attempts: dict[str, tuple[str, str, bytes]] = field(default_factory=dict)
    fault: Fault = lambda _method, _path: None
    rejected: list[dict[str, Any]] = field(default_factory=list)
    warned: list[dict[str, Any]] = field(default_factory=list)
    missing: list[dict[str, Any]] = field(default_factory=list)
    duplicates: list[dict[str, Any]] = field(default_factory=list)
    records: dict[str, str] = field(default_factory=dict)
    url: str = ""
    clock_off: timedelta = timedelta()
    page: int = 2
    changes: list[dict[str, Any]] = field(default_factory=list)
    asked: list[dict[str, list[str]]] = field(default_factory=list)

    def rows(self, batch_id: str) -> list[dict[str, Any]]:
        """Every row of the batch, in order."""
        parts = self.parts[batch_id]
        return [json.loads(line) for number in sorted(parts) for line in parts[number].splitlines()]

    def open_batch(self, key: str, order: dict[str, Any]) -> Answer:
        if key not in self.opened:
            self.opened[key] = batch_id = f"batch-{len(self.batches) + 1}"
            self.batches[batch_id] = {"id": batch_id, "state": "open", "counts": {}, **order}
            self.parts[batch_id] = {}
        return 201, self.batches[self.opened[key]]

    def commit(self, batch: dict[str, Any]) -> Answer:
        parts = self.parts[batch["id"]]
        whole = b"".join(parts[number] for number in sorted(parts))
        if hashlib.sha256(whole).hexdigest() != batch["sha256"]:
            return 422, {"code": "incomplete", "title": "批次不完整", "detail": "请重新推送。"}
        ids = [json.loads(line).get("source_id") for line in whole.splitlines()]
        added, bad = len(set(ids)), len(self.rejected)
        batch["counts"] = {"added": added - bad, "duplicate": len(ids) - added, "rejected": bad}
        batch["warnings"] = len(self.warned)
        self.records |= {str(row.get("source_id")): str(row.get("title")) for row in self.rows(batch["id"])}
        if batch["mode"] == "snapshot" and self.missing:
            batch |= {"state": "awaiting_approval", "withdrawn": len(self.missing), "counts": {}}
            return 202, batch
        batch |= {"state": "applied", "seq": 1, "progress": {"done": len(ids), "total": len(ids)}}
        return 202, batch

    def answer(self, method: str, path: str, query: dict[str, list[str]], key: str | None, body: bytes) -> Answer:
        if (answered := self.fault(method, path)) is not None:
            return answered
        if key is not None and self.attempts.setdefault(key, (method, path, body)) != (method, path, body):
            return 422, {"code": "idempotency_key_reused", "title": "幂等键已用过", "detail": "请换一个。"}
        if path in _FOR_EVERYBODY:
            return 200, _FOR_EVERYBODY[path]
        steps = path.removeprefix("/api/v1/sync/").split("/")
        if steps == ["batches"] and method == "GET":
            return 200, {"items": [], "next_cursor": None}
        if steps == ["changes"]:
            self.asked.append(query)
            start = int(query.get("cursor", ["0"])[0])
            items = self.changes[start : start + self.page]
            return 200, {"items": items, "next_cursor": str(start + len(items))}
        if steps == ["batches"]:
            return self.open_batch(str(key), json.loads(body))
        batch = self.batches.get(steps[1])
        if batch is None:
            return 404, {"code": "not_found", "title": "没有这个批次", "detail": "请检查编号。"}
        match steps[2:]:
            case []:
                return 200, batch
            case ["parts", number]:
                self.parts[batch["id"]][int(number)] = gzip.decompress(body)
                return 200, {"part": int(number)}
            case ["commit"]:
                return self.commit(batch)
            case ["rows" | "withdrawals" as what]:
                if query.get("format") == ["xlsx"]:
                    return 200, {"as": "a workbook"}
                found = self.missing if what == "withdrawals" else self.warned if "warned" in query else self.rejected
                found = self.duplicates if query.get("verdict") == ["duplicate"] else found
                start = int(query.get("cursor", ["0"])[0])
                page = found[start : start + self.page]
                after = start + self.page if start + self.page < len(found) else None
                return 200, {"items": page, "next_cursor": None if after is None else str(after)}
        return 404, {"code": "not_found", "title": "没有这个地址", "detail": "请检查。"}

    def check(self, message: "_Handler", body: bytes) -> str | None:
        """Why the signature does not hold, or None."""
        verifier = HTTPMessageVerifier(
            signature_algorithm=ED25519, key_resolver=MappingKeyResolver(public_keys=self.keys, private_keys={})
        )
        try:
            result = verifier.verify(message, body=body, require_components=COVERED)[0]
        except InvalidSignature as error:
            return str(error) or "signature"
        if result.nonce is None or result.nonce in self.nonces:
            return "nonce"
        self.nonces.add(result.nonce)
        return None


_FOR_EVERYBODY: dict[str, dict[str, Any]] = {
    "/api/v1/sync/jurisdictions": {"items": []},
    "/api/v1/openapi.json": {"info": {"version": version("huning")}},
}


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    platform: Platform

    @property
    def method(self) -> str:
        return self.command

    @property
    def url(self) -> str:
        return self.platform.url + self.path

    def _serve(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        address = urlsplit(self.path)
        self.platform.requests.append((self.command, address.path))
        signed = address.path not in _FOR_EVERYBODY
        wrong = self.platform.check(self, body) if signed else None
        if wrong is not None:
            status, answer = 401, {"code": "bad_signature", "title": "签名不对", "detail": wrong}
        else:
            key = self.headers.get("Idempotency-Key")
            status, answer = self.platform.answer(self.command, address.path, parse_qs(address.query), key, body)
        if status == 0:
            self.connection.close()
            self.close_connection = True
            return
        raw = json.dumps(answer).encode()
        self.send_response_only(status)
        self.send_header("Date", format_datetime(datetime.now(UTC) + self.platform.clock_off, usegmt=True))
        self.send_header("Content-Length", str(len(raw)))
        if "retry_after" in answer:
            self.send_header("Retry-After", str(answer["retry_after"]))
        self.end_headers()
        self.wfile.write(raw)

    do_GET = do_POST = do_PUT = _serve  # noqa: N815 (the names that http.server looks for)

    def log_message(self, format: str, *args: object) -> None:
        """The test prints what it needs."""


@contextmanager
def running(platform: Platform) -> Iterator[Platform]:
    """The platform on a free port of the loopback."""
    handler = type("Handler", (_Handler,), {"platform": platform})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    platform.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield platform
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
