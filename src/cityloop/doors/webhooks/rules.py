"""Pure decisions of webhooks: the envelope, the signature, what address may be told."""

import base64
import hmac
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

import msgspec

from cityloop.domain.facts import FACTS, Told, VaultRef
from cityloop.domain.time import utc_text
from cityloop.doors.webhooks.model import BadUrl, TypeUnknown

URL_CHARS_MAX = 2_000
WEBHOOKS_MAX = 20  # of one account
SECRET_PREFIX = "whsec_"
TYPE_PREFIX = "cityloop."
PEOPLE = frozenset({"by", "account_id"})  # who acted is not the business of another system


def url_checked(url: str) -> str:
    """The address, if something can be sent to it.

    Refuses with `BadUrl`. Whether it lies inside is looked at when it is called: a name may change its mind.
    """
    plain = url.strip()
    try:
        parts = urlsplit(plain)
        port = parts.port
    except ValueError:
        parts, port = urlsplit(""), None
    sound = parts.scheme in ("https", "http") and parts.hostname and port != 0 and not parts.username
    if not sound or parts.fragment or len(plain) > URL_CHARS_MAX or not plain.isprintable() or " " in plain:
        raise BadUrl("The address cannot be called; give one like https://example.org/hook, without a name and password.")
    return plain


def types_checked(types: Sequence[str]) -> tuple[str, ...]:
    """Names of facts, with or without our prefix; none is all.

    Refuses with `TypeUnknown`.

    >>> types_checked(["cityloop.CaseClosed", "CaseFiled"])
    ('CaseClosed', 'CaseFiled')
    """
    plain = [each.removeprefix(TYPE_PREFIX) for each in types]
    if wrong := [each for each in plain if each not in FACTS]:
        raise TypeUnknown(f"There is no fact {wrong[0][:60]}; docs/reference/facts.md lists them.")
    return tuple(sorted(set(plain)))


def envelope(told: Told, source: str) -> bytes:
    """The fact as a CloudEvent in structured JSON. What names vault data or a person's account is left out.

    Source: CloudEvents 1.0.2, JSON event format; its sequence extension.
    """
    kind = type(told.fact).__name__
    return msgspec.json.encode(
        {
            "specversion": "1.0",
            "id": told.id,
            "source": source,
            "type": TYPE_PREFIX + kind,
            "subject": told.subject,
            "time": utc_text(told.fact.at),
            "datacontenttype": "application/json",
            "sequence": f"{told.seq:020d}",
            "data": _data(told.fact),
        }
    )


def signature(secret: bytes, id: str, timestamp: int, body: bytes) -> str:
    """One signature of a message. Source: Standard Webhooks 1.0.0, symmetric, v1.

    >>> signature(base64.b64decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"), "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330,
    ...     b'{"test": 2432232314}')
    'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE='
    """
    signed = b"%b.%d.%b" % (id.encode(), timestamp, body)
    return "v1," + base64.b64encode(hmac.digest(secret, signed, "sha256")).decode()


def headers_of(id: str, body: bytes, at: datetime, secrets: Sequence[bytes]) -> dict[str, str]:
    """The headers of a message; while a secret is being changed both sign."""
    timestamp = int(at.timestamp())
    return {
        "Content-Type": "application/cloudevents+json; charset=utf-8",
        "User-Agent": "cityloop",
        "webhook-id": id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": " ".join(signature(each, id, timestamp, body) for each in secrets),
    }


def secret_text(secret: bytes) -> str:
    """A secret as its holder gets it."""
    return SECRET_PREFIX + base64.b64encode(secret).decode()


def _data(value: Any) -> Any:
    """A fact's fields without what points into the vault, and without who acted."""
    if isinstance(value, msgspec.Struct):
        fields = {name: getattr(value, name) for name in value.__struct_fields__}
        return {
            name: _data(each) for name, each in fields.items() if not isinstance(each, VaultRef) and name not in PEOPLE
        }
    if isinstance(value, tuple | list):
        return [_data(each) for each in value if not isinstance(each, VaultRef)]
    return value
