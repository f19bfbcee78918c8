"""The sample catalogue: enough rules, each with its words in both languages, its limit, its source."""

from collections import Counter

import pytest

from cityloop.domain.policy import LimitUnit
from cityloop.packs.columns import CLASSES, RULES
from cityloop.packs.layers import find_layers
from cityloop.packs.reading import read_pack

RULES_MIN = 300
CHARS_MIN = {"zh": 6, "en": 12}
LAYER = "sample_limits"


@pytest.fixture(scope="module")
def pack():
    return read_pack(find_layers(LAYER))


@pytest.fixture(scope="module")
def rules(pack):
    return [row.values for row in pack.rows(RULES)]


def test_there_are_enough_rules_of_both_kinds(rules):
    kinds = Counter(each["class"].split("/")[1] for each in rules)
    assert len(rules) >= RULES_MIN
    assert kinds["event"] >= 100
    assert kinds["component"] >= 200


def test_every_rule_says_when_in_both_languages_and_where_it_comes_from(rules):
    for each in rules:
        code = f"{each['class']}/{each['no']}"
        for language, chars in CHARS_MIN.items():
            assert len(each["file_condition"][language]) >= chars, code
            assert each["close_condition"][language], code
        assert LimitUnit(each["limit_unit"]), code
        assert each["limit_value"] > 0, code
        assert all(each[f"source_{part}"] for part in ("document", "clause", "date")), code
        assert each["class"].rpartition("/")[2] in each["source_clause"], code


def test_no_condition_is_said_twice(rules):
    """A rule tells its own case: no two rules have the same words for it."""
    for language in CHARS_MIN:
        said = Counter(each["file_condition"][language] for each in rules)
        assert [text for text, times in said.items() if times > 1] == []


def test_every_class_with_several_rules_has_one_default_and_words_that_tell_them_apart(rules):
    of_class = {}
    for each in rules:
        of_class.setdefault(each["class"], []).append(each)
    for key, few in of_class.items():
        if len(few) == 1:
            continue
        assert sum(each.get("is_default", False) for each in few) == 1, key
        others = [each["words"] for each in few if not each.get("is_default")]
        assert all(others), key


def test_local_extensions_say_so(pack):
    """Codes counted down from 99 are one city's own; they cite it, and do not pass for the standard's."""
    local = [row.values for row in pack.rows(CLASSES) if row.layer == LAYER]
    assert len(local) > 50
    for each in local:
        assert int(each["class"][-2:]) >= 75
        assert "extension" in each["source_document"]


def test_nothing_claims_conformance(pack):
    for row in (*pack.rows(RULES), *pack.rows(CLASSES)):
        assert "conform" not in row.values["source_document"].lower()
