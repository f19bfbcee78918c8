"""One unit in the duty table, whatever the table says: it answers alone where it was put last, and nothing else differs."""

from functools import lru_cache
from typing import Any

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.world import PACKS

from cityloop.domain.codes import minor_of
from cityloop.domain.ids import AreaCode, ClassKey
from cityloop.domain.policy import Level, Policy
from cityloop.packs import load
from cityloop.packs.decision import JdmTable
from cityloop.packs.layers import find_layers
from cityloop.packs.reading import read_pack
from cityloop.packs.values import major_of
from cityloop.revise.rules.remedies import one_unit

TABLES = ("mini", "demo")


@lru_cache(2)
def table_of(name: str) -> tuple[dict[str, Any], JdmTable, Policy]:
    """A duty table as the editor saves it, ready to run, and its pack."""
    place = PACKS / "mini" if name == "mini" else name
    duties = read_pack(find_layers(place)).duties
    assert duties
    return msgspec.json.decode(duties.text), duties.table, load(place)


@st.composite
def remedied(draw: st.DrawFn) -> tuple[str, list[tuple[ClassKey, AreaCode | None, str]], list[dict[str, Any]]]:
    """A table, one to three remedies one after another, and questions near them."""
    name = draw(st.sampled_from(TABLES))
    policy = table_of(name)[2]
    classes = [each.class_key for each in policy.rules if minor_of(each.class_key) == each.class_key]  # the tables have no column fine
    areas = [each.code for each in policy.areas]
    communities = [each for each in areas if len(each) == 12]
    asked = [
        (draw(st.sampled_from(classes)), draw(st.none() | st.sampled_from(areas)), draw(st.sampled_from([each.id for each in policy.units])))
        for _ in range(draw(st.integers(1, 3)))
    ]  # fmt: skip
    near = st.sampled_from([each[0] for each in asked]) | st.sampled_from(classes)
    inside = [code for code in communities for _, area, _ in asked if area and code.startswith(area)]
    questions = []
    for _ in range(12):
        key = draw(near)
        minor = minor_of(key)
        question = {"major": major_of(key), "class": minor, "fine": key if key != minor else ""}
        question |= {"level": draw(st.sampled_from([*map(str, Level)])), "area": draw(st.sampled_from([*communities, *inside, ""]))}
        question |= {"hour": draw(st.integers(0, 23)), "workday": draw(st.booleans()), "load": draw(st.sampled_from([0, 41, 61, 200]))}
        questions.append(question)
    return name, asked, questions


@settings(max_examples=60, deadline=None)
@given(remedied())
def test_one_unit_answers_alone_where_it_was_put_and_nothing_else_differs(drawn):
    name, asked, questions = drawn
    content, before, policy = table_of(name)
    for key, area, unit in asked:
        content = one_unit(content, class_key=key, area=area, unit=policy.unit_by_id[unit], day="2026-03-02")
    after = JdmTable(content)
    for question in questions:
        said = [(row["unit_kind"], row["level"]) for row in after.decide(question)]
        last = next((unit for key, area, unit in reversed(asked) if answers(key, area, question)), None)
        if last:
            unit = policy.unit_by_id[last]
            assert said == [(unit.kind, unit.level.value)]
        else:
            assert said == [(row["unit_kind"], row["level"]) for row in before.decide(question)]


def answers(key: ClassKey, area: AreaCode | None, question: dict[str, Any]) -> bool:
    """Whether a remedy is about what is asked."""
    return key in (question["class"], question["fine"]) and (area is None or question["area"].startswith(area))
