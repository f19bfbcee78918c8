"""What filing decides, as tables."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from cityloop.domain.codes import ClassUnknown
from cityloop.domain.facts import Channel, Join, Problem, Proposal, ReportUnderstood, Where
from cityloop.packs import load
from cityloop.stages.filing import rules
from cityloop.stages.filing.model import ProblemUnknown, ReasonUnknown, RefusalReason, RuleUnknown

TOWN = load(Path(__file__).parents[2] / "packs" / "mini")
EVENT = "gbt30428_2_2013/event"


def understood(kind: str = "0110", channel: str = "collector", **more) -> ReportUnderstood:
    """A report that the machine is sure of."""
    proposal = Proposal(class_key=f"{EVENT}/{kind}", rule=f"{EVENT}/{kind}/1", confidence_ppm=950_000, reasons=())
    given = {"proposals": (proposal,), "alone": True} | more
    return ReportUnderstood(
        report_id="r", channel=Channel(channel), where=Where(), model="m", at=datetime(2026, 3, 2, tzinfo=UTC), **given
    )


def join(case: str, ppm: int) -> Join:
    return Join(case_id=case, distance_m=1, confidence_ppm=ppm, reasons=("distance_m:1",))


@pytest.mark.parametrize(
    ("fact", "why"),
    [
        (understood(), ()),
        (understood("0107"), ()),
        (understood("0107", "app"), ("rule_asks_verify",)),
        (understood("0107", "camera"), ()),
        (understood("0107", "partner"), ("rule_asks_verify",)),
        (understood("0117"), ("rule_asks_person",)),
        (understood(alone=False), ("not_sure",)),
        (understood(alone=False, why=("confidence:1<2",)), ("confidence:1<2",)),
        (understood(why=("place_unknown",)), ("place_unknown",)),
        (understood("0999"), ("rule_unknown",)),
        (understood(proposals=(), alone=False), ("not_sure", "nothing_proposed")),
    ],
)
def test_what_keeps_the_machine_from_filing(fact, why):
    rule = TOWN.rule_by_code.get(fact.proposals[0].rule) if fact.proposals else None
    assert rules.why_not_alone(fact, rule) == why


@pytest.mark.parametrize(("ppm", "joins"), [(899_999, False), (900_000, True)])
def test_a_report_joins_alone_from_the_packs_level(ppm, joins):
    assert rules.joins_alone(join("c", ppm), 900_000) is joins


def test_what_a_report_may_join_comes_by_certainty_and_each_case_once():
    seen, same, surer = join("c", 600_000), join("c", 600_001), join("d", 700_000)
    assert rules.joins_by_certainty(seen, None) == [seen]
    assert rules.joins_by_certainty(None, None) == []
    assert rules.joins_by_certainty(seen, surer) == [surer, seen]
    assert rules.joins_by_certainty(seen, same) == [seen]  # as understand said it


def test_reasons_say_what_was_seen_only_at_filing():
    seen, fresh = join("c", 600_000), join("d", 700_000)
    fact = understood(joins=(seen,))
    assert rules.why_may_join(seen, fact, 900_000) == ("may_join",)
    assert rules.why_may_join(fresh, fact, 900_000) == ("join_possible:700000<900000", "seen_at_filing", "may_join")
    assert rules.why_joined(seen, fact) == ("distance_m:1", "sure:600000")
    assert rules.why_joined(fresh, fact) == ("distance_m:1", "sure:700000", "seen_at_filing")


@pytest.mark.parametrize(
    ("known", "given", "rule", "chosen"),
    [
        ("0110", None, None, "0110/1"),
        ("0110", f"{EVENT}/0113", None, "0113/1"),
        ("0110", f"{EVENT}/0113", f"{EVENT}/0113/2", "0113/2"),
        ("0110", None, f"{EVENT}/0113/2", "0113/2"),
        (None, f"{EVENT}/0128", None, "0128/1"),
        ("0110", f"{EVENT}/0110", None, "0110/1"),
    ],
)
def test_class_and_rule_as_a_person_means_them(known, given, rule, chosen):
    problem = Problem(class_key=f"{EVENT}/{known}", rule=f"{EVENT}/{known}/1", where=Where()) if known else None
    key, found = rules.class_and_rule(TOWN, problem, given, rule)
    assert (found.code, key) == (f"{EVENT}/{chosen}", found.class_key)


@pytest.mark.parametrize(
    ("given", "rule", "error"),
    [
        (None, None, ProblemUnknown),
        ("nonsense", None, ClassUnknown),
        (f"{EVENT}/0113", f"{EVENT}/0110/1", RuleUnknown),
        (f"{EVENT}/0102", None, RuleUnknown),
    ],
)
def test_what_a_person_cannot_mean(given, rule, error):
    with pytest.raises(error):
        rules.class_and_rule(TOWN, None, given, rule)


@pytest.mark.parametrize(
    ("form", "kind", "number"),
    [
        ("{kind}{class}{date}{seq:04d}", "event/0102", "E0102202605200007"),
        ("{kind}{class}{date}{seq:04d}", "component/0101", "C0101202605200007"),
        ("{district}-{date}-{seq}", "event/0102", "990201-20260520-7"),
    ],
)
def test_a_number_in_the_citys_format(form, kind, number):
    assert rules.case_number(form, f"gbt30428_2_2013/{kind}", "990201", date(2026, 5, 20), 7) == number


def test_more_cases_than_digits_are_still_apart():
    """The ten-thousandth case of a day has a longer number, not an old one."""
    form = TOWN.settings.case_number
    numbers = {rules.case_number(form, f"{EVENT}/0110", None, date(2026, 5, 20), seq) for seq in range(9_990, 10_010)}
    assert len(numbers) == 20


def test_reasons_are_those_with_words():
    assert rules.reason_known("not_ours") is RefusalReason.not_ours
    with pytest.raises(ReasonUnknown):
        rules.reason_known("no mood")


def test_what_a_person_changed():
    known = Problem(class_key="k", rule="r", where=Where(cell="1", lon=1.0, lat=2.0, spot=5))
    same = Problem(class_key="k", rule="r", where=Where(cell="1", lon=1.0, lat=2.0), urgency=2)
    moved = Problem(class_key="k", rule="r", where=Where(cell="2"))
    assert [rules.is_other(known, each) for each in (same, moved)] == [False, True]
    assert rules.is_other(None, same)
