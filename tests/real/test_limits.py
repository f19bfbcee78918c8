"""The sample catalogue beside its source: limits are taken over, sentences are not."""

import csv
from difflib import SequenceMatcher

import pytest
from real.page import note
from real.run import DATA

from cityloop.packs.columns import RULES
from cityloop.packs.layers import find_layers
from cityloop.packs.reading import read_pack

SOURCE = DATA.parent / "domain" / "rules_yuncheng.csv"
KINDS = {"部件": "component", "事件": "event"}
RUN_CHARS_MAX = 14  # of a sentence of the source that may stand in one of ours
ALIKE_MEAN_MAX = 0.45  # mean likeness of a condition of ours and its own in the source


def source_rules():
    """The source's rules by class and number."""
    numbers, found = {}, {}
    with SOURCE.open(encoding="utf-8-sig", newline="") as text:
        for row in csv.DictReader(text):
            key = f"gbt30428_2_2013/{KINDS[row['kind']]}/{row['major_code']}{row['minor_code']}"
            numbers[key] = numbers.get(key, 0) + 1
            found[key, numbers[key]] = row
    return found


@pytest.fixture(scope="module")
def pairs():
    pack, source = read_pack(find_layers("sample_limits")), source_rules()
    return [(row.values, source[row.values["class"], row.values["no"]]) for row in pack.rows(RULES)]


@pytest.mark.real
def test_limits_are_those_of_the_source(pairs):
    assert len(pairs) >= 500
    for ours, theirs in pairs:
        limit = (ours["limit_value"], ours["limit_unit"])
        assert limit == (int(theirs["limit_value"]), theirs["limit_unit"]), (ours["class"], ours["no"])


@pytest.mark.real
def test_conditions_are_in_our_own_words(pairs):
    alike, copied = [], []
    for ours, theirs in pairs:
        said, source = ours["file_condition"]["zh"], theirs["file_condition(立案条件)"]
        match = SequenceMatcher(None, said, source, autojunk=False)
        run = match.find_longest_match().size
        alike.append(match.ratio())
        if run > RUN_CHARS_MAX or (said == source and len(said) > 4):
            copied.append((ours["class"], ours["no"], said))
    print(f"rules {len(pairs)}, mean likeness {sum(alike) / len(alike):.2f}")
    assert copied == []
    assert sum(alike) / len(alike) <= ALIKE_MEAN_MAX
    note("limits", {"rules": len(pairs), "likeness": sum(alike) / len(alike)})
