"""Observations 观测: sent in four forms, kept before the answer; what cannot be kept goes aside with its reason."""

import gzip
import json

import pytest

from cityloop.db import CommitFailed
from cityloop.stages.sense.rules.reading import Odd
from cityloop.stages.sense.store import asides as store

AT = "2026-03-02T09:00:00+08:00"


def row(value, stream="n-1/laeq", at=AT, **more):
    return {"stream": stream, "at": at, "value": value, **more}


def test_observations_are_kept_in_each_form(senses):
    """One, a list, lines, data arrays of SensorThings; made small or not; Whoever reads the log finds all of them."""
    senses.meter()
    one, some = json.dumps(row(51.5)).encode(), json.dumps([row(52), row(53, at="2026-03-02T01:00:01Z")]).encode()
    arrays = {"Datastream": {"@iot.id": "n-1/laeq"}, "components": ["phenomenonTime", "result"],
              "dataArray@iot.count": 2, "dataArray": [["2026-03-02T01:00:02Z", 54], ["2026-03-02T01:00:03Z", 55.5]]}  # fmt: skip
    assert senses.observe_body(one, kind="application/json") == {"kept": 1, "aside": {}}
    assert senses.observe_body(some, kind="application/json") == {"kept": 2, "aside": {}}
    assert senses.observe_body(json.dumps([arrays]).encode(), kind="application/json") == {"kept": 2, "aside": {}}
    lines = b"".join(json.dumps(row(60 + n, at=f"2026-03-02T01:01:0{n}Z")).encode() + b"\n" for n in range(3))
    assert senses.observe_body(lines) == {"kept": 3, "aside": {}}
    assert senses.observe_body(gzip.compress(lines), content_encoding="gzip") == {"kept": 3, "aside": {}}

    assert [value for _, value in senses.kept_values()][:8] == [51.5, 52, 53, 54, 55.5, 60, 61, 62]
    assert senses.kept().at[0] == 1_772_413_200_000_000
    assert senses.latest() == {"n-1/laeq": 62}


def test_words_stand_for_numbers_where_the_stream_says_so(senses):
    """真值与类别: true and false, and the words of a category by their places; any other word is none."""
    senses.meter()
    taken = senses.observe(
        row(True, "n-1/open"), row("leak", "n-1/state"), row("on fire", "n-1/state"), row("51.5"), row(True),
    )  # fmt: skip
    assert taken == {"kept": 2, "aside": {"text": 3}}
    assert senses.kept_values() == [(2, 1.0), (3, 2.0)]


def test_what_cannot_be_kept_goes_aside_and_the_rest_is_kept(senses):
    """No row costs another: NaN, Infinity, text, a wrong unit, a clock ahead, a clock never set, a line that is torn."""
    senses.meter()
    lines = [
        json.dumps(row(50)), json.dumps(row(51, unit="dB[SPL]")), json.dumps(row(52, unit="%")),
        '{"stream":"n-1/laeq","value":NaN}', '{"stream":"n-1/laeq","value":-Infinity}', json.dumps(row("NaN")),
        json.dumps(row(None)), json.dumps(row("loud")), json.dumps(row(53, at="1970-01-01T00:00:07Z")),
        json.dumps(row(54, at="yesterday")), '{"stream":"n-1/laeq","val', '{"value": 5}',
        json.dumps(row(55, at="2026-03-02T09:04:59+08:00")), json.dumps(row(56, at="2026-03-02T10:00:00+08:00")),
    ]  # fmt: skip
    taken = senses.observe_body("\n".join(lines).encode())
    assert taken == {
        "kept": 3,
        "aside": {"not_a_number": 4, "unreadable": 2, "unit": 1, "text": 1, "no_time": 2, "future": 1},
    }
    assert [value for _, value in senses.kept_values()] == [50, 51, 55]
    assert senses.asides() == [
        ("", "unreadable", 1, None), ("n-1/laeq", "future", 1, 56), ("n-1/laeq", "no_time", 2, 54),
        ("n-1/laeq", "not_a_number", 4, None), ("n-1/laeq", "text", 1, None), ("n-1/laeq", "unit", 1, 52),
        ("n-1/laeq", "unreadable", 1, None),
    ]  # fmt: skip


def test_a_line_that_is_no_text_costs_none_beside_it(senses):
    """A gateway that writes GBK, and one that nests without end: each goes aside, whatever else came with it is kept."""
    senses.meter()
    body = [json.dumps(row(50)).encode(), '{"stream": "路口/level", "value": 1}'.encode("gbk"), b'{"stream": ' + b"[" * 3_000]
    assert senses.observe_body(b"\n".join(body)) == {"kept": 1, "aside": {"unreadable": 2}}


def test_a_name_that_nobody_can_register_is_counted_and_waits_for_nobody(senses):
    """Characters that are not seen are left out of it, and what is left of it is another's name; A very long one is cut."""
    senses.meter()
    rows = row(1, "a\x00b\x1f/laeq"), row(2, "x" * 300), row(50)
    assert senses.observe(*rows) == {"kept": 1, "aside": {"unknown": 2}}
    assert senses.asides() == [("ab/laeq", "unknown", 1, 1), ("x" * 200, "unknown", 1, 2)]
    senses.meter("ab")
    assert senses.pour() == 0


def test_what_the_database_refuses_of_one_stream_holds_up_no_other(senses, monkeypatch):
    """It is counted under no stream; While nothing at all is taken, all of it is remembered."""
    senses.meter()
    counted, refused = store.aside_count, {"x-2/laeq"}

    def count(tx, aside):
        if aside.key in refused:
            raise CommitFailed("no")
        counted(tx, aside)

    monkeypatch.setattr(store, "aside_count", count)
    assert senses.observe(*(row(n, f"x-{n}/laeq") for n in range(5)))["aside"] == {"unknown": 5}
    assert senses.asides() == [("", "unknown", 1, None), *((f"x-{n}/laeq", "unknown", 1, n) for n in (0, 1, 3, 4))]

    refused |= {"", "y-1/laeq"}
    with senses.refuses("commit_failed"):
        senses.observe(row(7, "y-1/laeq"))
    refused -= {"", "y-1/laeq"}
    assert ("y-1/laeq", "unknown", 1, 7) in senses.asides()
    senses.meter("y-1")
    assert senses.pour() == 1


def test_a_device_whose_clock_is_an_hour_off(senses):
    """An hour ahead goes aside, as nobody knows when it was; an hour behind is kept, and is late; A day late, too."""
    senses.meter()
    assert senses.observe(row(50, at="2026-03-02T10:00:00+08:00"))["aside"] == {"future": 1}
    assert senses.observe(row(51, at="2026-03-02T08:00:00+08:00"))["kept"] == 1
    assert senses.observe(row(52, at="2026-03-01T09:00:00+08:00"))["kept"] == 1
    assert senses.latest() == {"n-1/laeq": 51}


def test_an_unknown_device_is_kept_aside_and_what_it_said_is_put_in_when_it_is_registered(senses):
    """未知设备: its first observations wait; whoever registers it claims them; What is retired is told apart."""
    senses.meter("old")
    senses.move("old", "retired", "replaced")
    senses.register.refresh()
    for value in (50, 51, 51):
        taken = senses.observe(row(value, "new-7/laeq", at=f"2026-03-02T08:00:{value}+08:00"), row(1, "old/laeq"))
        assert taken == {"kept": 0, "aside": {"unknown": 1, "retired": 1}}
    assert senses.asides(reason="unknown") == [("new-7/laeq", "unknown", 3, 51)]
    assert senses.pour() == 0

    senses.meter("new-7")
    assert senses.pour() == 2  # of the same moment one
    assert senses.kept_values() == [(4, 50), (4, 51)]
    assert senses.asides() == [("old/laeq", "retired", 3, 1)]
    assert senses.pour() == 0


def test_what_waits_is_looked_through_when_the_register_changes(senses, monkeypatch):
    """And not every second; What was on its way when it changed is put in as well."""
    looked, unknown_keys = [], store.aside_unknown_keys
    monkeypatch.setattr(store, "aside_unknown_keys", lambda tx: looked.append(tx) or unknown_keys(tx))
    senses.meter()
    senses.observe(row(50, "new-7/laeq"), row(50, "new-8/laeq"))
    assert (senses.pour(), senses.pour(), len(looked)) == (0, 0, 1)
    senses.meter("new-7")
    assert (senses.pour(), senses.pour(), len(looked)) == (1, 0, 2)

    late = store.AsideValue("new-7/laeq", senses.kept().at.item() + 1, 0, 51.0)
    senses.senses.asides.note([Odd(late.key, "unknown", late.value)], "partner", [late])
    assert senses.asides(reason="unknown") == [("new-7/laeq", "unknown", 1, 51), ("new-8/laeq", "unknown", 1, 50)]
    assert (senses.pour(), len(looked)) == (1, 2)
    assert senses.asides(reason="unknown") == [("new-8/laeq", "unknown", 1, 50)]


def test_what_nobody_claims_is_forgotten_after_a_month(senses):
    """A name that is none of the city's leaves room for others; what still comes stays, whatever its reason."""
    senses.meter()
    senses.observe(row(50, "new-7/laeq"), row(50, "new-8/laeq"), row("loud"))
    senses.later(days=29)
    senses.observe(row(51, "new-8/laeq"))
    senses.forget()
    assert len(senses.asides()) == 3
    senses.later(days=2)
    senses.forget()
    assert senses.asides() == [("new-8/laeq", "unknown", 2, 51)]
    senses.meter("new-7")
    senses.meter("new-8")
    assert senses.pour() == 1  # of the same moment one


def test_what_comes_again_is_kept_once(senses):
    """The same message twice is kept once; the same request by its Idempotency-Key gives the same answer."""
    senses.meter()
    assert senses.observe(row(50)) == senses.observe(row(50)) == {"kept": 1, "aside": {}}
    assert len(senses.kept_values()) == 1
    many = [row(n, at=f"2026-03-02T08:{n // 60:02}:{n % 60:02}+08:00") for n in range(100)]
    first = senses.observe(*many, row(1, "nobody/x"), idempotency_key="file-7")
    assert first == {"kept": 100, "aside": {"unknown": 1}}
    assert senses.observe(*many, row(1, "nobody/x"), idempotency_key="file-7") == first
    assert len(senses.kept_values()) == 101
    with senses.refuses("idempotency.other_body"):
        senses.observe(row(51), idempotency_key="file-7")
    assert len(senses.kept_values()) == 101


def test_one_that_floods_harms_no_other(senses):
    """What is beyond its measure goes aside, and is told; the others of the same request are kept."""
    senses.meter("n-1")
    senses.meter("n-2")
    senses.sensing._meter.burst = 100
    flood = [row(n, at=f"2026-03-02T08:{n // 60:02}:{n % 60:02}+08:00") for n in range(250)]
    assert senses.observe(*flood, row(50, "n-2/laeq")) == {"kept": 101, "aside": {"flood": 150}}
    assert senses.observe(row(51, "n-2/laeq", at="2026-03-02T08:59:00+08:00"), row(9, at="2026-03-02T08:58:00+08:00")) == {
        "kept": 1, "aside": {"flood": 1},
    }  # fmt: skip
    senses.later(seconds=2)
    assert senses.observe(row(52, at="2026-03-02T08:59:30+08:00"))["kept"] == 1


def test_too_much_is_refused_before_anything_is_kept(senses):
    """背压: while more waits than can be judged, nothing is taken in, and it is said when to come again."""
    senses.meter()
    senses.senses.behind = lambda: 1 << 40
    with senses.refuses("sense.too_much"):
        senses.observe(row(50))
    assert senses.kept_values() == []
    senses.senses.behind = lambda: 0
    senses.sensing._looked_at = 0.0
    assert senses.observe(row(50))["kept"] == 1


@pytest.mark.parametrize(
    ("body", "kind", "code"),
    [
        (b"hello", "application/json", "sense.unreadable"),
        (b'{"stream": 5}', "application/json", "sense.unreadable"),
        (b"<a/>", "application/xml", "sense.unreadable"),
        (b'[{"Datastream": 5, "components": ["x"], "dataArray": [[1]]}]', "application/json", "sense.unreadable"),
    ],
)
def test_what_is_no_observation_is_refused_in_words(senses, body, kind, code):
    """A body that holds none, or in no form that is known here, changes nothing."""
    with senses.refuses(code):
        senses.observe_body(body, kind=kind)


def test_who_may_send_and_who_may_look(senses):
    """By a partner's key or a post that may; nobody else."""
    senses.meter()
    with senses.refuses("needs_sign_in"):
        senses.observe(row(50), by=None)
    with senses.refuses("not_allowed"):
        senses.observe(row(50), by="collector-a1")
    with senses.refuses("not_allowed"):
        senses.get("/v1/observations/latest", by="partner")
