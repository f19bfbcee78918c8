"""How the platform's own risks stand, and what of them is told into the loop: once, and over when the cause has gone."""

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta

from msgspec import Struct

from cityloop.db import Tx
from cityloop.domain.calendar import epoch_us
from cityloop.domain.facts import AlarmAbout, AlarmCleared, AlarmRaised
from cityloop.domain.ids import AlarmId, ThingId
from cityloop.domain.policy import Policy
from cityloop.domain.policy.platform import FROM_BELOW, Measure, PlatformRisk
from cityloop.domain.sensing import event_id
from cityloop.operate.reckoning import Value
from cityloop.stages.sense.store.alarms import open_of_rule

PLATFORM = ThingId("platform")
STREAM = 0  # no device has it
ACTOR = "machine:operate"
EXPR: Mapping[Measure, str] = {
    Measure.requests_per_s: "sum(rate(cityloop_request_seconds_count[5m]))",
    Measure.facts_waiting: "sum(cityloop_behind)",
    Measure.disk_used_percent: "100 - 100 * cityloop_disk_free_bytes / cityloop_disk_size_bytes",
    Measure.errors_percent: 'sum(rate(cityloop_request_seconds_count{status=~"5.."}[5m])) * 100 / sum(rate(cityloop_request_seconds_count[5m]))',
    Measure.parts_parked: "sum(cityloop_parked)",
    Measure.seal_age_s: "cityloop_seal_age_seconds",
    Measure.backup_age_days: "cityloop_backup_age_seconds / 86400",
    Measure.sign_ins_refused: "sum(increase(cityloop_sign_ins_refused_total[5m]))",
    Measure.log_broken_days: "cityloop_log_broken_age_seconds / 86400",
    Measure.unsatisfied_percent: "100 * cityloop_verdicts_unsatisfied / cityloop_verdicts",
    Measure.systems_down: "cityloop_outbox_down",
    Measure.broker_down: "1 - max(cityloop_telemetry_up)",
    Measure.model_paused: "max(cityloop_model_paused)",
    Measure.certificate_days: "cityloop_certificate_seconds / 86400",
}

NONE_IS_NOUGHT = frozenset({Measure.requests_per_s, Measure.errors_percent, Measure.sign_ins_refused})  # nothing was counted yet


class Standing(Struct, frozen=True, kw_only=True):
    """How a risk stands. `value` None: it cannot be measured here, e.g. nothing is set up for it. `since` in seconds since 1970."""

    code: str
    value: float | None
    is_over: bool = False
    since: float | None = None


class Standings:
    """How the risks stand, from look to look."""

    def __init__(self) -> None:
        self._since: dict[str, float] = {}

    def look(self, at: float, risks: Sequence[PlatformRisk], value_of: Callable[[str], Value]) -> list[Standing]:
        """How each stands now. Over only once it has been beyond its limit for as long as its row says."""
        return [self._one(at, risk, worst(value_of(EXPR[risk.measure]))) for risk in risks]

    def _one(self, at: float, risk: PlatformRisk, value: float | None) -> Standing:
        if value is None and risk.measure in NONE_IS_NOUGHT:
            value = 0.0
        if value is None or not risk.is_over(value):
            self._since.pop(risk.code, None)
            return Standing(code=risk.code, value=value)
        since = self._since.setdefault(risk.code, at)
        return Standing(code=risk.code, value=value, is_over=at - since >= risk.for_s, since=since)


def worst(value: Value) -> float | None:
    """One number of many; nothing where there is none."""
    if isinstance(value, dict):
        return max(value.values(), default=None)
    return value


def to_tell(tx: Tx, found: Sequence[Standing], policy: Policy) -> list[Standing]:
    """Those of which the loop does not know yet how they stand."""
    return [each for each in found if _differs(tx, each, policy.platform_risk_by_code[each.code])]


def _differs(tx: Tx, each: Standing, risk: PlatformRisk) -> bool:
    runs = bool(open_of_rule(tx, each.code, STREAM))
    if each.value is None:
        return False  # who cannot see does not say that it is over
    return runs if not risk.is_over(each.value) else each.is_over and not runs and risk.class_key is not None


def tell(tx: Tx, found: Sequence[Standing], policy: Policy) -> int:
    """Tell the loop of risks that began, and of those whose cause has gone; gives how many.

    Emits `AlarmRaised` and `AlarmCleared`: a report and its case follow as from a device.
    """
    told = to_tell(tx, found, policy)
    for each in told:
        risk = policy.platform_risk_by_code[each.code]
        running = open_of_rule(tx, each.code, STREAM)
        if running:
            for alarm in running:
                tx.emit(AlarmCleared(alarm_id=AlarmId(alarm.id), value=each.value or 0.0, at=tx.now))
        else:
            tx.emit(_raised(tx, each, risk, simulated=policy.simulated), first=True)
    return len(told)


def _raised(tx: Tx, each: Standing, risk: PlatformRisk, *, simulated: bool) -> AlarmRaised:
    began = tx.now - timedelta(seconds=risk.for_s)
    about = AlarmAbout(
        rule=risk.code, kind="below" if risk.measure in FROM_BELOW else "above", colour=risk.colour,
        class_key=risk.class_key, ends="rule", property=risk.measure.value, limit=risk.limit, thing_id=PLATFORM, stream=STREAM,
        lon=risk.lon, lat=risk.lat,
    )  # fmt: skip
    return AlarmRaised(
        alarm_id=AlarmId(event_id(risk.code, STREAM, epoch_us(tx.now))), about=about, began_at=began, value=each.value or 0.0,
        reasons=(f"platform_{risk.area}:{each.value:.6g}", f"sense_limit:{risk.limit:.6g}"), since=began, until=tx.now,
        simulated=simulated, at=tx.now,
    )  # fmt: skip
