"""A city leaves with everything: nothing is left out without a reason, and all of it is verified without us."""

import csv
import json
import shutil
import subprocess
import sys
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from tests.kept_world import call

from cityloop.db import TABLES, Database
from cityloop.keeping.leaving_words import why_left


@pytest.fixture(scope="module")
def left(played, tmp_path_factory):
    """What the city took along."""
    home = tmp_path_factory.mktemp("leaving") / "home"
    shutil.copytree(played / "home", home)
    code, said = call(home, "leave", "--to", str(home.parent / "left"))
    assert code == 0, said
    return home.parent


@pytest.fixture
def taken(left, tmp_path):
    shutil.copytree(left / "left", tmp_path / "left")
    return tmp_path / "left"


def verified(folder: Path) -> tuple[int, str]:
    """The script that lies in it, by a bare Python: none of our packages."""
    done = subprocess.run([sys.executable, "-I", "-S", str(folder / "verify_all.py")], capture_output=True, text=True)
    return done.returncode, done.stdout + done.stderr


def test_it_is_verified_without_us(taken):
    code, said = verified(taken)
    assert code == 0, said
    assert "checkpoints stand over" in said


def test_every_table_is_there_or_named_with_its_reason(left):
    with (left / "left" / "dictionary.csv").open(encoding="utf-8-sig", newline="") as lines:
        said = {(row["table"], row["column"]): row for row in csv.DictReader(lines)}
    assert {(name, column) for name, table in TABLES.items() for column in table.columns} == said.keys()
    readme = (left / "left" / "README.md").read_text()
    for name, table in TABLES.items():
        path = left / "left" / "tables" / table.kind.value / f"{name}.parquet"
        why = said[name, "city"]["left_out"]
        assert path.exists() != bool(why), name
        assert why == why_left(table)
        assert not why or f"`{name}`: {why}" in readme


def test_the_rows_are_those_of_the_city(left):
    database = Database(str(left / "home" / "city.db"), "demo")
    with database.reading() as tx:
        for name, table in TABLES.items():
            if not why_left(table):
                count = tx.value(f"SELECT count(*) FROM {name} WHERE city = :city")
                path = left / "left" / "tables" / table.kind.value / name
                assert pq.read_metadata(path.with_suffix(".parquet")).num_rows == count, name
                with path.with_suffix(".csv").open(encoding="utf-8-sig", newline="") as lines:
                    assert sum(1 for _ in csv.reader(lines)) == count + 1, name
        facts = tx.tuples("SELECT body FROM fact WHERE city = :city ORDER BY seq")
        photos = {row[0] for row in tx.tuples("SELECT id FROM vault WHERE city = :city AND file IS NOT NULL")}
        versions = tx.tuples("SELECT digest FROM pack_version WHERE city = :city")
    database.close()
    told = [json.loads(line)["body"] for path in sorted((left / "left" / "journal").glob("*.jsonl")) for line in path.read_text().splitlines()]
    assert told == [bytes(row[0]).decode() for row in facts]
    assert {path.stem for path in (left / "left" / "photos").iterdir()} == photos
    assert all((path.read_bytes()[:2] == b"\xff\xd8") for path in (left / "left" / "photos").glob("*.jpg"))
    assert all((left / "left" / "packs" / digest[:16]).is_dir() for (digest,) in versions)
    cells = json.loads((left / "left" / "geometry" / "cells.geojson").read_text())
    assert len(cells["features"]) > 100
    assert cells["features"][0]["geometry"]["type"] == "Polygon"


def test_no_table_with_a_secret_leaves():
    """By the names of columns: whoever adds such a table says why it stays behind."""
    secret = {"secret", "old_secret", "sealed", "hash"}
    assert [name for name, table in TABLES.items() if secret & set(table.columns) and not why_left(table)] == []


def test_no_key_leaves(left):
    """Of sealed photos the keys stay, and no secret of people or partners is there."""
    sealed = pq.read_table(left / "left" / "tables" / "vault" / "vault.parquet").to_pylist()
    assert {row["bytes"] for row in sealed if row["file"]} == {b""}
    assert not list((left / "left").rglob("*.key"))
    assert not list((left / "left").rglob("credential.*"))


@pytest.mark.parametrize("fault", ["a file is missing", "a fact is changed", "a fact is gone", "a file is changed", "the sums are made again"])
def test_what_was_changed_on_the_way_is_seen(taken, fault):
    facts = next((taken / "journal").glob("*.jsonl"))
    lines = facts.read_text().splitlines(keepends=True)
    if fault == "a file is missing":
        next((taken / "photos").iterdir()).unlink()
    elif fault == "a file is changed":
        (taken / "dictionary.csv").write_text("other")
    else:
        lines = lines[:-1] if fault == "a fact is gone" else [lines[0].replace('"body": "{', '"body": "{ '), *lines[1:]]
        facts.write_text("".join(lines))
    if fault == "the sums are made again":  # by somebody who knows how: the checkpoints still tell
        from cityloop.keeping.leaving import _manifest

        _manifest(taken)
    code, said = verified(taken)
    assert code == 1
    assert "BROKEN" in said


def test_a_folder_that_holds_something_is_refused(played, tmp_path):
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "there").write_text("")
    shutil.copytree(played / "home", tmp_path / "home")
    assert call(tmp_path / "home", "leave", "--to", str(tmp_path / "full"))[1].startswith("keeping.not_empty")
