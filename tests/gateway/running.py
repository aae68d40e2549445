"""Caddy with the Caddyfile that production has, and upstreams that do what a test tells them to."""

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Event, Thread
from typing import Any

import httpx2

from deploy.local.topology import CADDYFILE, SERVICES

NAMES = [service.name for service in SERVICES if service.behind_gateway]

PASSED_ON = {"request_id": "x-request-id", "from": "x-forwarded-for", "trace": "traceparent"}
"""What the upstream tells of the headers that it got."""

_LOOK = "/readyz/requests"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@dataclass
class Upstream:
    """Answers 200 and remembers what it was asked, on connections that it keeps; drops that of a path that says `dropped`,
    or every one. Looks of the gateway are answered all the same: with `says`."""

    port: int = field(default_factory=free_port)
    asked: list[tuple[str, str, int]] = field(default_factory=list)
    says: str = "ok"
    drops: bool = False
    answering: Event = field(default_factory=Event)
    """While it is not set, nothing is answered, as by a process that was paused."""
    server: ThreadingHTTPServer | None = None
    _connections: set[socket.socket] = field(default_factory=set)

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.port}"

    def times(self, path: str) -> int:
        """How often it was asked for this; what an earlier test broke off may arrive late."""
        return sum(each[1] == path for each in self.asked)

    def start(self) -> None:
        """Listens, unless it does already, and is well."""
        self.says, self.drops = "ok", False
        self.answering.set()
        if self.server is None:
            self.server = ThreadingHTTPServer(("127.0.0.1", self.port), self._handler())
            self.server.handle_error = lambda *_: None  # type: ignore[method-assign]  # a broken connection is meant
            Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()

    def stop(self) -> None:
        """Refuses connections and ends those that it has."""
        self.answering.set()
        if self.server:
            self.server.shutdown()
            self.server.server_close()
            self.server = None
        for connection in list(self._connections):
            _end(connection)

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        upstream = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def setup(self) -> None:
                super().setup()
                upstream._connections.add(self.connection)

            def finish(self) -> None:
                upstream._connections.discard(self.connection)
                super().finish()

            def _answer(self) -> None:
                body = self._body()
                if body is None:
                    _end(self.connection)
                    return
                if self.path != _LOOK:
                    upstream.asked.append((self.command, self.path, len(body)))
                upstream.answering.wait()
                if self.path == _LOOK:
                    self._send(200 if upstream.says == "ok" else 503, {"requests": upstream.says})
                elif upstream.drops or "dropped" in self.path:
                    _end(self.connection)
                else:
                    known = {name: self.headers[header] for name, header in PASSED_ON.items()}
                    more = {"text": "x" * 5_000} if "large" in self.path else {}
                    self._send(503 if "unwell" in self.path else 401 if "unread" in self.path else 200, known | more)

            def _body(self) -> bytes | None:
                """All of it, as services read it before they answer; None where it broke off. A path may say `unread`."""
                if self.headers.get("transfer-encoding") != "chunked" or "unread" in self.path:
                    return self.rfile.read(int(self.headers.get("content-length") or 0))
                body = b""
                while line := self.rfile.readline():
                    size = int(line, 16)
                    body += self.rfile.read(size)
                    self.rfile.readline()
                    if not size:
                        return body
                return None

            do_GET = do_HEAD = do_POST = do_PUT = _answer  # noqa: N815 the names that http.server wants

            def _send(self, status: int, body: dict[str, Any]) -> None:
                answer = json.dumps(body).encode()
                self.send_response(status)
                self.send_header("content-type", "application/json")
                if "versioned" in self.path:
                    self.send_header("etag", '"7"')
                if "unread" in self.path:
                    self.send_header("x-body-unread", "true")
                self.send_header("content-length", str(len(answer)))
                self.end_headers()
                if self.command != "HEAD":
                    self.wfile.write(answer)

            def log_message(self, *_: object) -> None:
                """Silent."""

        return Handler


@dataclass
class Gateway:
    """The running gateway, all services at the same upstreams."""

    http: httpx2.Client
    upstreams: Sequence[Upstream]
    log: Path

    @property
    def upstream(self) -> Upstream:
        """The only one."""
        (only,) = self.upstreams
        return only

    def asked(self) -> list[tuple[str, str, int]]:
        """What all upstreams together were asked."""
        return [each for upstream in self.upstreams for each in upstream.asked]

    def logged(self, word: str, count: int) -> list[str]:
        """What the access log calls the requests whose path has this word, once there are so many."""
        return [line["request"]["uri"] for line in self.lines(word, count)]

    def lines(self, word: str, count: int) -> list[dict[str, Any]]:
        """The lines about requests whose path, as logged, has this word, once there are so many."""
        while True:
            lines = [json.loads(line) for line in self.log.read_text().splitlines() if line.endswith("}")]
            found = [line for line in lines if word in line.get("request", {}).get("uri", "")]
            if len(found) >= count:
                return found
            time.sleep(0.02)

    def not_answered(self, upstream: Upstream) -> int:
        """How many looks at it were in vain so far."""
        lines = [line for line in self.log.read_text().splitlines() if upstream.address in line]
        return sum("health_checker" in line and "HTTP request failed" in line for line in lines)

    def fresh(self) -> "Gateway":
        """With upstreams that are well, as the gateway has seen, and were asked nothing yet."""
        for upstream in self.upstreams:
            upstream.start()
            upstream.asked.clear()
        reached = set[int]()
        while len(reached) < len(self.upstreams):
            for method in ("GET", "POST"):
                assert self.http.request(method, "/api/v1/search/is-it-well").status_code == 200
            reached = {each.port for each in self.upstreams if {"GET", "POST"} <= {asked[0] for asked in each.asked}}
        for upstream in self.upstreams:
            upstream.asked.clear()
        return self


@contextmanager
def started(folder: Path, replicas: int, pages: Path | None = None) -> Iterator[Gateway]:
    """A gateway in front of so many upstreams; its log is in the folder. `pages`: built web pages, if there are to be any."""
    upstreams, port, log = [Upstream() for _ in range(replicas)], free_port(), folder / "log"
    addresses = " ".join(each.address for each in upstreams)
    told = {
        **{f"HUNING_UPSTREAM_{name.upper()}": addresses for name in NAMES},
        "HUNING_SITE": f"http://:{port}",
        "HUNING_BIND": "127.0.0.1",
        "HUNING_DOCUMENTS": str(CADDYFILE.parents[2] / "docs"),
        "HUNING_PAGES": str(pages or folder / "no-pages"),
        "XDG_DATA_HOME": str(folder),
        "XDG_CONFIG_HOME": str(folder),
    }
    caddy = Path(sys.executable).parent / "caddy"
    for upstream in upstreams:
        upstream.start()
    with (
        log.open("wb") as output,
        httpx2.Client(base_url=f"http://127.0.0.1:{port}", trust_env=False, timeout=60) as http,
        subprocess.Popen(
            [caddy, "run", "--config", CADDYFILE, "--adapter", "caddyfile"],
            env={**os.environ, **told},
            stdout=output,
            stderr=output,
        ) as process,
    ):
        try:
            _wait_alive(http)
            yield Gateway(http, upstreams, log)
        finally:
            process.terminate()
            for upstream in upstreams:
                upstream.stop()


def _end(connection: socket.socket) -> None:
    try:
        connection.shutdown(socket.SHUT_RDWR)
    except OSError:
        return  # it has ended already


def _wait_alive(http: httpx2.Client) -> None:
    end = time.monotonic() + 30
    while True:
        try:
            if http.get("/healthz").status_code == 200:
                return
        except httpx2.ConnectError:
            assert time.monotonic() < end, "caddy did not start"
            time.sleep(0.05)
