"""The certificate is the name's, whatever address it was met at; and nothing leads away from encryption."""

from __future__ import annotations

import datetime
import socket
import ssl
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from dubline.egress import Egress, Failed, Policy, Refused
from tests.egress.attackers import Answer, Attacker, leads_to, says
from tests.egress.test_ways import near


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Of good.example, signed by itself, with its key in the same file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name, now = (
        x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "good.example")]),
        datetime.datetime.now(datetime.UTC),
    )
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("good.example")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("certificate") / "good.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    return path


class Encrypted(Attacker):
    def __init__(self, answer: Answer, certificate: Path) -> None:
        super().__init__(answer)
        self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._context.load_cert_chain(certificate)

    def _serve(self, connection: socket.socket) -> None:
        try:
            super()._serve(self._context.wrap_socket(connection, server_side=True))
        except OSError:
            connection.close()


@pytest.fixture(autouse=True)
def trust(certificate: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    yield


def egress_to(*ports: int, policy: Policy | None = None) -> Egress:
    return Egress(policy or near(*ports), lambda _: ["127.0.0.1"])


def test_a_good_certificate_is_taken(certificate: Path) -> None:
    with (
        Encrypted(says("200 OK", b"fine"), certificate) as outside,
        egress_to(outside.port).request(outside.url(host="good.example", scheme="https")) as reply,
    ):
        assert reply.body() == b"fine"


@pytest.mark.parametrize("host", ["other.example", "127.0.0.1", "sub.good.example"])
def test_a_certificate_of_another_is_not(certificate: Path, host: str) -> None:
    with Encrypted(says("200 OK"), certificate) as outside:
        url = outside.url(host=host, scheme="https")
        with pytest.raises(Failed), egress_to(outside.port).request(url):
            pytest.fail("met")
    assert outside.requests in ([], [b""])


def test_nothing_leads_away_from_encryption_unless_allowed(certificate: Path) -> None:
    with (
        Attacker(says("200 OK", b"plain")) as plain,
        Encrypted(leads_to(plain.url(host="good.example")), certificate) as outside,
    ):
        url, ports = outside.url(host="good.example", scheme="https"), (plain.port, outside.port)
        with pytest.raises(Refused), egress_to(*ports).request(url):
            pytest.fail("followed")
        assert plain.visits == 0
        with egress_to(policy=near(*ports, downgrade=True)).request(url) as reply:
            assert reply.body() == b"plain"
