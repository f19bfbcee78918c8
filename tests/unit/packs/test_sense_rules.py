"""Rules over observations: what a row may say, and where the fault is when it says something else."""

import pytest

from cityloop.domain.sensing import Colour, RuleKind
from cityloop.packs import load
from cityloop.packs.columns import SENSE_RULES, Takes
from cityloop.packs.tables import columns_of

NAMES = [
    name
    for column in columns_of(SENSE_RULES)
    for name in ((f"{column.name}_zh", f"{column.name}_en") if column.takes is Takes.words else (column.name,))
]
ROW = {
    "code": "pm25", "kind": "above", "colour": "yellow", "property": "pm25", "limit": "115", "says_zh": "超标", "says_en": "too high",
    "source_document": "a rule", "source_clause": "1", "source_date": "2026",
}  # fmt: skip


def table(*rows: dict[str, str]) -> str:
    """A sense_rules.csv of these rows, each told by what differs from the usual one."""
    lines = [",".join((ROW | row).get(name, "") for name in NAMES) for row in rows]
    return "\n".join([",".join(NAMES), *lines, ""])


def test_a_sound_table_is_read(city):
    city.write(
        "sense_rules.csv",
        table(
            {"release": "100", "for_s": "600", "quiet_from": "22:00", "quiet_until": "06:00", "ends": "rule"},
            {"code": "silent", "kind": "missing", "limit": "", "window_s": "900", "is_health": "true", "colour": "blue"},
            {"code": "cold", "limit": "0", "kind": "below", "property": "temperature"},
            {"code": "all", "kind": "together", "limit": "3", "of": "pm25", "property": ""},
        ),
    )
    assert [problem.what for problem in city.problems()] == []
    first, silent, cold, both = load(city.folder).sense_rules
    assert (first.kind, first.colour, first.limit, first.release, first.for_s) == (RuleKind.above, Colour.yellow, 115, 100, 600)
    assert (first.quiet_from, first.ends, first.words, first.source) == ("22:00", "rule", {"zh": "超标", "en": "too high"}, "a rule; 1; 2026")
    assert (silent.limit, silent.window_s, silent.is_health, silent.class_key, silent.ends) == (None, 900, True, None, "person")
    assert (cold.limit, both.of) == (0.0, "pm25")


def test_a_city_without_the_table_has_no_rules(city):
    assert load(city.folder).sense_rules == ()


@pytest.mark.parametrize(
    ("row", "said", "column"),
    [
        ({"kind": "abov"}, "kind 'abov' is unknown", "kind"),
        ({"colour": "pink"}, "colour 'pink' is unknown", "colour"),
        ({"limit": ""}, "above needs limit", "limit"),
        ({"limit": "many"}, "limit 'many' is no decimal number", "limit"),
        ({"release": "120"}, "release 120 is above the limit 115: above would end while it holds", "release"),
        ({"kind": "below", "release": "100"}, "release 100 is below the limit 115: below would end while it holds", "release"),
        ({"kind": "rise"}, "rise needs window_s", "window_s"),
        ({"kind": "missing", "window_s": "60"}, "limit says nothing to missing", "limit"),
        ({"kind": "unusual", "limit": "0.9"}, "limit 0.9 is nothing for unusual", "limit"),
        ({"kind": "seen", "limit": "50"}, "limit 50 is nothing for seen", "limit"),
        ({"kind": "disagree", "limit": "5"}, "disagree needs radius_m", "radius_m"),
        ({"kind": "together", "limit": "2", "of": "pm10"}, "of 'pm10' is not in sense_rules.csv", "of"),
        ({"kind": "together", "limit": "1", "of": "pm25"}, "limit 1 is nothing for together", "limit"),
        ({"kind": "together", "limit": "2", "of": "pm25"}, "pm25 is together, too", "of"),
        ({"quiet_from": "25:00", "quiet_until": "06:00"}, "quiet_from '25:00' is no time of day", "quiet_from"),
        ({"quiet_from": "22:00"}, "quiet_until is empty, and the other is not", "quiet_until"),
        ({"quiet_from": "22:00", "quiet_until": "22:00"}, "it is quiet from 22:00 to 22:00: always, or never", "quiet_until"),
        ({"class": "gbt30428_2_2013/event/9999"}, "class 'gbt30428_2_2013/event/9999' is not in classes.csv", "class"),
        ({"ends": "nobody"}, "ends 'nobody' is unknown", "ends"),
        ({"property": ""}, "the rule watches no stream in particular", "property"),
        ({"zone": "gate"}, "zone says nothing to above", "zone"),
        ({"for_s": "-1"}, "for_s -1 is out of range", "for_s"),
        ({"says_en": ""}, "says_en is empty", "says_en"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_with_its_place_and_a_remedy(city, row, said, column):
    text = table(row)
    city.write("sense_rules.csv", text)
    found = [problem for problem in city.problems() if problem.what == said]
    assert len(found) == 1, city.problems()
    before = text.splitlines()[1].split(",")[: NAMES.index(column)]
    assert (found[0].line, found[0].column) == (2, len(",".join(before)) + bool(before) + 1)
    assert found[0].file.endswith("/sense_rules.csv")
    assert found[0].remedy
