"""Tokens of OpenID providers: whether one is good, for us, for this very visit. Anything odd is refused."""

import base64
import hashlib
import hmac
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec

from cityloop.people.elsewhere.model import Known, ProviderRefused

ALGORITHMS = ("RS256", "PS256", "ES256", "RS384", "RS512", "ES384", "EdDSA")  # never none, never one with a shared secret
LEEWAY = timedelta(seconds=60)
ISSUED_AGO_MAX = timedelta(minutes=10)
SUBJECT_CHARS_MAX = 255  # OpenID Connect Core 1.0, 2
HASHES = {"256": "sha256", "384": "sha384", "512": "sha512", "EdDSA": "sha512"}


class UnknownKey(Exception):
    """The key that signed it is none of those known: they may have been changed."""


def kid_of(token: str) -> tuple[str | None, str]:
    """The key's name and the algorithm in a token's head.

    Refuses with `ProviderRefused`.
    """
    try:
        head = msgspec.json.decode(base64.urlsafe_b64decode(token.split(".")[0] + "=="))
        kid, algorithm = head.get("kid"), head["alg"]
    except (ValueError, KeyError, AttributeError, msgspec.MsgspecError) as error:
        raise _no("it is no token", error) from error
    if algorithm not in ALGORITHMS:
        raise _no(f"it is signed by {str(algorithm)[:20]}")
    return kid if isinstance(kid, str) else None, algorithm


def key_for(keys: dict[str, Any], kid: str | None, algorithm: str) -> dict[str, Any]:
    """The public key of a token, from the provider's set.

    Raises `UnknownKey`.
    """
    kinds = {"R": "RSA", "P": "RSA", "E": "EC"}
    kind = "OKP" if algorithm == "EdDSA" else kinds[algorithm[0]]
    able = [
        each for each in keys.get("keys", ())
        if each.get("kty") == kind and each.get("use", "sig") == "sig" and each.get("alg", algorithm) == algorithm
    ]  # fmt: skip
    found = [each for each in able if each.get("kid") == kid] if kid is not None else able
    if len(found) != 1:
        raise UnknownKey(kid or "no name")
    return found[0]


def known_by(
    token: str, keys: dict[str, Any], *, issuer: str, client: str, nonce: str, now: datetime, access_token: str | None
) -> Known:
    """Whom an ID token names, if it is good.

    Refuses with `ProviderRefused`. Raises `UnknownKey`. Source: OpenID Connect Core 1.0, 3.1.3.7 and 3.1.3.8.
    """
    from joserfc import jwt
    from joserfc.errors import JoseError
    from joserfc.jwk import import_key

    kid, algorithm = kid_of(token)
    key = key_for(keys, kid, algorithm)
    public = {name: value for name, value in key.items() if name in ("kty", "n", "e", "crv", "x", "y", "kid", "alg", "use")}
    try:
        claims = jwt.decode(token, import_key(public), algorithms=[algorithm]).claims
    except (JoseError, ValueError, TypeError) as error:
        raise _no("its signature is not good", error) from error
    return _checked(claims, issuer=issuer, client=client, nonce=nonce, now=now, access_token=access_token, algorithm=algorithm)


def _checked(
    claims: dict[str, Any], *, issuer: str, client: str, nonce: str, now: datetime, access_token: str | None, algorithm: str
) -> Known:
    audience = claims.get("aud")
    audiences = audience if isinstance(audience, list) else [audience]
    if claims.get("iss") != issuer:
        raise _no("it is another provider's")
    if client not in audiences or (len(audiences) > 1 and claims.get("azp") != client) or claims.get("azp", client) != client:
        raise _no("it is for another application")
    until, since = _moment(claims.get("exp")), _moment(claims.get("iat"))
    if until is None or until <= now - LEEWAY:
        raise _no("it has expired")
    if since is None or not now - ISSUED_AGO_MAX <= since <= now + LEEWAY:
        raise _no("it was not made just now")
    not_before = claims.get("nbf")
    if not_before is not None and ((begins := _moment(not_before)) is None or begins > now + LEEWAY):
        raise _no("it does not hold yet")
    said = claims.get("nonce")
    if not isinstance(said, str) or not hmac.compare_digest(said.encode(), nonce.encode()):
        raise _no("it is of another visit")
    if "at_hash" in claims and claims["at_hash"] != half_hash(access_token or "", algorithm):
        raise _no("it belongs to another access token")
    subject = claims.get("sub")
    if not isinstance(subject, str) or not 1 <= len(subject) <= SUBJECT_CHARS_MAX:
        raise _no("it names nobody")
    acr, amr = claims.get("acr"), claims.get("amr")
    ways = tuple(each for each in amr if isinstance(each, str)) if isinstance(amr, list) else ()
    return Known(subject=subject, proved_at=_moment(claims.get("auth_time")), acr=acr if isinstance(acr, str) else "", amr=ways)


def half_hash(access_token: str, algorithm: str) -> str:
    """What `at_hash` says of an access token."""
    name = HASHES.get(algorithm) or HASHES[algorithm[-3:]]
    whole = hashlib.new(name, access_token.encode("ascii", "replace")).digest()
    return base64.urlsafe_b64encode(whole[: len(whole) // 2]).decode().rstrip("=")


def _moment(value: object) -> datetime | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        return datetime.fromtimestamp(value, UTC)
    except (OverflowError, OSError, ValueError):
        return None


def _no(why: str, error: Exception | None = None) -> ProviderRefused:
    log = f"{why}: {type(error).__name__}" if error else why
    return ProviderRefused("The provider's token is not good; sign in again, or with your password.", log=log)
