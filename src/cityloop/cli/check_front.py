"""What `cityloop check` sees of the door from outside: which TLS it speaks, whether browsers trust it, what it leads on from plain HTTP."""

import socket
import ssl
import warnings
from collections.abc import Iterator
from http.client import HTTPConnection, HTTPException
from urllib.parse import urlsplit

from cityloop.cli.say import Line, bad, fine

LOOK_S = 5.0
PROXY = "docs/operate/proxy.md"
# suites without forward secrecy, or with CBC: no browser of the last ten years needs one
WEAK = "kRSA:aNULL:eNULL:3DES:RC4:SHA1:SHA256:SHA384:@SECLEVEL=0"
API = "/v1/public/city"  # asked by programs: must not be led on, or nobody sees that they speak in plain


def front_looks(address: str, *, trusted: str | None = None, plain_port: int = 80) -> Iterator[Line]:
    """A line for each thing that a stranger could hold against the door. `trusted`: a file of certificates besides the system's."""
    parts = urlsplit(address)
    if parts.scheme != "https" or not parts.hostname:
        yield fine("the door was not looked at from outside: the pack's public_url is no https:// address")
        return
    host, port = parts.hostname, parts.port or 443
    yield certificate(host, port, trusted)
    yield versions(host, port)
    yield suites(host, port)
    yield plainly(host, plain_port)


def certificate(host: str, port: int, trusted: str | None) -> Line:
    """Browsers trust the certificate, for this name."""
    context = ssl.create_default_context()
    if trusted:
        context.load_verify_locations(trusted)
    try:
        with _spoken(host, port, context) as line:
            return fine(f"{host}: {line.version()}, a certificate that is trusted here")
    except ssl.SSLCertVerificationError as error:
        return bad(f"{host}: the certificate is not trusted: {error.verify_message}", f"a certificate of a known authority for this name; see {PROXY}")
    except OSError as error:
        return bad(f"{host}:{port} does not answer over TLS: {type(error).__name__}", f"is the proxy running? see {PROXY}")


def versions(host: str, port: int) -> Line:
    """Nothing older than TLS 1.2 is spoken."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # that these are old is why they are asked
        context = _stranger(ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1, "ALL:@SECLEVEL=0")
    if said := _taken(host, port, context):
        return bad(f"{host} still speaks {said}", f"allow TLS 1.2 and 1.3 alone; see {PROXY}")
    return fine(f"{host} speaks nothing older than TLS 1.2")


def suites(host: str, port: int) -> Line:
    """No suite is taken that a listener can open later, or change."""
    if said := _taken(host, port, _stranger(ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_2, WEAK)):
        return bad(f"{host} takes {said}", f"allow ECDHE with AES-GCM or ChaCha20 alone; see {PROXY}")
    return fine(f"{host} takes no weak suite")


def plainly(host: str, port: int) -> Line:
    """Over plain HTTP a page is led to TLS, and a program gets nothing: neither an answer, nor a way on that hides its mistake."""
    page, program = _asked(host, port, "/", "text/html"), _asked(host, port, API, "application/json")
    if page is None and program is None:
        return fine(f"{host} says nothing over plain HTTP")
    if page and not (page[0] in (301, 308) and page[1].startswith("https://")):
        return bad(f"{host} answers a page over plain HTTP with {page[0]}", f"lead pages to https with 308; see {PROXY}")
    if program and program[0] < 400:
        return bad(f"{host} answers a program over plain HTTP with {program[0]}", f"refuse it, so that the mistake is seen; see {PROXY}")
    return fine(f"{host} leads pages from plain HTTP to TLS, and refuses programs")


def _asked(host: str, port: int, path: str, wants: str) -> tuple[int, str] | None:
    line = HTTPConnection(host, port, timeout=LOOK_S)
    try:
        line.request("GET", path, headers={"Accept": wants})
        answer = line.getresponse()
        return answer.status, answer.getheader("location", "")
    except (OSError, HTTPException):
        return None
    finally:
        line.close()


def _taken(host: str, port: int, context: ssl.SSLContext) -> str:
    """With which version and suite the door took what was offered; empty where it refused."""
    try:
        with _spoken(host, port, context) as line:
            suite = line.cipher()
            return f"{line.version()} with {suite[0] if suite else '?'}"
    except OSError:
        return ""


def _stranger(oldest: ssl.TLSVersion, newest: ssl.TLSVersion, ciphers: str) -> ssl.SSLContext:
    """Somebody who offers only this, and trusts anybody."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    context.minimum_version, context.maximum_version = oldest, newest
    context.set_ciphers(ciphers)
    return context


def _spoken(host: str, port: int, context: ssl.SSLContext) -> ssl.SSLSocket:
    return context.wrap_socket(socket.create_connection((host, port), timeout=LOOK_S), server_hostname=host)
