"""What whoever runs the platform should do next: concrete deeds, the most urgent first, each with its reason. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from enum import IntEnum

from msgspec import Struct

from cityloop.operate.alerts import Firing, Rule
from cityloop.operate.meter import Sample

GIB = 1 << 30
LIST_MAX = 20
HALF = 0.5  # of the last turns of a work, as its alert says


class Urgency(IntEnum):
    """How soon."""

    now = 1
    today = 2
    week = 3


class Parked(Struct, frozen=True, kw_only=True):
    """A fact that a handler gave up."""

    handler: str
    seq: int
    fact_id: str
    error: str


class Deed(Struct, frozen=True, kw_only=True):
    """One thing to do. `code` has words that `values` fill in; `why` is the alert behind it; `command` is typed on the machine."""

    code: str
    urgency: Urgency
    values: dict[str, str | float] = {}
    why: str = ""
    runbook: str = ""
    command: str = ""
    link: str = ""
    parked: Parked | None = None


class Seen(Struct, frozen=True, kw_only=True):
    """What the deeds follow from. `missing`: which part keeps requests away; `large`: folders and their bytes, the largest first."""

    samples: Sequence[Sample]
    firing: Sequence[Firing]
    rules: Mapping[str, Rule]
    missing: Mapping[str, str]
    parked: Sequence[Parked] = ()
    large: Sequence[tuple[str, int]] = ()
    versions: frozenset[str] = frozenset()
    has_backup: bool = True


def deeds_for(seen: Seen) -> list[Deed]:
    """What to do, most urgent first; nothing where all is well."""
    found = [*_missing(seen), *_parked(seen), *_before_it_fires(seen), *_works(seen)]
    told = {each.why for each in found}
    found += [_of_alert(each, seen.rules[each.name]) for each in seen.firing if not each.waits and each.name not in told and each.name in seen.rules]
    return sorted(found, key=lambda each: each.urgency)


def value(samples: Sequence[Sample], name: str) -> float | None:
    """The sum of a family over its labels; None where nothing tells it."""
    found = [each.value for each in samples if each.name == name]
    return sum(found) if found else None


def page_of(alert: str) -> str:
    """The page of the runbook."""
    return f"docs/operate/runbook/{alert}.md"


COMMANDS = {
    "BackupOld": "cityloop backup make", "SealBehind": "cityloop check", "TimersStuck": "cityloop check", "AuditGap": "cityloop journal verify",
    "NotReady": "cityloop check", "ErrorsRise": "cityloop check", "WorkFails": "journalctl -u cityloop --grep stumbled",
}  # fmt: skip
LINKS = {"OutboxDown": "/people/outbox", "ModelPaused": "/register", "TelemetrySilent": "/console/devices", "LoginAttack": "/people/accounts"}


def _of_alert(each: Firing, rule: Rule) -> Deed:
    urgency = Urgency.now if rule.severity == "page" else Urgency.today
    return Deed(
        code="alert", urgency=urgency, values={"zh": rule.zh, "en": rule.en, "since": each.since}, why=rule.name, runbook=rule.runbook,
        command=COMMANDS.get(rule.name, ""), link=LINKS.get(rule.name, ""),
    )  # fmt: skip


def _missing(seen: Seen) -> Iterator[Deed]:
    for part, how in seen.missing.items():
        command = "cityloop up" if part == "migrations" else "cityloop check"
        yield Deed(
            code=f"missing_{part}", urgency=Urgency.now, values={"how": how}, why="NotReady", runbook=page_of("NotReady"), command=command
        )  # fmt: skip
    if len(seen.versions) > 1:
        yield Deed(code="versions", urgency=Urgency.today, values={"versions": ", ".join(sorted(seen.versions))}, command="systemctl restart cityloop")


def _parked(seen: Seen) -> Iterator[Deed]:
    for each in seen.parked[:LIST_MAX]:
        yield Deed(
            code="parked", urgency=Urgency.today, values={"handler": each.handler, "fact": each.fact_id, "error": each.error[:200]},
            why="PartsParked", runbook=page_of("PartsParked"), link="/people/held", parked=each,
        )  # fmt: skip
    if len(seen.parked) > LIST_MAX:
        yield Deed(
            code="parked_more", urgency=Urgency.today, values={"count": len(seen.parked) - LIST_MAX}, why="PartsParked",
            runbook=page_of("PartsParked"), link="/people/held",
        )  # fmt: skip


def _works(seen: Seen) -> Iterator[Deed]:
    """Which works fail again and again, once the alert has waited long enough."""
    if any(each.name == "WorkFails" and not each.waits for each in seen.firing):
        for name in sorted({dict(each.labels)["work"] for each in seen.samples if each.name == "cityloop_work_failing" and each.value > HALF}):
            yield Deed(
                code="work_fails", urgency=Urgency.today, values={"work": name}, why="WorkFails", runbook=page_of("WorkFails"),
                command=COMMANDS["WorkFails"],
            )  # fmt: skip


def _before_it_fires(seen: Seen) -> Iterator[Deed]:
    """What an alert will wake somebody for if nobody does anything by day."""
    free, size = value(seen.samples, "cityloop_disk_free_bytes"), value(seen.samples, "cityloop_disk_size_bytes")
    if size and free is not None and (used := 1 - free / size) > 0.8:
        large = "; ".join(f"{name} {bytes / GIB:.1f} GiB" for name, bytes in seen.large[:4])
        urgency = Urgency.now if used > 0.95 else Urgency.today if used > 0.9 else Urgency.week
        values = {"percent": round(used * 100), "free_gib": round(free / GIB, 1), "large": large}
        yield Deed(code="disk", urgency=urgency, values=values, why="DiskLow", runbook=page_of("DiskLow"))
    age = value(seen.samples, "cityloop_backup_age_seconds")
    if age is not None and age > 86400:
        urgency = Urgency.today if age > 2 * 86400 else Urgency.week
        code = "backup" if seen.has_backup else "backup_never"
        yield Deed(
            code=code, urgency=urgency, values={"days": round(age / 86400, 1)}, why="BackupOld", runbook=page_of("BackupOld"),
            command=COMMANDS["BackupOld"],
        )  # fmt: skip
    left = value(seen.samples, "cityloop_certificate_seconds")
    if left is not None and left < 30 * 86400:
        urgency = Urgency.now if left < 3 * 86400 else Urgency.today if left < 14 * 86400 else Urgency.week
        yield Deed(code="certificate", urgency=urgency, values={"days": round(left / 86400, 1)}, why="CertExpires", runbook=page_of("CertExpires"))
    behind = {dict(each.labels)["handler"]: each.value for each in seen.samples if each.name == "cityloop_behind" and each.value > 200}
    for handler, count in sorted(behind.items(), key=lambda each: -each[1]):
        urgency = Urgency.now if count > 1000 else Urgency.today
        yield Deed(
            code="behind", urgency=urgency, values={"handler": handler, "count": count}, why="BehindGrows", runbook=page_of("BehindGrows"),
            link="/people/held",
        )  # fmt: skip
    if value(seen.samples, "cityloop_model_paused"):
        yield Deed(code="model", urgency=Urgency.week, why="ModelPaused", runbook=page_of("ModelPaused"), link="/register")
