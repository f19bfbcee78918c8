"""Terms for weaknesses in packages of others are kept: what `make audit` says of what is known, noted, over."""

from datetime import date

import pytest
from scripts.audit import TERMS_DAYS, UPGRADE_DAYS, Known, Noted, Notes, judged, notes_in

TODAY = date(2026, 11, 27)


def noted(days_ago: int, severity: str = "high") -> Notes:
    each = Noted(id="GHSA-1", package="x", seen=date.fromordinal(TODAY.toordinal() - days_ago), severity=severity, why="not reached")
    return Notes(upgraded=TODAY, weakness=[each])


def test_what_nobody_noted_fails_at_once():
    over, waits = judged([Known("x", "GHSA-1")], Notes(upgraded=TODAY), TODAY)
    assert (len(over), waits) == (1, [])


@pytest.mark.parametrize(("severity", "days"), TERMS_DAYS.items())
def test_a_term_ends(severity, days):
    known = [Known("x", "GHSA-1", severity)]
    assert judged(known, noted(days, severity), TODAY)[0] == []
    assert len(judged(known, noted(days + 1, severity), TODAY)[0]) == 1


def test_a_weakness_is_as_bad_as_the_worst_that_anybody_calls_it():
    assert judged([Known("x", "GHSA-1", "critical")], noted(8, "low"), TODAY)[0]
    assert judged([Known("x", "GHSA-1", "low")], noted(8, "critical"), TODAY)[0]
    assert judged([Known("x", "GHSA-1", "as nobody says")], noted(15, "low"), TODAY)[0]


def test_a_note_that_outlives_its_weakness_fails():
    """Else a weakness that comes back would have a term that began years ago, or none."""
    assert len(judged([], noted(1), TODAY)[0]) == 1


def test_packages_are_looked_up_anew():
    notes = lambda days: Notes(upgraded=date.fromordinal(TODAY.toordinal() - days))
    assert judged([], notes(UPGRADE_DAYS), TODAY) == ([], [])
    assert len(judged([], notes(UPGRADE_DAYS + 1), TODAY)[0]) == 1


def test_the_page_says_the_terms_that_are_kept(repo):
    """And the file of notes can be read, each with one of its words."""
    page = (repo / "docs/operate/packages.md").read_text(encoding="utf-8")
    assert all(f"{days} days" in page for days in (*TERMS_DAYS.values(), UPGRADE_DAYS))
    assert all(each.severity in TERMS_DAYS for each in notes_in(repo / "requirements/weaknesses.toml").weakness)
