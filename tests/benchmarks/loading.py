"""A load generator of sockets and nothing else: one request on the way per connection, the next one once it is answered.

An HTTP library would cost more than what is measured. `Load.cpu_seconds` says what the generator itself used.
"""

import re
import selectors
import socket
import time
from dataclasses import dataclass

_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)


@dataclass(frozen=True)
class Load:
    """What one run did: answers, wall-clock seconds, and the processor time of the generator."""

    requests: int
    seconds: float
    cpu_seconds: float

    @property
    def rate(self) -> float:
        """Answers a second."""
        return self.requests / self.seconds

    @property
    def generator_us(self) -> float:
        """Processor time of the generator for each request, in microseconds."""
        return self.cpu_seconds / self.requests * 1e6


def load(port: int, path: str, *, connections: int, seconds: float) -> Load:
    """Asks for the path over and over on this many connections. RuntimeError for an answer that is not 200."""
    request = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nAccept: */*\r\n\r\n".encode()
    answered = 0
    with selectors.DefaultSelector() as selector:
        lines = [socket.create_connection(("127.0.0.1", port)) for _ in range(connections)]
        for line in lines:
            line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            selector.register(line, selectors.EVENT_READ)
        began, began_cpu = time.perf_counter(), time.process_time()
        end = began + seconds
        for line in lines:
            line.sendall(request)
        while time.perf_counter() < end:
            for key, _ in selector.select():
                line = key.fileobj  # type: ignore[assignment]
                read_answer(line)
                answered += 1
                line.sendall(request)
        taken, used = time.perf_counter() - began, time.process_time() - began_cpu
        for line in lines:
            line.close()
    return Load(answered, taken, used)


def read_answer(line: socket.socket) -> None:
    """Reads one answer to its end."""
    received = line.recv(262_144)
    head_end = received.find(b"\r\n\r\n")
    while head_end < 0 and received:
        received += line.recv(262_144)
        head_end = received.find(b"\r\n\r\n")
    length = _LENGTH.search(received, 0, head_end + 2)
    if not received.startswith(b"HTTP/1.1 200") or length is None:
        raise RuntimeError(f"the answer is not 200 with a length: {received[:200]!r}")
    missing = head_end + 4 + int(length[1]) - len(received)
    while missing > 0:
        missing -= len(line.recv(min(missing, 262_144)))
