"""Pure decisions of intake: what may be kept, what a reporter is told."""

import re
from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256

from cityloop.domain.codes import class_key_of
from cityloop.domain.copied import words_only
from cityloop.domain.facts import AlarmRaised, Channel
from cityloop.domain.facts.intake import PUBLIC
from cityloop.domain.lifecycle import State
from cityloop.domain.permission import Permission
from cityloop.domain.place import Bd09Point, Gcj02Point, checked_point, point_of_bd09, point_of_gcj02
from cityloop.domain.policy import Policy
from cityloop.domain.said import RawPlace
from cityloop.domain.time import parse_given
from cityloop.domain.tracking import CODE_CHARS
from cityloop.domain.words import WORDS, named
from cityloop.stages.intake.model import (
    BadContact,
    CityIsReal,
    ClearingUnproved,
    Contact,
    CoordsUnknown,
    HalfPlace,
    NotClearedSo,
    NothingSaid,
    PhotoAltered,
    PhotoDeclared,
    ReportAsked,
    Sound,
    TextTooLong,
    TooManyPhotos,
)

ADDRESS_CHARS_MAX = 300
NAME_CHARS_MAX = 100
EMAIL_CHARS_MAX = 254
COORDS = ("wgs84", "gcj02", "bd09")

# C0 and C1 but tab and newline; the overrides, embeddings and isolates that turn other people's text round;
# what is no character at all. Letters of any script, their direction marks and the joiners of emoji stay.
_UNSAFE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff]")
_LINE_ENDS = re.compile("\r\n?|[\u0085\u2028\u2029\x0b\x0c]")
_PHONE = re.compile(r"\+?[0-9][0-9 ()./-]{3,28}(?:(?:x|ext\.?|转) ?[0-9]{1,6})?")
_EMAIL = re.compile(r"[^\s@<>\"]+@[^\s@<>\"]+\.[^\s@<>\"]+")

URGENCY = {"red": 2, "orange": 1, "yellow": 0, "blue": 0}  # 红橙黄蓝 of an alarm: danger, soon, ordinary

WHO_MAY: dict[Channel, Permission] = {
    Channel.counter: Permission.report_behalf,
    Channel.hotline: Permission.report_behalf,
    Channel.collector: Permission.case_verify,
    Channel.device: Permission.report_send,
    Channel.camera: Permission.report_send,
    Channel.partner: Permission.report_send,
    Channel.leader: Permission.case_instruct,
    Channel.media: Permission.case_accept,
    Channel.self_check: Permission.case_handle,
    Channel.superior: Permission.case_accept,
}  # app and text: anybody

STANDS: dict[State, str] = {
    State.reported: "in_review",
    State.verifying: "verifying",
    State.to_file: "in_review",
    State.to_dispatch: "filed",
    State.to_sign: "dispatched",
    State.handling: "handling",
    State.handled: "checking",
    State.inspecting: "checking",
    State.to_close: "checking",
    State.closed: "closed",
    State.not_accepted: "refused",
    State.merged: "in_review",
    State.suspended: "put_off",
    State.deferred: "put_off",
    State.void: "voided",
    State.transferred: "dispatched",
}  # what the reporter is told of a case's state

STEPS: dict[str, str] = {
    "ReportReceived": "received",
    "VerifyAsked": "verifying",
    "CaseAccepted": "accepted",
    "CaseFiled": "filed",
    "CaseRefused": "refused",
    "CaseDispatched": "dispatched",
    "TaskSigned": "handling",
    "TaskReturned": "sent_back",
    "TaskFinished": "handled",
    "InspectionAsked": "checking",
    "CaseReworked": "redoing",
    "CaseClosed": "closed",
    "TaskExtended": "more_time",
    "CaseSuspended": "put_off",
    "CaseDeferred": "put_off",
    "CaseResumed": "goes_on",
    "CaseVoided": "voided",
    "CaseReassigned": "dispatched",
    "CaseTransferred": "dispatched",
    "TransferReturned": "sent_back",
    "TransferFinished": "handled",
    "CaseSelfHandled": "handled",
    "ResultRejected": "redoing",
    "CaseRedone": "taken_up_again",
}  # facts that a reporter is told of; the others are the city's own business


def sound_of(asked: ReportAsked, *, policy: Policy, now: datetime, photos: int = 0) -> Sound:
    """The report as it may be kept.

    Refuses with `TextTooLong`, `NothingSaid`, `TooManyPhotos`, `HalfPlace`, `CoordsUnknown`, `BadContact`,
    `CityIsReal`, and with what `domain/` says of places, times and class codes.
    """
    most = policy.settings.text_chars_max
    if len(asked.text) > most:
        raise TextTooLong(
            f"The text has {len(asked.text)} characters; at most {most} are taken. Say it more shortly, or add photos.",
            chars=len(asked.text), chars_max=most,
        )  # fmt: skip
    if photos > policy.settings.photos_max:
        raise TooManyPhotos(f"{photos} photos came; at most {policy.settings.photos_max} are taken. Send the best.")
    text = cleaned(asked.text)
    if not (photos or asked.declared_class or text.strip()):
        raise NothingSaid("The report says nothing; write what is wrong, add a photo, or choose a class.")
    if asked.simulated and not policy.simulated:
        raise CityIsReal("This city is real and takes no simulated reports; leave `simulated` out.")
    lon, lat, raw_place = _place(asked, policy)
    happened_at = None
    if asked.happened_at is not None:
        happened_at = parse_given(
            asked.happened_at, policy.week.zone, now=now, age_days_max=policy.settings.report_age_days_max
        )
    return Sound(
        channel=asked.channel, text=text, address=_line(asked.address, "address", ADDRESS_CHARS_MAX), lon=lon, lat=lat,
        raw_place=raw_place, raw_time=asked.happened_at, happened_at=happened_at,
        declared_class=class_key_of(asked.declared_class, policy.class_by_key) if asked.declared_class else None,
        contact=contact_of(asked.contact) if asked.contact else None, simulated=asked.simulated,
    )  # fmt: skip


def marks_of(sound: Sound) -> tuple[str, ...]:
    """By what the words of a report are known again when somebody sends them once more: who reports as their work says the same
    every day."""
    return (words_only(sound.text),) if sound.channel in PUBLIC else ()


def photos_as_hashed(sent: Sequence[bytes], declared: Sequence[PhotoDeclared]) -> None:
    """Whether what came is what was hashed at capture, photo by photo; nothing declared asks nothing.

    Refuses with `PhotoAltered`.
    """
    if not declared:
        return
    if len(declared) != len(sent):
        raise PhotoAltered(f"{len(sent)} photos came and {len(declared)} were hashed; send one photo_sha256 for each.")
    for number, (raw, said) in enumerate(zip(sent, declared, strict=True), 1):
        if (came := sha256(raw).hexdigest()) != said.sha256.lower():
            raise PhotoAltered(
                f"Photo {number} came as {came[:12]}… and was hashed as {said.sha256[:12]}…; send it again as it was.",
                photo=number, came=came,
            )  # fmt: skip


def may_be_cleared(sound: Sound, *, before: int, after: int, policy: Policy) -> None:
    """Whether a collector may put this right on the spot: its class is of the pack's list, its place is known, and photos
    show it before and after.

    Refuses with `NotClearedSo`, `ClearingUnproved` or `TooManyPhotos`.
    """
    if sound.declared_class not in policy.settings.self_handle:
        able = ", ".join(policy.settings.self_handle) or "none"
        raise NotClearedSo(f"Class {sound.declared_class} is not cleared on the spot; report it, or choose one of: {able}.")
    if not before or not after or sound.lon is None:
        raise ClearingUnproved("Send the place, a photo of before and a photo of after.")
    if after > policy.settings.photos_max:
        raise TooManyPhotos(f"{after} photos came; at most {policy.settings.photos_max} are taken. Send the best.")


def cleaned(text: str) -> str:
    """The text without what is no text: control characters, and what turns the text around it.

    >>> cleaned("a\\x00b\\u202ec\\r\\nd 👨‍👩‍👧 שלום")
    'abc\\nd 👨\\u200d👩\\u200d👧 שלום'
    """
    if _UNSAFE.search(text) is None and "\u2028" not in text and "\u2029" not in text:
        return text
    return _UNSAFE.sub("", _LINE_ENDS.sub("\n", text))


def contact_of(given: Contact) -> Contact | None:
    """The contact, if anything of it was given.

    Refuses with `BadContact`.
    """
    name = _line(given.name, "contact name", NAME_CHARS_MAX)
    phone = _line(given.phone, "phone number", NAME_CHARS_MAX)
    email = _line(given.email, "e-mail address", EMAIL_CHARS_MAX)
    if phone and not _PHONE.fullmatch(phone):
        raise BadContact("The phone number cannot be dialled; write digits, like 0731 8888 6666 or +86 138 0000 0000.")
    if email and not _EMAIL.fullmatch(email):
        raise BadContact("The e-mail address is none; write it like name@example.org, or leave it out.")
    if name and not (phone or email):
        raise BadContact("A name alone reaches nobody; add a phone number or an e-mail address, or report anonymously.")
    return Contact(name=name, phone=phone, email=email) if phone or email else None


def code_of(bits: int) -> str:
    """A tracking code from 60 random bits.

    >>> code_of(0), code_of(2**60 - 1)
    ('000000000000', 'ZZZZZZZZZZZZ')
    """
    return "".join([CODE_CHARS[bits >> shift & 31] for shift in range(55, -1, -5)])


def _place(asked: ReportAsked, policy: Policy) -> tuple[float | None, float | None, RawPlace | None]:
    """Longitude and latitude in WGS 84, and the numbers as they came."""
    lon, lat, bounds = asked.lon, asked.lat, policy.settings.bounds
    if asked.coords not in COORDS:
        raise CoordsUnknown(f"The coordinates {asked.coords[:40]!r} are not known; use one of {', '.join(COORDS)}.")
    if lon is None and lat is None:
        return None, None, None
    if lon is None or lat is None:
        missing = "lon" if lon is None else "lat"
        raise HalfPlace(f"The place has no {missing}; send lon and lat, or neither and an address.")
    raw = RawPlace(lon=lon, lat=lat, coords=asked.coords)
    if asked.coords != "wgs84" and abs(lon) <= 180 and abs(lat) <= 180:
        moved = (
            point_of_gcj02(Gcj02Point(lon=lon, lat=lat))
            if asked.coords == "gcj02"
            else point_of_bd09(Bd09Point(lon=lon, lat=lat))
        )
        lon, lat = moved.lon, moved.lat
    checked_point(lon, lat, bounds)
    return lon, lat, raw


def _line(given: str, what: str, chars_max: int) -> str:
    """One clean line."""
    if not given:
        return given
    if len(given) > chars_max:
        raise TextTooLong(f"The {what} has {len(given)} characters; at most {chars_max} are taken. Shorten it.")
    return " ".join(cleaned(given).split())


def words_of_alarm(fact: AlarmRaised, policy: Policy) -> str:
    """What the report of an alarm says, in the first language of the city: the rule's words, what was measured, the limit."""
    language, about = policy.settings.languages[0], fact.about
    rule = policy.sense_rule_by_code.get(about.rule) or policy.platform_risk_by_code.get(about.rule)
    of = policy.property_by_code.get(about.property)
    says = named(rule.words if rule else WORDS.get(f"sense.why.{about.rule.split('.')[1]}" if "." in about.rule else ""), language)
    what = named(of.name, language) if of else about.property
    unit = f" {about.unit}" if about.unit and not about.unit.startswith("{") else ""
    if about.kind in ("missing", "frozen"):
        return f"{says} ({what})"
    return f"{says} ({what} {fact.value:.6g}{unit}, {named(WORDS['sense.limit'], language)} {about.limit:.6g}{unit})"
