"""The approval matrix: what a row may say, and that every request has one row that answers it."""

import pytest

from cityloop.packs import load
from cityloop.packs.columns import APPROVALS
from cityloop.packs.tables import columns_of

HEAD = ",".join(column.name for column in columns_of(APPROVALS))
ROW = {
    "kind": "extension", "count_from": "1", "count_to": "1", "up_to_value": "2", "up_to_unit": "work_day",
    "approvers": "dispatcher", "form": "none", "attachment": "", "decide_value": "4", "decide_unit": "work_hour",
    "lapse": "refused", "before_due": "true", "clock_stands": "", "counts_as_due": "", "source_document": "a rule",
    "source_clause": "1", "source_date": "2026",
}  # fmt: skip


def table(*rows: dict[str, str]) -> str:
    """An approvals.csv of these rows, each told by what differs from the usual one."""
    return "\n".join([HEAD, *(",".join((ROW | row)[name] for name in HEAD.split(",")) for row in rows), ""])


def what(city) -> list[str]:
    return [problem.what for problem in city.problems()]


def test_a_sound_matrix_is_read(city):
    city.write("approvals.csv", table({}, {"up_to_value": "", "approvers": "unit_manager|dispatcher"}))
    assert what(city) == []
    short, any_length = load(city.folder).approvals
    assert (short.up_to.value, short.steps, short.before_due, short.source.document) == (
        2,
        ("dispatcher",),
        True,
        "a rule",
    )
    assert (any_length.up_to, any_length.steps, any_length.count_to) == (None, ("unit_manager", "dispatcher"), 1)


def test_a_city_without_a_matrix_has_none(city):
    assert load(city.folder).approvals == ()


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([{"kind": "leave"}], "kind 'leave' is unknown"),
        ([{"approvers": "dispatchr"}], "role 'dispatchr' is not in roles.csv"),
        ([{"approvers": "duty_leader"}], "role duty_leader may not case.approve_work, so it cannot agree to extension"),
        ([{"kind": "void", "up_to_value": "", "approvers": "dispatcher"}],
         "role dispatcher may not case.approve_file, so it cannot agree to void"),
        ([{"approvers": "leader"}], "no post in the city is leader"),
        ([{"approvers": ""}], "approvers is empty"),
        ([{"count_from": "2", "count_to": "1"}], "the row counts from 2 to 1"),
        ([{"kind": "return"}], "return has no length"),
        ([{}, {"count_from": "3", "count_to": "4"}], "no row of extension answers request no. 2"),
        ([{"count_from": "2", "count_to": ""}], "no row of extension answers request no. 1"),
        ([{"count_to": "2"}, {"count_from": "2", "count_to": "3"}], "extension no. 2 of that length is answered on line 2, too"),
        ([{}, {}], "kind and count_from and up_to_value and up_to_unit extension, 1, 2, work_day stands already on line 2"),
        ([{"decide_unit": "hours"}], "decide_unit 'hours' is unknown"),
        ([{"source_document": ""}], "source_document is empty"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said(city, rows, said):
    city.write("approvals.csv", table(*rows))
    assert said in what(city)


def test_two_lengths_of_one_count_are_no_overlap(city):
    city.write("approvals.csv", table({}, {"up_to_value": "10"}, {"count_from": "2", "count_to": ""}))
    assert what(city) == []
