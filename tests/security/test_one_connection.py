"""What is left of a refused body is never taken for the next request on its connection."""

import re
import socket

import pytest

from tests.stack import Stack

SMUGGLED = b"GET /healthz HTTP/1.1\r\nHost: gateway\r\n\r\n"
BODY = SMUGGLED * (2_500_000 // len(SMUGGLED))


def statuses(stack: Stack, path: str, framing: bytes, body: bytes) -> list[bytes]:
    """The status of every answer that comes on one connection after one request."""
    head = b"POST %s HTTP/1.1\r\nHost: gateway\r\nContent-Type: application/json\r\n%s\r\n\r\n" % (
        path.encode(),
        framing,
    )
    received = b""
    with socket.create_connection(("127.0.0.1", stack.place.port), timeout=10) as line:
        try:
            line.sendall(head + body)
            while chunk := line.recv(65_536):
                received += chunk
        except OSError:
            pass  # the gateway closed while there was more to send, which is what it should do
    return re.findall(rb"HTTP/1\.1 (\d{3})", received)


@pytest.mark.parametrize(
    "path", ["/api/v1/accounts/wechat-login", "/api/v1/challenges", "/api/v1/search/subscriptions"]
)
def test_a_body_that_is_too_large_gets_one_answer(stack: Stack, path: str) -> None:
    for _ in range(20):
        found = statuses(stack, path, b"Content-Length: %d" % len(BODY), BODY)
        assert found in ([b"413"], [b"401"], [])


def test_a_chunked_body_that_is_too_large_gets_one_answer(stack: Stack) -> None:
    chunks = b"".join(b"%x\r\n%s\r\n" % (len(SMUGGLED), SMUGGLED) for _ in range(60_000)) + b"0\r\n\r\n"
    for _ in range(20):
        found = statuses(stack, "/api/v1/accounts/wechat-login", b"Transfer-Encoding: chunked", chunks)
        assert found in ([b"413"], [])


@pytest.mark.parametrize(
    "framing",
    [
        b"Content-Length: 5\r\nTransfer-Encoding: chunked",
        b"Content-Length: 5\r\nContent-Length: 6",
        b"Transfer-Encoding: chunked, chunked",
        b"Transfer-Encoding: identity",
        b"Content-Length: +5",
        b"Content-Length: 0x5",
        b" Content-Length: 5",
    ],
)
def test_a_request_whose_end_is_a_matter_of_taste_is_no_two_requests(stack: Stack, framing: bytes) -> None:
    assert (
        len(
            statuses(
                stack, "/api/v1/accounts/wechat-login", framing + b"\r\nConnection: close", b"0\r\n\r\n" + SMUGGLED
            )
        )
        <= 1
    )
