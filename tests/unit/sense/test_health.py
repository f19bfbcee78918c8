"""By what a device is seen to be ill, and what that does to its life."""

import pytest

from cityloop.domain.sensing import LIFE_MOVES, DeviceKind, KindStream, LifeState, RuleKind, Why
from cityloop.stages.sense.rules.health import ILL, becomes, health_rules_of, well_again

FULL = KindStream(
    kind="meter", key="laeq", property="noise", every_s=60, silent_s=600, freeze_s=3600, freeze_within=0.1, drift=10,
    drift_radius_m=500, drift_s=600, least=20, most=140, low=15,
)  # fmt: skip


def test_a_rule_follows_from_each_filled_cell():
    kind = DeviceKind(kind="meter", name={}, class_key="s/component/0199", streams=(FULL,))
    rules = {rule.code: rule for rule in health_rules_of([kind])}
    assert {code: rule.kind.value for code, rule in rules.items()} == {
        "health.silent.meter.laeq": "missing", "health.frozen.meter.laeq": "frozen", "health.beyond.meter.laeq": "beyond",
        "health.drifting.meter.laeq": "disagree", "health.battery_low.meter.laeq": "below",
    }  # fmt: skip
    assert all(rule.is_health and rule.class_key and rule.ends == "rule" and rule.words["zh"] for rule in rules.values())
    assert all((rule.device_kind, rule.property) == ("meter", "noise") for rule in rules.values())
    assert rules["health.silent.meter.laeq"].window_s == 600
    assert (rules["health.frozen.meter.laeq"].window_s, rules["health.frozen.meter.laeq"].release) == (3600, 0.1)
    assert (rules["health.drifting.meter.laeq"].limit, rules["health.drifting.meter.laeq"].radius_m) == (10, 500)
    assert (rules["health.battery_low.meter.laeq"].limit, rules["health.battery_low.meter.laeq"].release) == (15, 25)


def test_an_empty_row_gives_no_rule():
    assert health_rules_of([DeviceKind(kind="k", name={}, streams=(KindStream(kind="k", key="a", property="b"),))]) == []


@pytest.mark.parametrize("state", LifeState)
@pytest.mark.parametrize("kind", RuleKind)
def test_a_rule_only_makes_moves_that_the_table_allows(state, kind):
    """Whatever a rule of health says of a device in whatever state, the one table of moves agrees."""
    for found in (becomes(state, kind), well_again(state, kind)):
        if found is not None:
            after, why = found
            assert any(m.before is state and m.after is after and why in m.machine for m in LIFE_MOVES), (state, kind, found)


def test_every_illness_moves_a_live_device():
    assert {becomes(LifeState.live, kind) for kind in ILL} == set(ILL.values())
    assert becomes(LifeState.suspect, RuleKind.missing) == (LifeState.faulty, Why.silent)
    assert becomes(LifeState.retired, RuleKind.missing) is None
