"""The duty table answers with its rows, in their order, each with its name and source."""

from typing import Any

import pytest

from cityloop.packs.decision import JdmTable, expression_fault
from cityloop.packs.values import Wrong

SOURCE = {"source.document": '"List"', "source.clause": '"7"', "source.date": '"2026"'}


def table(*rules: dict[str, str], hit: str = "collect") -> dict[str, Any]:
    """A JDM file with these rows; column ids are the fields' names."""
    inputs = ("class", "level", "area", "hour", "workday", "load")
    outputs = ("unit_kind", "assist", "limit.value", "limit.unit", *SOURCE)
    content = {
        "hitPolicy": hit,
        "inputs": [{"id": each, "name": each, "field": each} for each in inputs],
        "outputs": [{"id": each, "name": each, "field": each} for each in outputs],
        "rules": [{"_id": f"r{n}", **rule, **SOURCE} for n, rule in enumerate(rules, start=1)],
    }
    return {
        "nodes": [
            {"id": "i", "type": "inputNode", "name": "i"},
            {"id": "t", "type": "decisionTableNode", "name": "t", "content": content},
            {"id": "o", "type": "outputNode", "name": "o"},
        ],
        "edges": [
            {"id": "1", "sourceId": "i", "targetId": "t", "type": "edge"},
            {"id": "2", "sourceId": "t", "targetId": "o", "type": "edge"},
        ],
    }


GIVEN = {"class": "s/event/0101", "level": "city", "area": "990101001001", "hour": 10, "workday": True, "load": 3}


def rows(answers: list[dict[str, Any]]) -> list[str]:
    """Which rows answered."""
    return [each["row"] for each in answers]


def test_an_answer_has_its_outputs_its_row_and_its_source():
    answers = JdmTable(table({"unit_kind": '"roads"', "assist": '["water"]', "limit.value": "2"})).decide(GIVEN)

    source = {"document": "List", "clause": "7", "date": "2026"}
    assert answers == [
        {"unit_kind": "roads", "assist": ["water"], "limit": {"value": 2}, "source": source, "row": "r1"}
    ]


def test_all_matching_rows_answer_in_the_order_of_the_table():
    found = JdmTable(
        table({"load": "> 2", "unit_kind": '"a"'}, {"load": "> 5", "unit_kind": '"b"'}, {"unit_kind": '"c"'})
    )

    assert rows(found.decide(GIVEN)) == ["r1", "r3"]
    assert rows(found.decide({**GIVEN, "load": 9})) == ["r1", "r2", "r3"]


@pytest.mark.parametrize(
    ("condition", "yes", "no"),
    [
        ({"class": '"s/event/0101", "s/event/0102"'}, {"class": "s/event/0102"}, {"class": "s/event/0103"}),
        ({"hour": "< 6 or >= 22"}, {"hour": 23}, {"hour": 6}),
        ({"hour": "[7..18]"}, {"hour": 18}, {"hour": 19}),
        ({"workday": "true"}, {"workday": True}, {"workday": False}),
        ({"area": 'startsWith($, "990102")'}, {"area": "990102001001"}, {"area": "990101001001"}),
        ({"level": '"street"'}, {"level": "street"}, {"level": "city"}),
    ],
)
def test_a_condition_is_a_zen_expression(condition, yes, no):
    found = JdmTable(table({**condition, "unit_kind": '"a"'}))

    assert rows(found.decide({**GIVEN, **yes})) == ["r1"]
    assert rows(found.decide({**GIVEN, **no})) == []


def test_the_hit_policy_first_gives_one_row_or_none():
    found = JdmTable(table({"load": "> 2", "unit_kind": '"a"'}, {"load": "> 1", "unit_kind": '"b"'}, hit="first"))

    assert rows(found.decide(GIVEN)) == ["r1"]
    assert rows(found.decide({**GIVEN, "load": 2})) == ["r2"]
    assert rows(found.decide({**GIVEN, "load": 0})) == []


def test_answers_do_not_share_what_a_caller_may_change():
    found = JdmTable(table({"unit_kind": '"a"', "assist": '["b"]'}))
    found.decide(GIVEN)[0]["assist"].append("c")

    assert found.decide(GIVEN)[0]["assist"] == ["b"]


@pytest.mark.parametrize(
    ("expression", "asks", "sound"),
    [
        ("> 40", True, True),
        ("> 40", False, False),  # a condition is no answer
        ('"a", "b"', True, True),
        ("> >", True, False),
        ("sanitation company", False, False),
        ('["a"]', False, True),
        ("", True, True),
    ],
)
def test_a_broken_expression_is_told_though_the_engine_would_never_match_it_in_silence(expression, asks, sound):
    assert (expression_fault(expression, asks) is None) == sound


def test_a_graph_that_the_engine_refuses_is_refused_without_its_stack():
    broken = table({"unit_kind": '"a"'})
    broken["edges"] = broken["edges"][:1]
    broken["nodes"] = broken["nodes"][1:]

    with pytest.raises(Wrong) as refused:
        JdmTable(broken)
    assert "Stack" not in refused.value.what
