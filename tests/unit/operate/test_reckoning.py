"""What the server reckons from an alert's expression, against a plain reckoning of the same thing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cityloop.operate.alerts import Judge, Rule, file_of_alerts, rules, rules_in
from cityloop.operate.families import FAMILIES
from cityloop.operate.meter import Requests, Sample, family_of, text_of
from cityloop.operate.reckoning import ExprUnreadable, Moment, names_in, value_of

HANDLERS = ("filing", "dispatch", "inspect")


def now(*samples: Sample) -> list[Moment]:
    return [Moment(0.0, list(samples))]


def held(handler: str, value: float) -> Sample:
    return Sample("held", (("handler", handler),), value)


@given(st.dictionaries(st.sampled_from(HANDLERS), st.integers(0, 50), min_size=1), st.integers(0, 100))
def test_a_sum_over_handlers_is_the_sum(values, limit):
    past = now(*[held(name, value) for name, value in values.items()])
    total = sum(values.values())
    assert value_of(f"sum(held) > {limit}", past) == ({(): total} if total > limit else {})
    assert value_of("max by (handler) (held)", past) == {(("handler", name),): value for name, value in values.items()}


@given(st.lists(st.integers(0, 30), min_size=2, max_size=20))
def test_a_counter_grows_by_all_that_it_counted_also_where_it_began_anew(steps):
    """A step of 0 stands for a restart: the counter shows 0, and goes on from there."""
    past, shown, counted = [], 0, 0
    for place, step in enumerate(steps):
        shown = shown + step if step else 0
        counted += step if place else 0
        past.append(Moment(place * 15.0, [Sample("n_total", (), float(shown))]))
    assert value_of("sum(increase(n_total[1h]))", past) == {(): counted}


def test_what_lies_before_the_span_is_not_counted():
    past = [Moment(at, [Sample("n_total", (), value)]) for at, value in ((0.0, 0.0), (400.0, 90.0), (500.0, 100.0))]
    assert value_of("increase(n_total[2m])", past) == {(): 10.0}
    assert value_of("rate(n_total[2m])", past) == {(): 0.1}


def test_a_counter_that_was_not_there_before_began_at_nothing():
    past = [Moment(0.0, []), Moment(15.0, [Sample("n_total", (), 200.0)])]
    assert value_of("increase(n_total[5m]) > 100", past) == {(): 200.0}


def test_labels_choose():
    past = now(held("filing", 1.0), held("dispatch", 2.0))
    assert value_of('sum(held{handler="filing"})', past) == {(): 1.0}
    assert value_of('sum(held{handler!="filing"})', past) == {(): 2.0}
    assert value_of('sum(held{handler=~"f.*|d.*"})', past) == {(): 3.0}
    assert value_of("sum(gone)", past) == {}


def test_of_nothing_there_is_no_share():
    assert value_of("bad / all > 0.1", now(Sample("bad", (), 0.0), Sample("all", (), 0.0))) == {}


@pytest.mark.parametrize("expr", ["sum(held", "held >", "rate(held)", "held held", "held[5m]", "§", "held{handler=}"])
def test_what_cannot_be_read_is_refused_in_words(expr):
    with pytest.raises(ExprUnreadable):
        value_of(expr, now(held("filing", 1.0)))


def test_every_alert_asks_for_numbers_that_there_are():
    """An alert over a name that nobody tells is an alert that never wakes anybody."""
    ours = [each for each in rules() if not each.outside]
    assert len(ours) > 10
    for rule in ours:
        assert [name for name in names_in(rule.expr) if family_of(name) not in FAMILIES] == [], rule.name
        value_of(rule.expr, now())
        assert rule.runbook == f"docs/operate/runbook/{rule.name}.md"
        assert rule.zh
        assert rule.en


def test_a_planted_name_is_seen():
    text = file_of_alerts().read_text().replace("sum(cityloop_parked)", "sum(cityloop_barked)").encode()
    wrong = {name for rule in rules_in(text) for name in names_in(rule.expr) if family_of(name) not in FAMILIES}
    assert wrong == {"cityloop_barked", "up"}


def test_an_alert_waits_until_it_held_for_long_enough_and_begins_anew_after_a_pause():
    rule = Rule(name="Parked", expr="sum(parked) > 0", for_s=60, severity="ticket", zh="停", en="parked", runbook="x")
    judge = Judge([rule])

    def at(second: float, value: float) -> list[bool]:
        return [each.waits for each in judge.look(second, [Sample("parked", (), value)])]

    assert [at(0, 1), at(30, 1), at(60, 1), at(75, 0), at(90, 1)] == [[True], [True], [False], [], [True]]


def test_the_buckets_of_requests_grow_and_end_with_all():
    requests = Requests()
    for seconds in (0.004, 0.005, 0.2, 99.0):
        requests.took("GET", "/v1/cases/{case_id}", 200, seconds)
    text = text_of(requests.samples(), FAMILIES)
    said = 'method="GET",route="/v1/cases/{case_id}",status="200"'
    assert f'cityloop_request_seconds_bucket{{le="0.005",{said}}} 2\n' in text
    assert f'cityloop_request_seconds_bucket{{le="+Inf",{said}}} 4\n' in text
    assert f"cityloop_request_seconds_count{{{said}}} 4\n" in text
    assert text.count("# TYPE cityloop_request_seconds histogram\n") == 1
