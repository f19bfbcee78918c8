"""`cityloop figures`: the same numbers as the interface, and a check that does not believe the tables."""

import json

from openpyxl import load_workbook
from tests.contract.test_cli import change, home, played, run, value

__all__ = ["home", "played", "run"]  # its fixtures: a city with a small week in it

YEAR = ("--period", "year", "--on", "2026-03-04")


def test_figures_are_shown_with_what_they_follow_from(run, home):
    code, said = run("figures", *YEAR, "--compare", "year", "--check", "--in", "zh")
    assert code == 0, said
    assert "模拟 SIMULATED" in said
    assert "应处置数" in said
    assert "办结之日" in said
    size = value(home, "SELECT size FROM log_head")
    assert f"seq {size}" in said
    assert f"Equal: {size:,} facts" in said


def test_a_row_that_the_journal_does_not_tell_is_found(run, home):
    """The tables say one case more is closed than was ever told."""
    change(home, "UPDATE case_file SET state = 'closed' WHERE id = (SELECT max(id) FROM case_file WHERE is_open = 1)")
    change(home, "UPDATE case_file SET is_open = 0, closed_at = opened_at WHERE state = 'closed' AND closed_at IS NULL")
    code, said = run("figures", *YEAR, "--check")
    assert code == 1
    assert "whole, closed: said" in said
    assert "numbers differ" in said


def test_what_was_told_before_is_counted_again(run, home, tmp_path):
    """By its own moment, its own facts and its own pack, whatever has happened since."""
    told = tmp_path / "told.json"
    assert run("figures", *YEAR, "--by", "district", "--compare", "before", "--out", str(told))[0] == 0
    code, said = run("figures", "--again", str(told))
    assert code == 0, said
    answer = json.loads(told.read_text())
    figure = next(each for each in answer["whole"]["figures"] if each["metric"] == "filed")
    figure["numerator"] = figure["value"] = figure["numerator"] + 1
    told.write_text(json.dumps(answer))
    code, said = run("figures", "--again", str(told))
    assert code == 1
    assert f"whole, filed: said {figure['numerator']}/None" in said
    answer["seq"] += 10_000
    told.write_text(json.dumps(answer))
    code, said = run("figures", "--again", str(told))
    assert code == 1
    assert "another city" in said
    told.write_text("{}")
    assert run("figures", "--again", str(told))[1].startswith("cli.answer_unreadable")


def test_files_are_written_as_they_are_called(run, tmp_path):
    assert run("figures", *YEAR, "--role", "handler", "--out", str(tmp_path / "a.csv"))[0] == 0
    assert (tmp_path / "a.csv").read_text(encoding="utf-8-sig").splitlines()[1].endswith(",simulated")
    assert run("figures", *YEAR, "--by", "month", "--out", str(tmp_path / "a.xlsx"))[0] == 0
    assert load_workbook(tmp_path / "a.xlsx").sheetnames == ["figures", "about"]
    assert run("figures", *YEAR, "--out", str(tmp_path / "a.pdf"))[0] == 2


def test_questions_that_make_no_sense_are_told(run):
    assert run("figures", "--on", "yesterday")[0] == 2
    assert run("figures", "--from", "2026-03-02")[1].startswith("evaluate.period_wrong")
    assert run("figures", "--metric", "luck")[1].startswith("evaluate.metric_unknown")
