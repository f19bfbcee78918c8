"""Use cases of links, and of coming in by one."""

from datetime import datetime, timedelta

from cityloop.db import Tx
from cityloop.domain.facts import WayInChanged
from cityloop.domain.ids import AccountId
from cityloop.people import rules, sessions
from cityloop.people import store as people_store
from cityloop.people.arrivals import Arrival
from cityloop.people.elsewhere import store
from cityloop.people.elsewhere.model import Half, Known, Link, LinkTaken, LinkUnknown, NoLink, ProviderRefused
from cityloop.people.model import Session, WrongCode
from cityloop.people.second import second_get, use_code
from cityloop.people.sessions import DoorRules, Shown


def link(tx: Tx, account: AccountId, provider: str, subject: str) -> AccountId:
    """Let somebody of a provider sign in as an account from now on.

    Refuses with `LinkTaken`. Emits `WayInChanged`.
    """
    if tx.get("sign_in_link", Link, provider, subject) is not None:
        raise LinkTaken("Whom the provider names signs in as an account already; end that link first.")
    if any(each.provider == provider for each in store.link_list(tx, account)):
        raise LinkTaken("The account is linked with another of this provider; end that link first.")
    tx.add("sign_in_link", Link(provider=provider, subject=subject, account=account, made_at=tx.now, made_by=tx.actor))
    tx.emit(WayInChanged(account_id=account, what="link_made", provider=provider, at=tx.now))
    return account


def unlink(tx: Tx, account: AccountId, provider: str) -> AccountId:
    """End a link; sessions that came in by it end too.

    Refuses with `LinkUnknown`. Emits `WayInChanged`.
    """
    if not store.link_forget(tx, account, provider):
        raise LinkUnknown("The account is not linked with this provider; nothing needs be done.")
    for each in people_store.session_list_of(tx, account):
        if each.how.partition("+")[0] == f"provider/{provider}":
            people_store.session_end(tx, account, each.digest)
    people_store.version_raise(tx)
    tx.emit(WayInChanged(account_id=account, what="link_removed", provider=provider, at=tx.now))
    return account


def enter(
    tx: Tx, provider: str, known: Known, *, two_factors: bool, digest: str, door: DoorRules, arrival: Arrival
) -> Session | AccountId:
    """A session for whom a provider names; or only whose it would be, where the code of a second factor is still owed.

    Refuses with `NoLink`, or `ProviderRefused` where they showed the provider too long ago who they are.
    """
    not_too_old(known.proved_at, door, tx.now)
    account = store.link_account(tx, provider, known.subject)
    if account is None:
        raise NoLink("No account is linked with you there; sign in with your password once, and link it on your page.")
    second = second_get(tx, account)
    if second and second.confirmed_at and not two_factors:
        return account
    how = f"provider/{provider}" + ("+own" if two_factors else "")
    return sessions.let_in(tx, account, digest=digest, door=door, arrival=arrival, how=how, since=known.proved_at)


def not_too_old(proved_at: datetime | None, door: DoorRules, now: datetime) -> None:
    """Whether a session that began when they showed the provider who they are would still live.

    Refuses with `ProviderRefused`.
    """
    if proved_at and proved_at + timedelta(hours=door.hours) <= now:
        raise ProviderRefused("You signed in at the provider too long ago; sign out there, then sign in again.")


def enter_with_code(
    tx: Tx, half: Half, shown: Shown, *, digest: str, door: DoorRules, arrival: Arrival
) -> Session | None:
    """A session for whom a provider named, once they have given the code too; None for a wrong one, which is counted.

    Refuses with `SignInLocked` or `WrongCode`.
    """
    counted_as = rules.name_digest(f"half {half.account}")
    sessions.not_locked(people_store.failure_get(tx, counted_as), tx.now)
    second = second_get(tx, half.account)
    if second is None or second.confirmed_at is None:
        raise WrongCode("There is no second factor any more; sign in at the provider again.")
    if not use_code(tx, second, shown.secret, shown.code or ""):
        sessions.count_at(tx, counted_as, door)
        return None
    people_store.failure_forget(tx, counted_as)
    how = f"provider/{half.provider}+code"
    return sessions.let_in(tx, half.account, digest=digest, door=door, arrival=arrival, how=how, since=half.proved_at)
