"""ID tokens: a good one is taken, each forged one is refused."""

import base64
import hmac
import json
from datetime import UTC, datetime, timedelta

import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, RSAKey

from cityloop.people.elsewhere.model import ProviderRefused
from cityloop.people.elsewhere.tokens import UnknownKey, half_hash, kid_of, known_by

NOW = datetime(2026, 11, 27, 2, 0, tzinfo=UTC)
ISSUER, CLIENT, NONCE = "https://id.example", "cityloop", "a nonce"
KEY = RSAKey.generate_key(2048, {"kid": "one", "use": "sig"})
CURVE = ECKey.generate_key("P-256", {"kid": "curve", "use": "sig"})
OTHER = RSAKey.generate_key(2048, {"kid": "one", "use": "sig"})
KEYS = {"keys": [KEY.as_dict(private=False), CURVE.as_dict(private=False)]}
CLAIMS = {
    "iss": ISSUER, "aud": CLIENT, "sub": "li.na", "nonce": NONCE, "iat": int(NOW.timestamp()),
    "exp": int((NOW + timedelta(minutes=5)).timestamp()),
}  # fmt: skip


def token(key=KEY, algorithm="RS256", head=None, **claims):
    """A signed token; a claim of None is left out."""
    said = {name: value for name, value in (CLAIMS | claims).items() if value is not None}
    return jwt.encode({"alg": algorithm, "kid": key.kid} | (head or {}), said, key, algorithms=[algorithm])


def known(text, **more):
    asked = {"issuer": ISSUER, "client": CLIENT, "nonce": NONCE, "now": NOW, "access_token": "access"} | more
    return known_by(text, KEYS, **asked)


def bare(head, claims=CLAIMS, signature=""):
    part = lambda said: base64.urlsafe_b64encode(json.dumps(said).encode()).decode().rstrip("=")
    return f"{part(head)}.{part(claims)}.{signature}"


def test_a_good_token_names_somebody():
    assert known(token()).subject == "li.na"
    assert known(token(CURVE, "ES256")).subject == "li.na"
    assert known(token(KEY, "PS256")).subject == "li.na"
    assert known(token(aud=["other", CLIENT], azp=CLIENT)).subject == "li.na"
    assert known(token(at_hash=half_hash("access", "RS256"))).subject == "li.na"
    at = int((NOW - timedelta(minutes=1)).timestamp())
    assert known(token(auth_time=at)).proved_at == NOW - timedelta(minutes=1)


PAST = int((NOW - timedelta(minutes=2)).timestamp())


@pytest.mark.parametrize(
    "claims",
    [
        {"aud": "another"}, {"aud": None}, {"aud": [CLIENT, "other"]}, {"aud": ["other"], "azp": CLIENT},
        {"azp": "another"}, {"iss": "https://evil.example"}, {"iss": None}, {"iss": ISSUER + "/"},
        {"nonce": "of another visit"}, {"nonce": None}, {"nonce": 1}, {"exp": PAST}, {"exp": None}, {"exp": "soon"},
        {"iat": None}, {"iat": int((NOW + timedelta(minutes=5)).timestamp())}, {"iat": int((NOW - timedelta(hours=1)).timestamp())},
        {"nbf": int((NOW + timedelta(minutes=5)).timestamp())}, {"at_hash": half_hash("another", "RS256")},
        {"sub": None}, {"sub": ""}, {"sub": "x" * 256}, {"sub": 7},
    ],
    ids=str,
)  # fmt: skip
def test_a_token_of_something_else_is_refused(claims):
    with pytest.raises(ProviderRefused):
        known(token(**claims))


def test_no_signature_is_none():
    for head in ({"alg": "none"}, {"alg": "None"}, {"alg": "none", "kid": "one"}, {"kid": "one"}, {"alg": None}):
        with pytest.raises(ProviderRefused):
            known(bare(head))


def test_a_public_key_is_no_shared_secret():
    """Key confusion: HS256 with the bytes of the RSA key, which everybody has."""
    pem = KEY.as_pem(private=False)
    for secret in (pem, pem.strip()):
        said = bare({"alg": "HS256", "kid": "one"}).rstrip(".")
        signature = hmac.digest(secret, said.encode(), "sha256")
        forged = f"{said}.{base64.urlsafe_b64encode(signature).decode().rstrip('=')}"
        with pytest.raises(ProviderRefused):
            known(forged)


def test_another_key_of_the_same_name_opens_nothing():
    with pytest.raises(ProviderRefused):
        known(token(OTHER))
    with pytest.raises(ProviderRefused):  # a key that the token brings along is not looked at
        known(token(OTHER, head={"jwk": OTHER.as_dict(private=False)}))


def test_changed_words_have_no_signature():
    head, body, signature = token().split(".")
    changed = base64.urlsafe_b64encode(json.dumps(CLAIMS | {"sub": "admin"}).encode()).decode().rstrip("=")
    for forged in (f"{head}.{changed}.{signature}", f"{head}.{body}.", f"{head}.{body}", "", "a.b.c", f"{head}.{body}.{signature[:-4]}AAAA"):
        with pytest.raises(ProviderRefused):
            known(forged)


def test_a_key_that_nobody_named_is_asked_for_again():
    with pytest.raises(UnknownKey):
        known(token(RSAKey.generate_key(2048, {"kid": "two"})))
    with pytest.raises(UnknownKey):  # a curve's key verifies no RSA
        known(bare({"alg": "RS256", "kid": "curve"}))
    assert kid_of(token()) == ("one", "RS256")
