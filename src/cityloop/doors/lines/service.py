"""Use cases of the lines of text: a turn of a menu, a report, what became of one, no more messages."""

from datetime import datetime, timedelta

from cityloop.db import Tx
from cityloop.domain.facts import Channel
from cityloop.domain.phone import phone_plain
from cityloop.domain.policy import Policy
from cityloop.domain.time import zone_of
from cityloop.domain.tracking import TrackingUnknown, code_read
from cityloop.domain.words import say
from cityloop.doors.lines import rules, store
from cityloop.doors.lines.model import Standing, TextLine
from cityloop.journal import vault_keep
from cityloop.journal.vault import erase, vault_find, vault_ids
from cityloop.notices import Message
from cityloop.stages.intake.model import BadContact, Contact, ReportAsked, Sound
from cityloop.stages.intake.rules import contact_of, sound_of
from cityloop.stages.intake.service import receive_report, trail_of

STANDS_FOR = timedelta(minutes=15)  # a menu lapses
STOPPED = "line_stop"  # kind of vault items: numbers that want no messages
STOPPED_DAYS = 3_650


def line_turn(tx: Tx, id: str, text: str, *, language: str, policy: Policy) -> Standing:
    """One turn of a menu whose gateway sends the last key alone: where it leads. A new one begins at the start."""
    menus = policy.menu_by_node
    line = store.line_get(tx, id)
    at = rules.START
    if line is not None:
        at = Standing(node=line.node, class_key=line.class_key, words=line.words, place=line.place)
        at = rules.pressed(menus, at, text)
    if at.deed is not None:
        store.line_forget(tx, id)
        return at
    tx.put(
        "text_line",
        TextLine(
            id=id, node=at.node, class_key=at.class_key, words=at.words, place=at.place, language=language,
            until=tx.now + STANDS_FOR,
        ),
    )  # fmt: skip
    return at


def report_said(*, text: str, place: str, class_key: str | None, phone: str, policy: Policy, now: datetime) -> Sound:
    """What somebody told by a line of text, as a report. The number is kept to call back, where it is one.

    Refuses as `sound_of` does.
    """
    contact = Contact(phone=phone)
    try:
        contact_of(contact)
    except BadContact:
        contact = None
    said = text or ("" if class_key else place)  # a line of the menu whose class the city has not: the words are all there is
    asked = ReportAsked(text=said, address=place, declared_class=class_key, contact=contact, channel=Channel.text)
    return sound_of(asked, policy=policy, now=now)


def line_report(tx: Tx, sound: Sound) -> str:
    """Keep the report; its id.

    Emits `ReportReceived`.
    """
    return receive_report(tx, sound).id


def became(tx: Tx, code: str, *, language: str, policy: Policy) -> str:
    """What became of the report with this code, in a sentence."""
    plain = code_read(code)
    if plain is None:
        return say("lines.code_unknown", language, policy.words)
    try:
        trail = trail_of(tx, plain, policy=policy)
    except TrackingUnknown:
        return say("lines.code_unknown", language, policy.words)
    state = say(f"track.{trail.state}", language, policy.words)
    at = trail.closed_at or trail.steps[-1].at
    day = at.astimezone(zone_of(policy.week.zone)).strftime("%Y-%m-%d")
    return say("lines.became", language, policy.words).format(code=plain, state=state, day=day)


def stop(tx: Tx, phone: str) -> None:
    """Send nothing to this number any more."""
    plain = phone_plain(phone)
    if plain and not vault_find(tx, STOPPED, plain, many=1):
        vault_keep(tx, STOPPED, f"{STOPPED}/{tx.new_id()}", b"", keep_days=STOPPED_DAYS, marks=(plain,))


def start(tx: Tx, phone: str) -> None:
    """Send to this number again.

    Emits `Erased`, where it had stopped.
    """
    subjects = vault_find(tx, STOPPED, phone_plain(phone), many=10)
    ids = [id for subject in subjects for id in vault_ids(tx, subject)]
    if ids:
        erase(tx, ids, reason="asked")


def unless_stopped(tx: Tx, message: Message | None) -> Message | None:
    """The message, unless who it is for wants none."""
    if message is None or vault_find(tx, STOPPED, phone_plain(message.to), many=1):
        return None
    return message


