"""The door from outside: what `cityloop check` says of a proxy that is set up well, and of each way to set it up badly."""

import ssl
import threading
import warnings
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from cityloop.cli.check_front import API, front_looks

GOOD = "ECDHE+AESGCM:ECDHE+CHACHA20"


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    """For localhost, by nobody that the system knows."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name, now = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")]), datetime.now(UTC)
    made = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key()).serial_number(7)
        .not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), True)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    path = tmp_path_factory.mktemp("tls") / "city.pem"
    private = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    path.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    return str(path)


def served(certificate, over_tls, plain):
    """A proxy: its TLS as `over_tls` sets the context, its plain HTTP as `plain` answers; gives the ports."""

    class Plain(BaseHTTPRequestHandler):
        def do_GET(self):
            status, to = plain(self.path, self.headers.get("accept", ""))
            self.send_response(status)
            if to:
                self.send_header("Location", to)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *said):
            pass

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    context.set_ciphers(GOOD)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    over_tls(context)
    tls, clear = ThreadingHTTPServer(("localhost", 0), Plain), ThreadingHTTPServer(("localhost", 0), Plain)
    tls.socket = context.wrap_socket(tls.socket, server_side=True)
    tls.handle_error = lambda *_: None
    for each in (tls, clear):
        threading.Thread(target=each.serve_forever, daemon=True).start()
    return tls, clear


def led(path, wants):
    """As deploy/proxy does it."""
    return (308, f"https://localhost{path}") if "text/html" in wants else (403, "")


@pytest.fixture
def looked(certificate):
    """The lines about such a proxy, by whether they are good."""
    running = []

    def look(over_tls=lambda context: None, plain=led, trusted=certificate):
        tls, clear = served(certificate, over_tls, plain)
        running.extend((tls, clear))
        return list(front_looks(f"https://localhost:{tls.server_port}", trusted=trusted, plain_port=clear.server_port))

    yield look
    for each in running:
        each.shutdown()
        each.server_close()


def wrong(lines):
    return [each.what for each in lines if not each.good]


def test_a_door_that_is_set_up_well_is_found_so(looked):
    lines = looked()
    assert wrong(lines) == []
    assert len(lines) == 4


def test_a_certificate_that_nobody_trusts_is_seen(looked):
    (said,) = wrong(looked(trusted=None))
    assert "not trusted" in said


def test_an_old_version_of_tls_is_seen(looked):
    def old(context):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)
            context.minimum_version = ssl.TLSVersion.TLSv1
        context.set_ciphers("ALL:@SECLEVEL=0")

    said = wrong(looked(old))
    assert any("TLSv1" in each for each in said), said


@pytest.mark.parametrize("suite", ["AES128-GCM-SHA256", "ECDHE-RSA-AES128-SHA", "AES256-SHA", "ECDHE-RSA-AES256-SHA384"])
def test_a_weak_suite_is_seen(looked, suite):
    """Without forward secrecy, or with CBC."""
    (said,) = wrong(looked(lambda context: context.set_ciphers(f"{GOOD}:{suite}:@SECLEVEL=0")))
    assert suite in said


@pytest.mark.parametrize(
    ("plain", "word"),
    [
        (lambda path, wants: (200, ""), "answers a page"),
        (lambda path, wants: (302, f"http://localhost{path}"), "answers a page"),
        (lambda path, wants: (308, f"https://localhost{path}"), "answers a program"),
        (lambda path, wants: led(path, wants) if path != API else (200, ""), "answers a program"),
    ],
    ids=["a page in plain", "led to plain", "everything is led on", "a program is served"],
)
def test_what_is_served_or_led_on_in_plain_is_seen(looked, plain, word):
    (said,) = wrong(looked(plain=plain))
    assert word in said


def test_a_city_without_an_address_is_not_looked_at():
    for address in ("", "http://city.example", "https://"):
        (line,) = front_looks(address)
        assert line.good
        assert "not looked at" in line.what
