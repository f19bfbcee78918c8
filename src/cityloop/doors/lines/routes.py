"""HTTP of the lines of text: a gateway's webhook for USSD and SMS. Its key stands in the path, as it can set no header."""

import hmac
from typing import Any
from urllib.parse import parse_qs

import msgspec
from litestar import Request, Response, post
from litestar.exceptions import HTTPException

from cityloop.domain.errors import CityloopError, Unavailable
from cityloop.domain.permission import Permission
from cityloop.domain.phone import phone_plain
from cityloop.domain.policy import MenuDeed, Policy
from cityloop.domain.unreadable import UNREADABLE
from cityloop.domain.words import say
from cityloop.doors.lines import rules, service
from cityloop.doors.lines.model import LineUnreadable, Sms, Standing, Ussd
from cityloop.http import Door
from cityloop.http.limits import Buckets, CameTooOften, Pace
from cityloop.people.key_guard import by_key
from cityloop.stages.intake.service import receipt_of

SEND = [by_key(Permission.report_send)]
BODY_MAX = 64 * 1024
PACE = Pace(per_min=20, burst=30)  # of one number
CHARS_MAX = 2_000
_BUCKETS = Buckets()


@post(["/v1/lines/ussd", "/v1/lines/{key:str}/ussd"], status_code=200, guards=SEND, request_max_body_size=BODY_MAX)
async def post_ussd(request: Request, door: Door, language: str = "", turns: str = "all") -> Response[str]:
    """A turn of a USSD menu: `sessionId`, `phoneNumber`, `text`; answered by `CON …` or `END …`.

    `turns`: all, where `text` holds all that was pressed, divided by `*`; last, where it holds the last alone.
    """
    turn = _ussd(await _fields(request))
    policy, spoken = door.policy, _language(language, door.policy)
    id = _digest(door, "ussd", turn.session, turn.phone)
    if (busy := _too_often(door, turn.phone, spoken, policy)) is not None:
        return _plain(f"END {busy}")
    if not policy.menus:
        return _plain(f"END {say('lines.no_menu', spoken, policy.words)}")
    if turns == "last":
        at = await _turn(door, id, turn.text, spoken)
    else:
        at = rules.played(policy.menu_by_node, turn.text.split("*") if turn.text else [])
    if at.deed is None:
        return _plain("CON " + rules.screen(policy.menu_by_node, at, spoken, say("lines.wrong", spoken, policy.words)))
    return _plain("END " + await _done(door, at, turn.phone, id, spoken))


@post(["/v1/lines/sms", "/v1/lines/{key:str}/sms"], status_code=200, guards=SEND, request_max_body_size=BODY_MAX)
async def post_sms(request: Request, door: Door, language: str = "") -> Response[Any]:
    """A text message that came in: `from`, `text` and, where the gateway has one, `id`; the answer says what to reply."""
    fields = await _fields(request)
    sms = _sms(fields)
    policy = door.policy
    want = rules.wanted(policy.menu_by_node, sms.text)
    spoken = _language(want.language or language, policy)
    reply = _too_often(door, sms.phone, spoken, policy) or await _replied(door, sms, want, spoken)
    if fields.pop("", None) == "json":
        return Response({"to": sms.phone, "reply": reply}, headers={"Cache-Control": "no-store"})
    return _plain(reply)


async def _replied(door: Door, sms: Sms, want: rules.Wanted, language: str) -> str:
    policy, id = door.policy, _digest(door, "sms", sms.phone)
    if want.deed == "follow":
        return await door.read(lambda tx: service.became(tx, want.rest, language=language, policy=policy))
    if want.deed in ("stop", "start"):
        act = service.stop if want.deed == "stop" else service.start
        await door.change(lambda tx: act(tx, sms.phone))
        return say("lines.stopped" if want.deed == "stop" else "lines.started", language, policy.words)
    if want.deed == "help" or not sms.text.strip():
        return say("lines.help", language, policy.words)
    stands = await door.read(lambda tx: service.store.line_get(tx, id))
    if want.deed == "menu" or stands is not None:
        spoken = stands.language if stands else language
        at = await _turn(door, id, sms.text, spoken)
        if at.deed is None:
            return rules.screen(policy.menu_by_node, at, spoken, say("lines.wrong", spoken, policy.words))
        return await _done(door, at, sms.phone, _digest(door, id, _once(door, sms)), spoken)
    at = Standing(node="", words=want.rest, deed=MenuDeed.report)
    return await _done(door, at, sms.phone, _digest(door, "once", _once(door, sms)), language)


async def _turn(door: Door, id: str, text: str, language: str) -> Standing:
    return await door.change(lambda tx: service.line_turn(tx, id, text, language=language, policy=door.policy))


async def _done(door: Door, at: Standing, phone: str, once: str, language: str) -> str:
    """What a menu, or a message, ends with. The same session, or message, twice is one report."""
    policy = door.policy
    if at.deed is MenuDeed.follow:
        return await door.read(lambda tx: service.became(tx, at.code, language=language, policy=policy))
    if at.deed is MenuDeed.stop:
        await door.change(lambda tx: service.stop(tx, phone))
        return say("lines.stopped", language, policy.words)
    try:
        sound = service.report_said(
            text=at.words, place=at.place, class_key=at.class_key, phone=phone, policy=policy, now=door.now
        )
        id = await door.change(lambda tx: service.line_report(tx, sound), key=f"line:{once}")
        receipt = await door.read(lambda tx: receipt_of(tx, id))
    except Unavailable:
        raise
    except CityloopError as refused:
        return say(f"error.{refused.code}", language, policy.words)
    return say("lines.thanks", language, policy.words).format(code=receipt.tracking_code)


async def _fields(request: Request) -> dict[str, str]:
    """The fields of a form or of a JSON object; under the empty name, which of the two.

    Refuses with `LineUnreadable`.
    """
    try:
        raw = await request.body()
        if request.headers.get("content-type", "").partition(";")[0].strip().lower() == "application/json":
            given = msgspec.json.decode(raw)
            if not isinstance(given, dict):
                raise LineUnreadable("The message is no object; send from and text.")
            return {name: str(value) for name, value in given.items() if isinstance(value, str | int) and name} | {"": "json"}
        form = parse_qs(raw.decode(), keep_blank_values=True, max_num_fields=100, errors="strict")
    except HTTPException:
        raise
    except UNREADABLE as error:
        raise LineUnreadable(f"The message cannot be read: {str(error)[:80]}; send a form or JSON in UTF-8.") from None
    return {name: values[-1] for name, values in form.items() if name} | {"": "form"}


def _ussd(fields: dict[str, str]) -> Ussd:
    session, phone = _first(fields, "sessionId", "session", "session_id"), _first(fields, "phoneNumber", "msisdn", "phone", "from")
    if not session or not phone:
        raise LineUnreadable("A turn of USSD needs sessionId and phoneNumber; set the gateway's callback up so.")
    return Ussd(session=session, phone=phone, text=_first(fields, "text", "input", "ussdString"))


def _sms(fields: dict[str, str]) -> Sms:
    phone, text = _first(fields, "from", "sender", "msisdn", "phone"), _first(fields, "text", "message", "body", "Body")
    if not phone:
        raise LineUnreadable("A message needs from and text; set the gateway's callback up so.")
    return Sms(phone=phone, text=text, id=_first(fields, "id", "messageId", "message_id"))


def _first(fields: dict[str, str], *names: str) -> str:
    found = next((fields[name] for name in names if name in fields), "")
    if len(found) > CHARS_MAX:
        raise LineUnreadable(f"{names[0]} has {len(found)} characters; at most {CHARS_MAX} are read.")
    return found


def _once(door: Door, sms: Sms) -> str:
    """By what a message is known again: the gateway's id of it, else what it says within an hour."""
    return sms.id or f"{sms.phone}\n{sms.text}\n{door.now:%Y%m%d%H}"


def _digest(door: Door, *parts: str) -> str:
    return hmac.new(door.secret, "\n".join(parts).encode(), "sha256").hexdigest()[:40]


def _language(said: str, policy: Policy) -> str:
    languages = policy.settings.languages
    return said if said in languages else languages[0]


def _too_often(door: Door, phone: str, language: str, policy: Policy) -> str | None:
    """What is said to a number that comes too often."""
    try:
        _BUCKETS.take(_digest(door, "pace", phone_plain(phone) or phone), PACE, door.now.timestamp())
    except CameTooOften:
        return say("lines.slow", language, policy.words)
    return None


def _plain(text: str) -> Response[str]:
    return Response(text, media_type="text/plain; charset=utf-8", headers={"Cache-Control": "no-store"})


ROUTES = [post_ussd, post_sms]
