"""The table of the platform's own risks, and its rows as the policy has them."""

from collections.abc import Collection
from typing import Any

from cityloop.domain.policy.platform import Measure, PlatformRisk, RiskArea
from cityloop.domain.sensing import Colour
from cityloop.packs.declared import Table, Takes, column, source_of

PLATFORM_RISKS = Table(
    file="platform_risks.csv",
    says="Risks of the platform itself 平台自身风险: load, failures, data security, opinion, suppliers. Beyond its limit a row is a "
    "risk on the operator's page, and where it names a class it is reported into the loop: once, and over when its cause has gone.",
    key=("code",),
    cites=True,
    columns=(
        column("code", "short name, never used again for another"),
        column("area", "what it is about", Takes.choice, choices=tuple(RiskArea)),
        column("measure", "what is measured", Takes.choice, choices=tuple(Measure)),
        column("limit", "beyond which it is a risk, in the unit of the measure's name; of days until or since: below which", Takes.decimal),
        column("for_s", "how long it must be so, seconds", Takes.decimal, needed=False, default="0", least=0, most=604_800),
        column("colour", "how grave", Takes.choice, choices=tuple(Colour)),
        column("class", "what is reported, as scheme/kind/code; empty: it is only shown", Takes.class_key, needed=False, refers="classes.csv"),
        column("lon", "where the platform stands, WGS 84; empty: the report has no place", Takes.decimal, needed=False, least=-180, most=180),
        column("lat", "and", Takes.decimal, needed=False, least=-90, most=90),
        column("says", "what the risk is", Takes.words),
    ),
)  # fmt: skip


def platform_risk(v: dict[str, Any], in_force: Collection[str]) -> PlatformRisk:
    """A row of the table; one that reports a class of a scheme that is not in force reports nothing."""
    source = source_of(v)
    return PlatformRisk(
        code=v["code"], area=RiskArea(v["area"]), measure=Measure(v["measure"]), limit=v["limit"], for_s=v.get("for_s", 0.0),
        colour=v["colour"], class_key=v["class"] if v.get("class") in in_force else None, lon=v.get("lon"), lat=v.get("lat"),
        words=v["says"], source=f"{source.document}; {source.clause}; {source.date}",
    )  # fmt: skip
