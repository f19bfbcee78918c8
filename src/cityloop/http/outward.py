"""What we call outside: which addresses may be called, and a connection to the very one that was looked at."""

import ipaddress
import socket
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any

import httpcore

from cityloop.http.timely import Timely, left_of

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
Address = ipaddress.IPv4Address | ipaddress.IPv6Address
# ways to write an IPv4 address as one of IPv6, and where in it the four bytes stand
HIDES = tuple(
    (ipaddress.IPv6Network(network), place)
    for network, place in (
        ("::ffff:0:0/96", 12),  # mapped, RFC 4291
        ("::/96", 12),  # compatible, RFC 4291, out of use
        ("::ffff:0:0:0/96", 12),  # translated, RFC 2765
        ("64:ff9b::/96", 12),  # NAT64, RFC 6052
        ("2002::/16", 2),  # 6to4, RFC 3056
    )
)
NEVER = tuple(
    ipaddress.ip_network(each)
    for each in (
        "64:ff9b:1::/48",  # NAT64 of a network of its own, RFC 8215
        "fec0::/10",  # site-local, RFC 3879
        "2001::/23",  # Teredo and other protocols of the registry, RFC 2928
        "168.63.129.16/32",  # a cloud's own address of its hosts, in the middle of the open internet
    )
)


class Forbidden(httpcore.ConnectError):
    """The name leads to an address inside; whoever chose it may not make us call there."""


class NotListed(Forbidden):
    """The installation says which hosts may be called, and this is none of them."""


def hosts(said: str) -> frozenset[str]:
    """The names in a list like `hooks.example, .office.example`.

    >>> sorted(hosts("hooks.example, .Office.example"))
    ['.office.example', 'hooks.example']
    """
    return frozenset(each.lower().rstrip(".") for each in said.replace(",", " ").split())


def is_listed(host: str, listed: frozenset[str]) -> bool:
    """Whether a list names a host; a dot before a name stands for all below it. An empty list names all.

    >>> [is_listed(each, hosts("hooks.example .office.example")) for each in ("HOOKS.example.", "a.office.example", "office.example", "evilhooks.example")]
    [True, True, False, False]
    """
    name = host.lower().rstrip(".")
    return not listed or name in listed or any(each.startswith(".") and name.endswith(each) for each in listed)


def networks(said: str) -> tuple[Network, ...]:
    """The networks in a list like `10.0.0.0/8 127.0.0.1`.

    >>> [str(each) for each in networks("10.0.0.0/8, 127.0.0.1")]
    ['10.0.0.0/8', '127.0.0.1/32']
    """
    return tuple(ipaddress.ip_network(each) for each in said.replace(",", " ").split())


def within(address: Address, among: Iterable[Network]) -> bool:
    """Whether an address is of one of these networks."""
    return any(address.version == each.version and address in each for each in among)


def plain(address: str) -> Address:
    """An address without its zone, and without the clothes of IPv6 where it is one of IPv4.

    >>> [str(plain(each)) for each in ("fe80::1%eth0", "::ffff:10.0.0.1", "64:ff9b::a00:1", "2002:a00:1::7", "::1")]
    ['fe80::1', '10.0.0.1', '10.0.0.1', '10.0.0.1', '::1']
    """
    found = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(found, ipaddress.IPv6Address) and int(found) > 1:  # `::` and `::1` are what they are
        for network, place in HIDES:
            if found in network:
                return ipaddress.IPv4Address(found.packed[place : place + 4])
    return found


def is_outside(address: str, allowed: Iterable[Network] = ()) -> bool:
    """Whether an address is one of the open internet, or of a network that the operator allows.

    >>> [is_outside(each) for each in ("93.184.216.34", "127.0.0.1", "169.254.169.254", "64:ff9b::7f00:1", "::ffff:10.0.0.1")]
    [True, False, False, False, False]
    """
    found = plain(address)
    if within(found, allowed):
        return True
    return found.is_global and not found.is_multicast and not within(found, NEVER)


class Backend(httpcore.NetworkBackend):
    """Connects to the very address that was looked at: a name cannot change its mind in between.

    `allowed` None trusts every address, `named` the hosts of these names: only for what the installation itself named.
    `only` are the hosts that may be called at all; none: every one.
    """

    def __init__(
        self, allowed: Sequence[Network] | None = (), *, named: frozenset[str] = frozenset(), only: frozenset[str] = frozenset()
    ):
        self._allowed = allowed
        self._only = only
        self._named = named
        self._inner = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        """A connection to the first address of the name that may be called."""
        if not is_listed(host, self._only):
            raise NotListed(f"{host} is on no list")
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError) as error:
            raise httpcore.ConnectError(str(error)) from error
        addresses = [str(each[4][0]) for each in found]
        if self._allowed is not None and host.lower() not in self._named:
            addresses = [each for each in addresses if is_outside(each, self._allowed)]
        if not addresses:
            raise Forbidden(f"{host} lies inside")
        left = left_of(timeout, httpcore.ConnectTimeout)
        return Timely(self._inner.connect_tcp(addresses[0], port, left, local_address, socket_options))

    def connect_unix_socket(self, *given: Any, **more: Any) -> httpcore.NetworkStream:
        """Never: an address that somebody chose is no file of ours."""
        raise Forbidden("a socket of this machine lies inside")


@lru_cache(maxsize=4096)
def crowd_of(host: str) -> str:
    """Under which name an address is counted: itself; in IPv6 the network that one subscriber has.

    >>> crowd_of("203.0.113.9"), crowd_of("2001:db8:1:2:aaaa::1"), crowd_of("testclient")
    ('203.0.113.9', '2001:db8:1:2::/64', 'testclient')
    """
    try:
        found = plain(host)
    except ValueError:
        return host[:60]
    return str(found) if found.version == 4 else str(ipaddress.ip_network((int(found) >> 64 << 64, 64)))


def network_of(address: str) -> str:
    """An address without its end: enough to tell one's office from elsewhere, too little to tell a household.

    >>> network_of("203.0.113.77"), network_of("2001:db8:1:2:3::4"), network_of("::ffff:203.0.113.77"), network_of("testclient")
    ('203.0.113.*', '2001:db8:1:*', '203.0.113.*', '')
    """
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return ""
    found = getattr(found, "ipv4_mapped", None) or found
    if found.version == 4:
        return str(found).rpartition(".")[0] + ".*"
    groups = found.exploded.split(":")[:3]
    return ":".join(group.lstrip("0") or "0" for group in groups) + ":*"
