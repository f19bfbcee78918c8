"""Risks of the platform itself 平台自身风险: what is measured, from where on it is one, and what is then reported."""

from enum import StrEnum

from msgspec import Struct

from cityloop.domain.ids import ClassKey


class RiskArea(StrEnum):
    """What a risk is about."""

    load = "load"  # 负载
    failure = "failure"  # 故障
    data = "data"  # 数据安全
    opinion = "opinion"  # 舆情
    supplier = "supplier"  # 供应商


class Measure(StrEnum):
    """What can be measured of the platform."""

    requests_per_s = "requests_per_s"
    facts_waiting = "facts_waiting"
    disk_used_percent = "disk_used_percent"
    errors_percent = "errors_percent"
    parts_parked = "parts_parked"
    seal_age_s = "seal_age_s"
    backup_age_days = "backup_age_days"
    sign_ins_refused = "sign_ins_refused"
    log_broken_days = "log_broken_days"
    unsatisfied_percent = "unsatisfied_percent"
    systems_down = "systems_down"
    broker_down = "broker_down"
    model_paused = "model_paused"
    certificate_days = "certificate_days"


FROM_BELOW = frozenset({Measure.log_broken_days, Measure.certificate_days})  # few days are the risk


class PlatformRisk(Struct, frozen=True, kw_only=True):
    """A row of the pack's platform_risks.csv. Units: degrees (WGS 84); `limit` in what the measure's name says."""

    code: str
    area: RiskArea
    measure: Measure
    limit: float
    for_s: float = 0
    colour: str
    class_key: ClassKey | None = None  # what is reported; none: it is only shown
    lon: float | None = None
    lat: float | None = None
    words: dict[str, str]
    source: str

    def is_over(self, value: float) -> bool:
        """Whether this value is a risk."""
        return value < self.limit if self.measure in FROM_BELOW else value > self.limit
