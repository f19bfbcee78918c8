"""The plan of a city as it is now: of all its streams, or of a shard's; for whoever judges, and wherever."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import NamedTuple

from cityloop.db import Database
from cityloop.domain.calendar import epoch_us
from cityloop.domain.ids import ThingId
from cityloop.domain.policy import Policy
from cityloop.domain.sensing import SenseRule
from cityloop.stages.sense.model import Register
from cityloop.stages.sense.rules.health import health_rules_of
from cityloop.stages.sense.rules.kernel import Plan, Window, plan_of
from cityloop.stages.sense.store.alarms import maintenance_list

WINDOWS_STAY = timedelta(days=7)  # a window that is over still says when what waited for its end was raised


class Planned(NamedTuple):
    """A plan, its rules by code, and what it follows from: where that is the same, so is the plan."""

    plan: Plan
    rules: Mapping[str, SenseRule]
    of: tuple[object, ...]


def rules_of(policy: Policy) -> dict[str, SenseRule]:
    """Every rule that watches, by its code: those of the pack, and those of health by the kinds of devices."""
    return {rule.code: rule for rule in (*policy.sense_rules, *health_rules_of(policy.device_kinds))}


def plan_now(
    database: Database, policy: Policy, register: Register, now: datetime, *, only: frozenset[int] | None = None, before: Planned | None = None
) -> Planned:  # fmt: skip
    """The plan by register, pack and maintenance; the one before, where nothing of them changed."""
    with database.reading() as tx:
        planned = tuple(maintenance_list(tx, now - WINDOWS_STAY))
    of = (policy.digest, register.version, planned, only)
    if before and before.of == of:
        return before
    rules = rules_of(policy)
    windows = {ThingId(each.thing_id): [Window(epoch_us(each.begins), epoch_us(each.ends))] for each in planned}
    plan = plan_of(tuple(rules.values()), register, windows=windows, zone=policy.week.zone, only=only)
    return Planned(plan, rules, of)
