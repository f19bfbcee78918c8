"""An OpenID provider: code flow with PKCE, its addresses by discovery, its keys as they are now."""

import base64
import hashlib
import threading
import time
from datetime import datetime
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

import msgspec

from cityloop.people.elsewhere.model import Fetch, Known, Provider, ProviderDown, ProviderRefused, Reply, Started
from cityloop.people.elsewhere.tokens import UnknownKey, known_by

KEPT_S = 3_600.0  # what discovery said
AGAIN_S = 30.0  # an unknown key has the keys asked for again, at most so often
JSON = {"Accept": "application/json"}


class Oidc:
    """One provider, as this process knows it."""

    def __init__(self, provider: Provider, fetch: Fetch, *, again_s: float = AGAIN_S):
        self._provider = provider
        self._fetch = fetch
        self._again_s = again_s
        self._lock = threading.Lock()
        self._said: dict[str, Any] = {}
        self._said_at = float("-inf")
        self._keys: dict[str, Any] = {}
        self._keys_at = float("-inf")

    def begin(self, started: Started, redirect: str) -> str:
        """Where the browser goes.

        Refuses with `ProviderDown`.
        """
        challenge = base64.urlsafe_b64encode(hashlib.sha256(started.verifier.encode()).digest()).decode().rstrip("=")
        asked = {
            "response_type": "code", "client_id": self._provider.client_id, "redirect_uri": redirect,
            "scope": self._provider.scopes, "state": started.state, "nonce": started.nonce,
            "code_challenge": challenge, "code_challenge_method": "S256",
        }  # fmt: skip
        if self._provider.two_factors and self._provider.strong_acr:
            asked["acr_values"] = " ".join(self._provider.strong_acr)
        if started.purpose == "prove":
            asked |= {"prompt": "login", "max_age": "0"}
        elif started.max_age_s:
            asked["max_age"] = str(started.max_age_s)
        return _with(self._address("authorization_endpoint"), asked)

    def finish(self, code: str, started: Started, redirect: str, now: datetime, issuer: str | None) -> Known:
        """Whom the provider says it is.

        Refuses with `ProviderDown` or `ProviderRefused`.
        """
        if issuer is not None and issuer != self._provider.issuer:  # RFC 9207: another provider's answer
            raise ProviderRefused("The answer is another provider's; sign in again.")
        given = {
            "grant_type": "authorization_code", "code": code, "redirect_uri": redirect, "code_verifier": started.verifier,
        }  # fmt: skip
        answer = self._fetch("POST", self._address("token_endpoint"), self._as_client(given), urlencode(given).encode())
        if answer.status in (400, 401, 403):
            raise ProviderRefused("The provider did not take its own code; sign in again.", log=_error_in(answer))
        said = _object(answer)
        token, access = said.get("id_token"), said.get("access_token")
        if not isinstance(token, str):
            raise ProviderRefused("The provider gave no token; sign in again, or with your password.")
        check = lambda keys: known_by(
            token, keys, issuer=self._provider.issuer, client=self._provider.client_id, nonce=started.nonce, now=now,
            access_token=access if isinstance(access, str) else None,
        )  # fmt: skip
        try:
            return check(self._keys_now())
        except UnknownKey:
            pass
        try:
            return check(self._keys_now(again=True))
        except UnknownKey as error:
            raise ProviderRefused("The provider's token is signed by a key that it does not name; sign in again.", log=str(error)[:80]) from error

    def leave(self, back: str) -> str | None:
        """Where one signs out at the provider too, if it has such a place."""
        address = self._discovered().get("end_session_endpoint")
        asked = {"client_id": self._provider.client_id, "post_logout_redirect_uri": back}
        return _with(str(address), asked) if address else None

    def _as_client(self, given: dict[str, str]) -> dict[str, str]:
        """Who asks: by Basic, or in the form where the provider takes only that."""
        methods = self._discovered().get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
        headers = JSON | {"Content-Type": "application/x-www-form-urlencoded"}
        if "client_secret_basic" not in methods:
            given |= {"client_id": self._provider.client_id, "client_secret": self._provider.client_secret}
            return headers
        both = f"{quote(self._provider.client_id, safe='')}:{quote(self._provider.client_secret, safe='')}"
        return headers | {"Authorization": "Basic " + base64.b64encode(both.encode()).decode()}

    def _address(self, name: str) -> str:
        address = self._discovered().get(name)
        if not isinstance(address, str) or urlsplit(address).scheme not in ("https", "http"):
            raise ProviderDown(f"The provider names no {name}; sign in with your password, and tell the system administrator.")
        if urlsplit(self._provider.issuer).scheme == "https" and urlsplit(address).scheme != "https":
            raise ProviderDown(f"The provider's {name} is not https; sign in with your password.")
        return address

    def _discovered(self) -> dict[str, Any]:
        with self._lock:
            if time.monotonic() - self._said_at < KEPT_S:
                return self._said
        said = _object(self._fetch("GET", self._provider.issuer.rstrip("/") + "/.well-known/openid-configuration", JSON))
        if said.get("issuer") != self._provider.issuer:
            raise ProviderDown("The provider calls itself otherwise than the installation does; sign in with your password.")
        with self._lock:
            self._said, self._said_at = said, time.monotonic()
        return said

    def _keys_now(self, *, again: bool = False) -> dict[str, Any]:
        with self._lock:
            age_s = time.monotonic() - self._keys_at
            if age_s < (self._again_s if again else KEPT_S):
                return self._keys
        keys = _object(self._fetch("GET", self._address("jwks_uri"), JSON))
        with self._lock:
            self._keys, self._keys_at = keys, time.monotonic()
        return keys


def _object(answer: Reply) -> dict[str, Any]:
    if answer.status != 200:
        raise ProviderDown("The provider does not answer; sign in with your password.", log=answer.error or str(answer.status))
    try:
        said = msgspec.json.decode(answer.body)
    except msgspec.MsgspecError as error:
        raise ProviderDown("The provider's answer cannot be read; sign in with your password.") from error
    if not isinstance(said, dict):
        raise ProviderDown("The provider's answer cannot be read; sign in with your password.")
    return said


def _error_in(answer: Reply) -> str:
    try:
        return str(msgspec.json.decode(answer.body).get("error"))[:60]
    except (msgspec.MsgspecError, AttributeError):
        return str(answer.status)


def _with(address: str, asked: dict[str, str]) -> str:
    return f"{address}{'&' if '?' in address else '?'}{urlencode(asked)}"
