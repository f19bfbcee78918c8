"""Calls that go out: no name, no redirect and no way to write an address leads inside."""

import ipaddress
import socket
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpcore
import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cityloop.http import outward
from cityloop.http.calling import Calling
from cityloop.http.outward import Backend, Forbidden, hosts, is_outside, networks
from cityloop.http.timely import over_within
from cityloop.notices import HttpParcel, Wire

INSIDE = (
    "0.0.0.0", "0.1.2.3", "10.0.0.1", "100.64.0.1", "127.0.0.1", "127.255.0.9", "169.254.169.254", "172.16.0.1", "172.31.255.255",
    "192.0.0.170", "192.0.2.1", "192.168.1.1", "198.18.0.1", "203.0.113.1", "224.0.0.1", "239.255.255.250", "240.0.0.1", "255.255.255.255",
    "100.100.100.200", "168.63.129.16", "::", "::1", "fe80::1", "fe80::1%eth0", "fc00::1", "fd00:ec2::254", "fec0::1", "ff02::1",
    "2001:db8::1", "2001::a00:1", "100::1",
)  # fmt: skip
OUTSIDE = ("93.184.216.34", "1.1.1.1", "223.5.5.5", "2606:4700:4700::1111", "2400:3200::1")
CLOTHES = ("::ffff:{}", "::{}", "::ffff:0:{}", "64:ff9b::{}")
inner = st.sampled_from([each for each in INSIDE if ":" not in each])


@pytest.mark.parametrize("address", INSIDE)
def test_what_lies_inside_is_not_called(address):
    assert not is_outside(address)


@pytest.mark.parametrize("address", OUTSIDE)
def test_the_open_internet_is(address):
    assert is_outside(address)


@given(inner, st.sampled_from(CLOTHES))
def test_an_address_inside_stays_inside_in_whatever_it_is_dressed(address, dress):
    """Mapped, compatible, translated, NAT64; and 6to4, which holds it in the middle."""
    assert not is_outside(dress.format(address))
    high = int(ipaddress.IPv4Address(address))
    assert not is_outside(str(ipaddress.IPv6Address((0x2002 << 112) | (high << 80) | 7)))


@given(st.ip_addresses())
def test_nothing_that_python_calls_private_is_outside(address):
    """An oracle of other people's: what it says is not global never is for us."""
    if not address.is_global or address.is_multicast or address.is_loopback or address.is_link_local:
        assert not is_outside(str(address))


def test_a_network_that_the_operator_allows_is_called():
    allowed = networks("10.1.0.0/16 fd00::/8")
    assert is_outside("10.1.2.3", allowed)
    assert is_outside("::ffff:10.1.2.3", allowed)
    assert is_outside("fd00::1", allowed)
    assert not is_outside("10.2.0.1", allowed)


@pytest.fixture
def server():
    """One that answers, redirects inside, and never ends."""

    class Answers(BaseHTTPRequestHandler):
        def do_GET(self):
            if self.path == "/away":
                self.send_response(302)
                self.send_header("Location", f"http://localhost:{self.server.server_port}/secret")
                self.send_header("Content-Length", "0")
                self.end_headers()
                return
            self.send_response(200)
            self.send_header("Content-Length", "2")
            self.end_headers()
            self.wfile.write(b"ok")

        do_POST = do_GET

        def log_message(self, *said):
            pass

    found = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    thread = threading.Thread(target=found.serve_forever, daemon=True)
    thread.start()
    yield found.server_port
    found.shutdown()
    found.server_close()


def parcel(url: str) -> HttpParcel:
    return HttpParcel(key="k", subject="s", seq=1, url=url, headers={}, body=b"{}")


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "localhost", "[::1]", "[::ffff:127.0.0.1]", "0.0.0.0", "127.1", "2130706433", "0x7f.1", "017700000001"]
)
def test_no_way_to_write_this_machine_reaches_it(server, host):
    """Numbers of every base, short forms, brackets: the system's own resolver reads them, and we judge what it made of them."""
    wire = Wire(())
    try:
        answer = wire.post(parcel(f"http://{host}:{server}/"))
    finally:
        wire.close()
    assert answer.status == 0
    assert answer.error in ("address_inside", "no_connection", "bad_address")


def test_the_operator_may_call_inside(server):
    wire = Wire(None)
    try:
        assert wire.post(parcel(f"http://127.0.0.1:{server}/")).status == 200
        assert wire.post(parcel(f"http://127.0.0.1:{server}/away")).status == 302, "a redirect is an answer, and is not followed"
    finally:
        wire.close()


def test_a_name_that_changes_its_mind_is_called_where_it_was_judged(server, monkeypatch):
    """DNS rebinding: outside when it is asked for, this machine a moment later. The name is asked for once."""
    asked, called = [], []

    def lookup(host, port, *given, **more):
        asked.append(host)
        address = "93.184.216.34" if len(asked) == 1 else "127.0.0.1"
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port))]

    backend = Backend(())
    monkeypatch.setattr(outward.socket, "getaddrinfo", lookup)
    monkeypatch.setattr(backend._inner, "connect_tcp", lambda host, *given: called.append(host))
    backend.connect_tcp("rebind.example", 80)
    assert asked == ["rebind.example"]
    assert called == ["93.184.216.34"]
    with pytest.raises(Forbidden):
        backend.connect_tcp("rebind.example", 80)


def test_a_call_that_must_be_over_soon_waits_no_longer_for_a_connection(monkeypatch):
    """What is left of its time, where that is less than a connection may take; and nothing once it is over."""
    waits = []
    backend = Backend(None)
    monkeypatch.setattr(backend._inner, "connect_tcp", lambda host, port, timeout, *given: waits.append(timeout))
    with over_within(0.4):
        backend.connect_tcp("127.0.0.1", 80, 5.0)
        backend.connect_tcp("127.0.0.1", 80, 0.1)
    backend.connect_tcp("127.0.0.1", 80, 5.0)
    backend.connect_tcp("127.0.0.1", 80)
    assert 0 < waits[0] <= 0.4
    assert waits[1:] == [0.1, 5.0, None]
    with over_within(0.0), pytest.raises(httpcore.ConnectTimeout):
        backend.connect_tcp("127.0.0.1", 80, 5.0)


def test_of_several_addresses_one_inside_is_left_out(monkeypatch):
    called = []
    backend = Backend(())
    found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (each, 80)) for each in ("10.0.0.1", "1.1.1.1")]
    monkeypatch.setattr(outward.socket, "getaddrinfo", lambda *given, **more: found)
    monkeypatch.setattr(backend._inner, "connect_tcp", lambda host, *given: called.append(host))
    backend.connect_tcp("mixed.example", 80)
    assert called == ["1.1.1.1"]


def test_no_file_of_this_machine_is_called():
    with pytest.raises(Forbidden):
        Backend(None).connect_unix_socket("/run/docker.sock")


def test_who_was_named_may_lie_inside_and_may_not_send_us_on(server):
    """A city that an operator reads, an adviser of the installation: at their own name, and nowhere else inside."""
    with httpx.Client(transport=Calling("127.0.0.1"), follow_redirects=True, trust_env=False) as client:
        assert client.get(f"http://127.0.0.1:{server}/").text == "ok"
        with pytest.raises(httpx.ConnectError):
            client.get(f"http://127.0.0.1:{server}/away")
    with httpx.Client(transport=Calling("other.example"), trust_env=False) as client, pytest.raises(httpx.ConnectError):
        client.get(f"http://127.0.0.1:{server}/")


def test_whom_no_list_names_is_not_called(server):
    """A list of hosts, where the installation has one: neither a name, nor an address, nor another spelling goes round it."""
    wire = Wire(None, only=hosts("localhost .office.example"))
    try:
        assert wire.post(parcel(f"http://localhost:{server}/")).status == 200
        assert wire.post(parcel(f"http://LOCALHOST:{server}/")).status == 200
        for host in ("127.0.0.1", "[::1]", "evil.example", "office.example", "xlocalhost", "localhost.evil.example", "office.example.evil.example"):
            assert wire.post(parcel(f"http://{host}:{server}/")).error == "host_not_listed", host
            assert wire.ask("GET", f"http://{host}:{server}/", {})[2] == "host_not_listed", host
    finally:
        wire.close()
