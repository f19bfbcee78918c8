"""Who may come in, in which posts they sit, and what one may know of residents."""

from cityloop.people.apply import APPLY
from cityloop.people.caller import caller_of_key, forget, identify, seats_of, stepped_at_now, times_forgotten
from cityloop.people.demo import demo_hash, demo_people, demo_sign_ins, seed_accounts
from cityloop.people.elsewhere import Providers, Reply, providers_in
from cityloop.people.erasure import delete_files, erase_asked, forget_words, sweep_overdue, sweep_some
from cityloop.people.keys import key_drawn, make_key, open_partner, revoke_key
from cityloop.people.model import Account, AccountState, Person
from cityloop.people.routes import ROUTES
from cityloop.people.rules import mask
from cityloop.people.service import close_account, leave_post, open_account, set_password, take_post
from cityloop.people.sessions import make_token, sign_in, sign_out
from cityloop.people.store import cities, file_is_named

__all__ = [
    "APPLY",
    "ROUTES",
    "Account",
    "AccountState",
    "Person",
    "Providers",
    "Reply",
    "caller_of_key",
    "cities",
    "close_account",
    "delete_files",
    "demo_hash",
    "demo_people",
    "demo_sign_ins",
    "erase_asked",
    "file_is_named",
    "forget",
    "forget_words",
    "identify",
    "key_drawn",
    "leave_post",
    "make_key",
    "make_token",
    "mask",
    "open_account",
    "open_partner",
    "providers_in",
    "revoke_key",
    "seats_of",
    "seed_accounts",
    "set_password",
    "sign_in",
    "sign_out",
    "stepped_at_now",
    "sweep_overdue",
    "sweep_some",
    "take_post",
    "times_forgotten",
]
