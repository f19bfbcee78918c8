"""Use cases of alarms: events of the kernel are told as facts, people judge them, windows of maintenance are planned."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta

from cityloop.db import Tx
from cityloop.domain.facts import AlarmAbout, AlarmCleared, AlarmJudged, AlarmRaised, MaintenancePlanned
from cityloop.domain.ids import AccountId, AlarmId, ClassKey, ThingId
from cityloop.domain.sensing import Event, EventKind, LifeState, Observing, SenseRule, Stream, Thing
from cityloop.stages.sense.model import JudgeReason, MaintenanceWrong, ReasonWrong, Register
from cityloop.stages.sense.store import alarms as store
from cityloop.stages.sense.store import register as things
from cityloop.stages.sense.store.rows import AlarmRow
from cityloop.telemetry.model import moment_of

AHEAD_S, BEHIND_S = 3600.0, 600.0  # the span of the curve that shows an alarm, beside the rule's own
MAINTENANCE_MAX = timedelta(days=60)


def tell_events(
    tx: Tx, judged: Sequence[tuple[Event, str]], rules: Mapping[str, SenseRule], register: Register, classes: Mapping[str, ClassKey]
) -> int:  # fmt: skip
    """Tell events of the kernel as facts; gives how many. What was told before, however often it is judged again, is not.

    Shape: `judged` events, each with why it ended where it did; `classes` of labels of detections, for rules that name none.

    Emits `AlarmRaised` and `AlarmCleared`.
    """
    told = 0
    for event, why in judged:
        kept = tx.get("alarm", AlarmRow, event.id)
        if event.kind is EventKind.raised and kept is None:
            told += _raise(tx, event, rules, register, classes)
        elif event.kind is EventKind.cleared and kept is not None and kept.cleared_at is None:
            tx.emit(AlarmCleared(alarm_id=AlarmId(event.id), value=event.value, why=why, at=moment_of(event.at)))
            told += 1
    return told


def _raise(
    tx: Tx, event: Event, rules: Mapping[str, SenseRule], register: Register, classes: Mapping[str, ClassKey]
) -> bool:
    rule, stream = rules.get(event.rule), register.streams.get(event.stream)
    if rule is None or stream is None:
        return False  # both were there when it was judged; they went since
    thing = register.things[stream.thing]
    camera = stream.observing is Observing.detection
    tx.emit(
        AlarmRaised(
            alarm_id=AlarmId(event.id), about=about_of(rule, stream, thing, event, classes), began_at=moment_of(event.began_at),
            value=event.value, track=event.track, reasons=reasons_of(rule, event),
            since=moment_of(event.began_at) - timedelta(seconds=max(AHEAD_S, rule.window_s)),
            until=moment_of(event.at) + timedelta(seconds=BEHIND_S), is_camera=camera,
            is_suspect=thing.state is LifeState.suspect and not rule.is_health, simulated=thing.simulated, at=moment_of(event.at),
        )
    )  # fmt: skip
    return True


def about_of(
    rule: SenseRule, stream: Stream, thing: Thing, event: Event, classes: Mapping[str, ClassKey]
) -> AlarmAbout:
    """What an alarm is about, as the register says now; of a detection the class of its label, where the rule names none."""
    label = stream.words[1] if stream.observing is Observing.detection and len(stream.words) > 1 else ""
    return AlarmAbout(
        rule=rule.code, kind=rule.kind.value, colour=rule.colour.value, class_key=rule.class_key or classes.get(label), is_health=rule.is_health,
        ends=rule.ends, property=stream.property, unit=stream.unit, limit=event.limit, thing_id=thing.id, stream=stream.no,
        vendor=thing.vendor, owner=thing.owner, lon=thing.where.lon if thing.where else None,
        lat=thing.where.lat if thing.where else None, cell=thing.cell, component=thing.component,
    )  # fmt: skip


def reasons_of(rule: SenseRule, event: Event) -> tuple[str, ...]:
    """Why it was raised, as codes and numbers."""
    said = [f"sense_{rule.kind.value}:{event.value:.6g}", f"sense_limit:{event.limit:.6g}"]
    said += [f"sense_for:{rule.for_s:.6g}"] if rule.for_s else []
    said += [f"sense_window:{rule.window_s:.6g}"] if rule.window_s else []
    return tuple(said)


def judge_alarm(tx: Tx, alarm_id: AlarmId, *, is_true: bool, reason: str, by: AccountId | None) -> AlarmRow:
    """Say whether there was what the rule saw; the same once more says nothing.

    Refuses with `AlarmUnknown` or `ReasonWrong`. Emits `AlarmJudged`.
    """
    tx.hold([f"alarm/{alarm_id}"])
    row = store.alarm_get(tx, alarm_id)
    fit = [each for each in JudgeReason if each.is_true is is_true]
    if reason not in fit:
        raise ReasonWrong(f"{reason[:40]!r} is no reason for that; choose one of: {', '.join(fit)}.")
    if (row.is_true, row.judged_for) != (is_true, reason):
        tx.emit(AlarmJudged(alarm_id=alarm_id, is_true=is_true, reason=reason, by=by, at=tx.now))
    return store.alarm_get(tx, alarm_id)


def plan_maintenance(tx: Tx, thing_id: ThingId, *, begins: datetime, ends: datetime, by: AccountId) -> None:
    """Say when a device is worked on: nothing is raised for it within. A window that ends as it begins takes it back.

    Refuses with `DeviceUnknown` or `MaintenanceWrong`. Emits `MaintenancePlanned`.
    """
    tx.hold([f"thing/{thing_id}"])
    things.thing_row(tx, thing_id)
    if ends < begins or ends - begins > MAINTENANCE_MAX:
        raise MaintenanceWrong(f"A window from {begins:%Y-%m-%d %H:%M} to {ends:%Y-%m-%d %H:%M} is none; at most 60 days, forwards.")
    tx.emit(
        MaintenancePlanned(thing_id=thing_id, begins=begins.astimezone(UTC), ends=ends.astimezone(UTC), by=by, at=tx.now)
    )


def judge_case(tx: Tx, alarms: Sequence[tuple[AlarmId, bool, str]], reason: JudgeReason) -> None:
    """What was seen of a case is said of its alarms, too, where no person has said anything.

    Emits `AlarmJudged`.
    """
    for id, _, _ in alarms:
        if store.alarm_get(tx, id).is_true is None:
            judge_alarm(tx, id, is_true=reason.is_true, reason=reason.value, by=None)
