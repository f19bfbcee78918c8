"""HTTP of what is one's own: sessions, devices, who came in, the password."""

from datetime import datetime
from typing import Annotated

import structlog
from litestar import delete, get, post, put
from msgspec import Struct

from cityloop.db import Tx
from cityloop.domain.ids import AccountId
from cityloop.domain.personal import PASSING, Personal
from cityloop.http import Door
from cityloop.http.identity import signed_in
from cityloop.people import arrivals, passwords, service, sessions, store
from cityloop.people.guessed import password_chosen
from cityloop.people.model import (
    SEEN,
    DeviceUnknown,
    PasswordAgain,
    SessionKind,
    WrongPassword,
)
from cityloop.people.session_routes import Secret, device_of, forget_all, me_of, slowly

log = structlog.get_logger("cityloop.people")
Agent = Annotated[str, Personal(SEEN, keep_days=0, eraser=PASSING)]


class SessionView(Struct, kw_only=True):
    """A session or a token of one's own."""

    id: str
    kind: SessionKind
    made_at: datetime
    seen_at: datetime
    expires_at: datetime
    agent: Agent
    how: str
    current: bool


class SignInView(Struct, kw_only=True):
    """Somebody came in as you, or tried to. `outcome`: in, wrong_password, wrong_code, no_link."""

    at: datetime
    outcome: str
    how: str
    agent: Agent
    network: Agent
    new_device: bool


class DeviceView(Struct, kw_only=True):
    """A browser that you were signed in with."""

    id: str
    agent: Agent
    first_at: datetime
    seen_at: datetime
    current: bool


class PasswordAsked(Struct, kw_only=True):
    """The password until now, and the one from now on."""

    old: Secret
    new: Secret


@get("/v1/me/sessions", guards=[signed_in])
async def get_sessions(door: Door) -> list[SessionView]:
    """One's own sessions and tokens, the newest first. An id is no token: nobody can sign in with it."""
    account, digest = me_of(door)
    found = await door.read(lambda tx: store.session_list_of(tx, account))
    return [
        SessionView(
            id=each.digest, kind=each.kind, made_at=each.made_at, seen_at=each.seen_at, expires_at=each.expires_at,
            agent=each.agent, how=each.how, current=each.digest == digest,
        )
        for each in found
    ]  # fmt: skip


@delete("/v1/me/sessions/{session_id:str}", status_code=204, guards=[signed_in])
async def delete_my_session(session_id: str, door: Door) -> None:
    """End a session of one's own, e.g. that of a lost phone."""
    account, _ = me_of(door)
    await door.change(lambda tx: sessions.sign_out(tx, account, session_id))
    forget_all(door)


@delete("/v1/me/sessions", status_code=204, guards=[signed_in])
async def delete_other_sessions(door: Door) -> None:
    """End all of one's sessions and tokens but this one."""
    account, digest = me_of(door)
    await door.change(lambda tx: sessions.sign_out_others(tx, account, digest))
    forget_all(door)


@get("/v1/me/sign-ins", guards=[signed_in])
async def get_sign_ins(door: Door) -> list[SignInView]:
    """Who came in as you in the last year, or tried to, the newest first; two hundred at most."""
    account, _ = me_of(door)
    found = await door.read(lambda tx: arrivals.seen_list(tx, account))
    return [
        SignInView(
            at=each.at, outcome=each.outcome, how=each.how, agent=each.agent, network=each.network,
            new_device=each.new_device,
        )
        for each in found
    ]  # fmt: skip


@post("/v1/me/sign-ins/notice", status_code=204, guards=[signed_in])
async def post_noticed(door: Door) -> None:
    """Say that you have seen who came in: nobody asks again about new devices until the next."""
    account, _ = me_of(door)
    await door.change(lambda tx: arrivals.notice_all(tx, account))


@get("/v1/me/devices", guards=[signed_in])
async def get_my_devices(door: Door) -> list[DeviceView]:
    """The browsers that you were signed in with, the last used first."""
    account, _ = me_of(door)
    _, here = device_of(door)
    found = await door.read(lambda tx: arrivals.device_list(tx, account))
    return [
        DeviceView(
            id=each.digest, agent=each.agent, first_at=each.first_at, seen_at=each.seen_at, current=each.digest == here
        )
        for each in found
    ]


@delete("/v1/me/devices/{device_id:str}", status_code=204, guards=[signed_in])
async def delete_my_device(device_id: str, door: Door) -> None:
    """Let a browser be a stranger again: signing in with it is told as new."""
    account, _ = me_of(door)

    def use_case(tx: Tx) -> str:
        if not arrivals.device_forget(tx, account, device_id):
            raise DeviceUnknown("You were not signed in with such a device; look at your devices again.")
        return device_id

    await door.change(use_case)


@put("/v1/me/password", status_code=204, guards=[signed_in])
async def put_my_password(data: PasswordAsked, door: Door) -> None:
    """Choose another password; one's other sessions end."""
    account, digest = me_of(door)
    said = door.policy.settings
    name = await door.read(lambda tx: store.name_of_account(tx, account)) or ""
    new = password_chosen(data.new, name, door.policy)
    _, device = device_of(door)
    known = await door.read(lambda tx: sessions.knock(tx, name, device))
    past = await door.read(lambda tx: store.past_hashes(tx, account, max(0, said.password_past - 1)))
    right, hashed = await slowly(door, lambda: (passwords.matches(known.hash, data.old), passwords.hash_of(new)))
    if not right:
        await door.change(lambda tx: sessions.count_wrong(tx, known, sessions.door_rules(said)))
        raise WrongPassword("The old password is wrong; nothing was changed.")
    if await slowly(door, lambda: any(passwords.matches(each, new) for each in (known.hash, *past))):
        raise PasswordAgain("That was your password before; choose one that you have not had lately.")
    await door.change(lambda tx: _set(tx, account, hashed, digest, said.password_past))
    forget_all(door)
    log.info("password_changed", account=account)


def _set(tx: Tx, account: AccountId, hashed: str, digest: str, past: int) -> AccountId:
    service.set_password(tx, account, hashed, must_change=False, keep_session=digest, past=max(0, past - 1))
    sessions.step_up(tx, account, digest)  # they have just shown the old one
    return account


ROUTES = [
    get_sessions,
    delete_my_session,
    delete_other_sessions,
    get_sign_ins,
    post_noticed,
    get_my_devices,
    delete_my_device,
    put_my_password,
]
