"""The table of rules over observations, and its rows as the policy has them."""

from collections.abc import Collection
from typing import Any

from cityloop.domain.sensing import Colour, RuleKind, SenseRule
from cityloop.packs.declared import Table, Takes, column, source_of

_NUMBER = {"needed": False, "default": "0", "least": 0}
SENSE_RULES = Table(
    file="sense_rules.csv",
    says="Rules over what devices observe: which streams a rule watches, what it looks for, and what follows. A row for one "
    "device goes before a row for its kind, and that before one for all, where kind, colour, property, zone and label are the "
    "same. A city without these rows raises no alarms.",
    key=("code",),
    cites=True,
    columns=(
        column("code", "short name of the rule, never used again for another"),
        column("kind", "what it looks for", Takes.choice, choices=tuple(RuleKind)),
        column("colour", "level of the alarm 告警等级: red 红, orange 橙, yellow 黄, blue 蓝", Takes.choice, choices=tuple(Colour)),
        column("property", "of the streams that it watches; empty: any", needed=False),
        column("device_kind", "of their devices; empty: any", needed=False),
        column("thing_key", "one device, by its key; empty: all of them", needed=False),
        column("zone", "of detections: where", needed=False),
        column("label", "of detections: who or what, a word of the pack", needed=False),
        column(
            "limit", "in the stream's unit; of unusual the share of false alarms that is borne; of seen the confidence; of "
            "together and count how many", Takes.decimal, needed=False,
        ),
        column("release", "the alarm ends only beyond this; empty: the limit; of frozen, within which it is the same",
               Takes.decimal, needed=False),
        column("for_s", "how long it must hold, seconds", Takes.decimal, most=31_536_000, **_NUMBER),
        column("window_s", "within which it happens, seconds", Takes.decimal, most=31_536_000, **_NUMBER),
        column("radius_m", "of disagree: how far neighbours are", Takes.decimal, most=100_000, **_NUMBER),
        column("of", "of together: the code of the rule that must hold", needed=False, refers="sense_rules.csv"),
        column("quiet_from", "HH:MM by the city's clock: from then nothing is raised,", needed=False),
        column("quiet_until", "HH:MM: until then; what still holds is raised then", needed=False),
        column("class", "what is reported, as scheme/kind/code; empty: of a detection the class that detections.csv gives its label; else a person looks at it, and nothing is reported",
               Takes.class_key, needed=False, refers="classes.csv"),
        column("is_health", "true: it is the device that is ill", Takes.flag, needed=False),
        column("ends", "who says that the cause has gone", Takes.choice, needed=False, default="person", choices=("person", "rule")),
        column("says", "what the alarm says", Takes.words),
    ),
)  # fmt: skip


def sense_rule(v: dict[str, Any], in_force: Collection[str]) -> SenseRule:
    """A row of the table; one that reports a class of a scheme that is not in force reports nothing."""
    source = source_of(v)
    return SenseRule(
        code=v["code"], kind=RuleKind(v["kind"]), colour=Colour(v["colour"]), property=v.get("property", ""),
        device_kind=v.get("device_kind", ""), thing_key=v.get("thing_key", ""), zone=v.get("zone", ""),
        label=v.get("label", ""), limit=v.get("limit"), release=v.get("release"), for_s=v.get("for_s", 0.0),
        window_s=v.get("window_s", 0.0), radius_m=v.get("radius_m", 0.0), of=v.get("of", ""),
        quiet_from=v.get("quiet_from", ""), quiet_until=v.get("quiet_until", ""), class_key=v["class"] if v.get("class") in in_force else None,
        is_health=v.get("is_health", False), ends=v.get("ends", "person"), words=v["says"],
        source=f"{source.document}; {source.clause}; {source.date}",
    )  # fmt: skip
