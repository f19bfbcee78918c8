"""The demo city is made by its script, byte for byte, and is as large as it should be."""

import subprocess
import sys
from pathlib import Path

from cityloop.packs import load

ROOT = Path(__file__).parents[3]


def test_the_script_makes_the_same_bytes(tmp_path):
    """If not: python -m scripts.make_demo_city"""
    subprocess.run([sys.executable, "-m", "scripts.make_demo_city", str(tmp_path / "demo")], cwd=ROOT, check=True)

    made = {each.name: each.read_bytes() for each in (tmp_path / "demo").iterdir()}
    kept = {each.name: each.read_bytes() for each in (ROOT / "packs" / "demo").iterdir()}
    assert made.keys() == kept.keys()
    assert [name for name in made if made[name] != kept[name]] == []


def test_the_demo_city_is_a_city():
    policy = load("demo")

    assert policy.simulated
    assert policy.layers == ("base", "sample_limits", "demo")
    assert [sum(len(area.code) == digits for area in policy.areas) for digits in (6, 9, 12)] == [3, 9, 36]
    assert (len(policy.cells), len(policy.components), len(policy.posts)) == (600, 3108, 166)
    assert len(policy.rules) >= 90
    shops = {key for trades in policy.trades_of.values() for key in trades}
    assert {rule.class_key for rule in policy.rules} == set(policy.class_by_key) - shops, "every class can be filed"
    for key, rules in policy.rules_of_class.items():
        assert sum(rule.is_default for rule in rules) == 1, key
    dangers = {rule.limit.unit for rule in policy.rules if rule.urgency == 2}
    assert "urgent_hour" in dangers
    assert any(rule.verify for rule in policy.rules)
    assert any(rule.auto_file for rule in policy.rules)
    assert not any(rule.verify and rule.auto_file and not rule.urgency for rule in policy.rules)
    assert any(each.private_place for each in policy.classes)
    assert all(code.startswith("9901") for code in policy.area_by_code), "a prefix that no province has"
