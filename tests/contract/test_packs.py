"""Every pack that is shipped is sound."""

import pytest

from cityloop.domain.permission import COMMAND, SUPERVISION
from cityloop.packs import check, format_problems, load, load_bytes, pack_bytes, shipped

PACKS = sorted(each.parent.name for each in shipped().glob("*/pack.toml"))
CITIES = [id for id in PACKS if "city = true" in (shipped() / id / "pack.toml").read_text(encoding="utf-8")]


def test_the_packs_are_there():
    assert {"base", "sample_limits", "demo"} <= set(PACKS)
    assert "demo" in CITIES


@pytest.mark.parametrize("id", PACKS)
def test_a_shipped_pack_has_no_problem(id):
    assert format_problems(check(id)) == ""


@pytest.mark.parametrize("id", CITIES)
def test_a_shipped_city_loads_and_is_the_same_from_its_archive(id):
    policy = load(id)
    again = load_bytes(pack_bytes(id))

    assert again.digest == policy.digest == load(id).digest
    assert (again.rules, again.components, again.duties.decide({})) == (policy.rules, policy.components, [])


@pytest.mark.parametrize("id", CITIES)
def test_no_role_of_a_shipped_city_supervises_and_commands(id):
    for role in load(id).roles:
        assert not (SUPERVISION & set(role.permissions) and COMMAND & set(role.permissions)), role.id


@pytest.mark.parametrize("id", CITIES)
def test_somebody_else_than_the_handler_may_inspect_in_every_cell(id):
    policy = load(id)
    inspects = {role.id for role in policy.roles if "case.inspect" in role.permissions}
    handles = {role.id for role in policy.roles if "case.handle" in role.permissions}
    grids = {post.duty_grid for post in policy.posts if post.role in inspects}

    assert not inspects & handles
    assert {cell.duty_grid for cell in policy.cells} <= grids


@pytest.mark.parametrize("id", CITIES)
def test_every_rule_is_dispatched_to_a_unit_in_every_community(id):
    """Night and day, quiet and busy, at each level: the first answer names a unit that stands there."""
    policy = load(id)
    served = {(unit.kind, unit.level): [] for unit in policy.units}
    for unit in policy.units:
        served[unit.kind, unit.level].append(unit.area or "")
    communities = [area.code for area in policy.areas if len(area.code) == 12]
    for key in {rule.class_key for rule in policy.rules}:
        for level, hour, workday, load_now in (("city", 3, False, 0), ("city", 10, True, 99), ("street", 20, True, 5)):
            given = {"major": key[:-2], "class": key, "level": level, "area": communities[0], "hour": hour}
            answer = policy.duties.decide({**given, "workday": workday, "load": load_now})[0]
            areas = served[answer["unit_kind"], answer["level"]]
            assert all(any(code.startswith(area) for area in areas) for code in communities), (key, answer)
