"""A certificate that is not believed: no second attempt, and the reason by its name."""

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from services.sync.agent.certificates import explained
from services.sync.agent.tests.desk import Clerk, rows


def self_signed(folder: Path) -> Path:
    """A certificate for localhost and its key in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    begin = datetime.now(UTC) - timedelta(days=1)
    certificate = (
        x509.CertificateBuilder()
        .issuer_name(name)
        .subject_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(begin)
        .not_valid_after(begin + timedelta(days=2))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    path = folder / "self-signed.pem"
    plain = serialization.NoEncryption()
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
    path.write_bytes(pem + certificate.public_bytes(serialization.Encoding.PEM))
    return path


class _Counting(ThreadingHTTPServer):
    connections = 0

    def get_request(self) -> tuple[object, object]:  # type: ignore[override]
        accepted = super().get_request()
        type(self).connections += 1
        return accepted

    def handle_error(self, request: object, client_address: object) -> None:
        """The handshake that the agent breaks off."""


@contextmanager
def serving(certificate: Path) -> Iterator[_Counting]:
    server = _Counting(("127.0.0.1", 0), BaseHTTPRequestHandler)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def test_a_self_signed_certificate_stops_the_push_at_once_and_is_named(clerk: Clerk, tmp_path: Path) -> None:
    with serving(self_signed(tmp_path)) as server:
        address = f"https://localhost:{server.server_address[1]}"
        done = clerk.runs("push", clerk.writes("a.json", rows(1)), HUNING_AGENT_SERVER=address)
        assert done.returncode == 1
        assert "localhost 的证书是自签名的" in done.stderr
        assert "SSL_CERT_FILE" in done.stderr
        assert "次尝试" not in done.stderr
        assert server.connections == 1


@pytest.mark.parametrize(
    ("code", "said"), [(18, "自签名"), (19, "自签名"), (10, "有效期"), (62, "不是发给"), (20, "不受本机信任")]
)
def test_each_fault_of_a_certificate_has_its_own_sentence(code: int, said: str) -> None:
    failed = ssl.SSLCertVerificationError()
    failed.verify_code = code
    assert said in explained("platform.example", failed)
