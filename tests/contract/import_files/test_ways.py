"""What may go wrong on the way: bad rows, twins, a file that changes, a datum that is another than declared."""

import os
import random
from pathlib import Path

import pytest
from tests.import_world import MAPPING, bad_rows, write_csv

from cityloop.domain.place import Point
from cityloop.doors.files import copies, runs, service
from cityloop.doors.files.datum import shown_in
from cityloop.doors.files.model import DatumSuspicious, FileChanged, ImportRunning, ImportTakenOver
from cityloop.journal import erase

GOOD = {"class": "0113", "unit": "roads-north", "came_in": "2026-01-05 08:00", "deadline": "2026-01-08 18:00"}


def lines(count: int, **more) -> list[dict]:
    return [{"no": f"N{n:04d}", "closed": "2026-01-06 08:00", **GOOD, **more} for n in range(count)]


BAD = [
    ({"no": ""}, "no", "key is empty"),
    ({"came_in": ""}, "came_in", "missing"),
    ({"came_in": "05.01.2026"}, "came_in", "no moment"),
    ({"came_in": "2126-01-05 08:00", "closed": ""}, "came_in", "not happened yet"),
    ({"closed": "2026-01-04 08:00"}, "closed", "before the case came in"),
    ({"state": "open"}, "state", "open and has a closing moment"),
    ({"state": "挂起"}, "state", "no state"),
    ({"class": "9999"}, "class", "no class"),
    ({"unit": "nobody"}, "unit", "no such unit"),
    ({"x": "100.005"}, "x", "half a place"),
    ({"x": "30.015", "y": "100.005"}, "x", "swapped"),
    ({"x": "10", "y": "10"}, "x", "outside"),
    ({"x": "east", "y": "30.015"}, "x", "no number"),
    ({"cell": "123"}, "cell", "no such cell"),
]


def test_bad_rows_are_listed_and_the_good_ones_go_in(town, tmp_path):
    """Each with its line, its column and what to do."""
    made = [{**lines(1)[0], "no": f"B{n}", **more} for n, (more, _, _) in enumerate(BAD)]
    tally = town.bring(write_csv(tmp_path / "old.csv", [*lines(3), *made]), MAPPING)

    assert (tally.records, tally.added, tally.bad) == (3 + len(BAD), 3, len(BAD))
    found = bad_rows(tally)
    for n, ((_, column, what), row) in enumerate(zip(BAD, found, strict=True)):
        assert (row["line"], row["column"]) == (str(5 + n), column), row
        assert what in row["what_is_wrong"], row
        assert row["what_to_do"], row


def test_a_key_that_comes_twice_in_a_file_is_a_bad_row(town, tmp_path):
    """Which of the two is meant, only a person can say; also where they lie far apart."""
    rows = lines(service.BATCH + 5)
    rows += [{**rows[0], "unit": "cleaning"}, {**rows[-1]}, {**rows[-1], "unit": "cleaning"}]
    tally = town.bring(write_csv(tmp_path / "old.csv", rows), MAPPING)

    assert (tally.added, tally.bad) == (service.BATCH + 5, 3)
    assert "stands in line 2 too" in bad_rows(tally)[0]["what_is_wrong"]


def test_a_number_that_another_case_has_is_a_bad_row(town, tmp_path):
    """A case's number is its own, whichever system gave it."""
    town.bring(write_csv(tmp_path / "one.csv", lines(2)), MAPPING)
    other = MAPPING.replace('"old-system"', '"other-system"')
    rows = [{**lines(1)[0], "no": "N0001"}, {**lines(1)[0], "no": "N0007"}]
    tally = town.bring(write_csv(tmp_path / "two.csv", rows), other)

    assert (tally.added, tally.bad) == (1, 1)
    assert "another case has this number" in bad_rows(tally)[0]["what_is_wrong"]


def test_a_formula_in_a_bad_value_does_no_harm(town, tmp_path):
    """Who opens the list in a spreadsheet sees the value and runs nothing."""
    tally = town.bring(write_csv(tmp_path / "old.csv", [{**GOOD, "no": "1", "came_in": "=cmd()"}]), MAPPING)
    assert bad_rows(tally)[0]["value"] == "'=cmd()"


def test_a_second_import_while_one_is_under_way_is_refused(town, tmp_path):
    """One goes on undisturbed; the other says who is at it."""
    path, refused = write_csv(tmp_path / "old.csv", lines(service.BATCH * 3)), []

    def meanwhile(done: int, of: int | None) -> None:
        if not refused:
            with pytest.raises(ImportRunning) as no:
                town.bring(path, MAPPING, bad=tmp_path / "other.csv")
            refused.append(no.value.detail)

    tally = town.bring(path, MAPPING, on_progress=meanwhile)

    assert "under way" in refused[0]
    assert tally.added == service.BATCH * 3 == len(town.numbers)


def test_who_was_taken_for_dead_and_is_not_writes_nothing_more(town, tmp_path, monkeypatch):
    """Two who both believe that the source is theirs: the database lets one of them go on, so nothing comes twice."""
    path, took = write_csv(tmp_path / "old.csv", lines(service.BATCH * 3)), []
    monkeypatch.setattr(runs, "_lives", lambda run, now: False)

    def meanwhile(done: int, of: int | None) -> None:
        if not took:
            took.append(town.bring(path, MAPPING, bad=tmp_path / "other.csv"))

    with pytest.raises(ImportTakenOver):
        town.bring(path, MAPPING, on_progress=meanwhile)
    assert took[0].records == service.BATCH * 3
    assert len(town.numbers) == service.BATCH * 3
    assert town.rows("SELECT count(*) FROM fact WHERE city = :city AND type = 'CaseImported'") == [(service.BATCH * 3,)]


def test_an_import_that_broke_off_goes_on_where_it_stood(town, tmp_path):
    """Batches that were kept are not read again, and the bad rows of both parts stand in the list."""
    rows = lines(service.BATCH * 2)
    rows[3]["unit"] = rows[service.BATCH + 3]["unit"] = "nobody"
    path = write_csv(tmp_path / "old.csv", rows)

    def stop(done: int, of: int | None) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        town.bring(path, MAPPING, on_progress=stop)
    assert len(town.numbers) == service.BATCH - 1
    tally = town.bring(path, MAPPING)

    assert (tally.added, tally.same, tally.bad) == (service.BATCH * 2 - 2, 0, 2)
    assert [each["line"] for each in bad_rows(tally)] == ["5", str(service.BATCH + 5)]
    again = town.bring(path, MAPPING)
    assert (again.added, again.same, again.bad) == (0, service.BATCH * 2 - 2, 2)


def test_another_file_of_the_source_begins_anew(town, tmp_path):
    """What was half read of yesterday's export does not let the beginning of today's be left out."""

    def stop(done: int, of: int | None) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        town.bring(write_csv(tmp_path / "old.csv", lines(service.BATCH * 2)), MAPPING, on_progress=stop)
    rows = [*lines(2, unit="cleaning"), *lines(service.BATCH + 9)[2:]]
    tally = town.bring(write_csv(tmp_path / "new.csv", rows), MAPPING)
    assert (tally.added, tally.same, tally.renewed) == (9, service.BATCH - 2, 2)


def test_a_file_that_changes_while_it_is_read_is_refused_whole(embedded, tmp_path, monkeypatch):
    """The old system writes on while we read: nothing of it is kept, and no copy stays behind."""
    city = embedded()
    path = write_csv(tmp_path / "old.csv", lines(50))
    before, copy = city.facts, copies._copy

    def grows(source: Path, to: Path) -> str:
        digest = copy(source, to)
        with source.open("a") as out:
            out.write("N9999,2026-01-05 08:00\n")
        return digest

    monkeypatch.setattr(copies, "_copy", grows)
    with pytest.raises(FileChanged):
        city.bring(path, MAPPING)
    assert city.facts == before
    assert os.listdir(tmp_path / "imports") == []


def test_a_file_that_is_written_to_afterwards_is_read_as_it_was(embedded, tmp_path):
    """What is read is our own copy."""
    city = embedded()
    path = write_csv(tmp_path / "old.csv", lines(service.BATCH + 10))

    def overwrite(done: int, of: int | None) -> None:
        path.write_text("gone")

    assert city.bring(path, MAPPING, on_progress=overwrite).added == service.BATCH + 10


def placed(datum: str, count: int = 40) -> list[dict]:
    """Cases whose rows name their cell beside numbers in a datum."""
    chance, found = random.Random(3), []
    for n in range(count):
        place = Point(lon=chance.uniform(100.0005, 100.0095), lat=chance.uniform(30.0105, 30.0195))
        lon, lat = shown_in(place, datum)
        found.append({**lines(1)[0], "no": f"P{n}", "x": f"{lon:.7f}", "y": f"{lat:.7f}", "cell": "990201001001001"})
    return found


@pytest.mark.parametrize(("declared", "meant"), [("wgs84", "gcj02"), ("gcj02", "wgs84"), ("wgs84", "bd09"), ("bd09", "gcj02")])
def test_a_suspicious_offset_is_asked_about(embedded, tmp_path, declared, meant):
    """Before anything is written; whoever knows better confirms, whoever erred declares the other datum."""
    city = embedded()
    before = city.facts
    path = write_csv(tmp_path / "old.csv", placed(meant))
    mapping = MAPPING.replace('kind = "cases"', f'kind = "cases"\ndatum = "{declared}"')
    with pytest.raises(DatumSuspicious) as no:
        city.bring(path, mapping)
    assert no.value.more == {"seems": meant}
    assert city.facts == before

    tally = city.bring(path, mapping.replace(f'"{declared}"', f'"{meant}"'))
    assert tally.added == 40
    assert city.rows("SELECT DISTINCT cell FROM case_file WHERE city = :city") == [("990201001001001",)]


def test_the_datum_can_be_confirmed(embedded, tmp_path):
    """Then the places are taken as declared, and those beyond the city are bad rows like any."""
    path = write_csv(tmp_path / "old.csv", placed("gcj02"))
    tally = embedded().bring(path, MAPPING, datum_is_right=True)
    assert tally.added + tally.bad == 40
    assert tally.added > 20


def test_the_raw_place_is_kept_with_its_datum(embedded, tmp_path):
    """What is converted can be compared with what came."""
    city = embedded()
    rows = placed("gcj02", 1)
    city.bring(write_csv(tmp_path / "old.csv", rows), MAPPING.replace('kind = "cases"', 'kind = "cases"\ndatum = "gcj02"'))
    said = city.rows("SELECT bytes FROM vault WHERE city = :city AND kind = 'said'")[0][0]
    assert f'"lon":{float(rows[0]["x"])}'.encode() in bytes(said)
    assert b'"coords":"gcj02"' in bytes(said)
    lon, lat = city.rows("SELECT lon, lat FROM case_file WHERE city = :city")[0]
    assert abs(lon - float(rows[0]["x"])) > 0.001
    assert 100.0 < lon < 100.01
    assert 30.01 < lat < 30.02


def test_what_was_erased_does_not_come_back(embedded, tmp_path):
    """Neither by the same line nor by one that tells otherwise."""
    city = embedded()
    row = {**lines(1)[0], "words": "王女士家门前", "ended": "已答复王女士"}
    city.bring(write_csv(tmp_path / "old.csv", [row]), MAPPING)
    in_vault = "SELECT count(*) FROM vault WHERE city = :city"
    ids = [id for id, in city.rows("SELECT id FROM vault WHERE city = :city")]
    assert len(ids) == 2
    city.writer.change(lambda tx: erase(tx, ids, reason="asked_by_person"))
    assert city.rows(in_vault) == [(0,)]

    assert city.bring(write_csv(tmp_path / "old.csv", [row]), MAPPING).same == 1
    later = city.bring(write_csv(tmp_path / "old.csv", [{**row, "closed": "2026-01-07 08:00"}]), MAPPING)
    assert later.renewed == 1
    assert city.rows(in_vault) == [(0,)]


def test_the_load_of_a_unit_is_what_runs(town, tmp_path):
    """Open imported work counts as load, once, until the other system tells that it is done."""
    load = "SELECT open_tasks FROM unit_load WHERE city = :city AND unit = 'roads-north'"
    row = {**GOOD, "no": "1"}
    town.bring(write_csv(tmp_path / "old.csv", [row]), MAPPING)
    assert town.rows(load) == [(1,)]
    town.bring(write_csv(tmp_path / "old.csv", [{**row, "deadline": "2026-01-09 18:00"}]), MAPPING)
    assert town.rows(load) == [(1,)]
    assert town.rows("SELECT count(*) FROM task WHERE city = :city") == [(1,)]
    town.bring(write_csv(tmp_path / "old.csv", [{**row, "closed": "2026-01-06 08:00"}]), MAPPING)
    assert town.rows(load) == [(0,)]
    assert town.rows("SELECT outcome FROM task WHERE city = :city") == [("called_off",)]
