"""The providers of an installation, from a file beside its keys."""

import tomllib
from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Protocol

import msgspec
import structlog
from msgspec import Struct

from cityloop.domain.errors import Invalid
from cityloop.people.elsewhere.model import (
    Fetch,
    Known,
    Provider,
    ProviderDown,
    ProviderKind,
    ProviderRefused,
    ProviderUnknown,
    Started,
)
from cityloop.people.elsewhere.offices import DingTalk, WeCom
from cityloop.people.elsewhere.oidc import Oidc

FILE = "providers.toml"
log = structlog.get_logger("cityloop.people")


class Way(Protocol):
    """Port: how one comes in by a provider."""

    def begin(self, started: Started, redirect: str) -> str: ...
    def finish(self, code: str, started: Started, redirect: str, now: datetime, issuer: str | None) -> Known: ...
    def leave(self, back: str) -> str | None: ...


class BadProviders(Invalid):
    """The file of providers cannot be used."""

    code = "people.bad_providers"


class _File(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`address`: where browsers find this city, e.g. https://city.example; a provider sends them back there and nowhere else."""

    address: str
    provider: dict[str, Provider] = {}


class Providers:
    """The providers that this installation trusts. Without a file there are none."""

    def __init__(self, address: str = "", named: Mapping[str, Provider] | None = None, fetch: Fetch | None = None):
        self.address = address.rstrip("/")
        self.named = dict(named or {})
        self._ways: dict[str, Way] = {id: _way(each, fetch) for id, each in self.named.items() if fetch}

    def way(self, id: str) -> Way:
        """How one comes in by a provider.

        Refuses with `ProviderUnknown`.
        """
        if id not in self._ways:
            raise ProviderUnknown(f"There is no provider {id[:40]}; look at /v1/sign-in/providers.")
        return self._ways[id]

    def tell(self, links: Iterable[tuple[str, str]], text: str) -> int:
        """Send a message to whom these links name, where the provider takes messages; gives how many left.

        Blocks as long as the providers do: for a thread. What a provider does not take is lost, and logged.
        """
        sent = 0
        for provider, subject in links:
            way = self._ways.get(provider)
            if not isinstance(way, WeCom | DingTalk):
                continue
            try:
                way.tell(subject, text)
                sent += 1
            except (ProviderDown, ProviderRefused) as error:
                log.warning("message_not_taken", provider=provider, code=error.code, why=error.log)
        return sent

    def redirect(self, id: str) -> str:
        """Where a provider sends browsers back to."""
        return f"{self.address}/v1/sign-in/{id}/callback"


def providers_in(folder: Path, fetch: Fetch) -> Providers:
    """The providers of an installation's folder of keys.

    Refuses with `BadProviders`.
    """
    path = folder / FILE
    if not path.exists():
        return Providers()
    try:
        said = msgspec.convert(tomllib.loads(path.read_text(encoding="utf-8")), _File)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, msgspec.ValidationError) as error:
        raise BadProviders(f"{FILE} cannot be used: {error}; correct it, see docs/howto/sign_in.md.") from error
    for id, each in said.provider.items():
        if not id.replace("_", "").replace("-", "").isalnum() or not id.isascii() or id == "providers":
            raise BadProviders(f"{FILE}: {id!r} is no name of a provider; take letters, digits, - and _.")
        if each.kind is ProviderKind.oidc and not each.issuer.startswith(("https://", "http://")):
            raise BadProviders(f"{FILE}: provider {id} has no issuer; write the address that it calls itself.")
    return Providers(said.address, said.provider, fetch)


def _way(provider: Provider, fetch: Fetch) -> Way:
    kinds = {ProviderKind.oidc: Oidc, ProviderKind.wecom: WeCom, ProviderKind.dingtalk: DingTalk}
    return kinds[provider.kind](provider, fetch)
