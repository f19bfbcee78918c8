"""Keys of partners: another system may come in, as far as the key's scopes and its holder's posts go."""

from datetime import datetime

from cityloop.domain.facts.city import AccountFact


class KeyMade(AccountFact, frozen=True, kw_only=True):
    """A partner got a key. The key itself, and its digest, stand in no fact."""

    key_id: str
    scopes: tuple[str, ...]  # permissions; what its holder's posts do not give, the key does not give either
    per_min: int  # requests a minute, on the average
    burst: int  # at once
    expires_at: datetime


class KeyRevoked(AccountFact, frozen=True, kw_only=True):
    """A key opens nothing any more."""

    key_id: str
    reason: str  # a code with words: people.key_reason.*
