"""`cityloop import` on the command line: a sketch, an import, what is bad, what differs."""

import csv
import shutil
from pathlib import Path

import pytest
from tests.import_world import MAPPING, write_csv
from typer.testing import CliRunner

from cityloop.cli import root
from cityloop.domain.errors import CityloopError

REPO = Path(__file__).resolve().parents[2]
ROWS = [
    {"no": "1", "came_in": "2026-01-05 08:00", "closed": "2026-01-06 08:00"},
    {"no": "2", "came_in": "2026-01-05 09:00", "closed": "2026-01-06 08:00", "unit": "nobody"},
    {"no": "3", "came_in": "2026-01-05 10:00", "closed": "2026-01-06 08:00"},
]


@pytest.fixture
def run(tmp_path):
    """`run("import", …)`: exit code and what was said; a refusal is said by its code."""
    home = tmp_path / "home"

    def command(*words: object) -> tuple[int, str]:
        done = CliRunner().invoke(root.app, [str(each) for each in words], env={"CITYLOOP_HOME": str(home)})
        if isinstance(done.exception, CityloopError):
            return 1, f"{done.exception.code}: {done.exception.detail}"
        if done.exception and not isinstance(done.exception, SystemExit):
            raise done.exception
        return done.exit_code, done.output

    return command


@pytest.fixture
def files(tmp_path):
    """An export and its mapping."""
    (tmp_path / "m.toml").write_text(MAPPING, encoding="utf-8")
    return write_csv(tmp_path / "old.csv", ROWS), tmp_path / "m.toml"


def test_a_sketch_is_a_mapping_to_begin_with(run, files, tmp_path):
    code, said = run("import", files[0], "--sketch")
    assert code == 0
    (tmp_path / "sketched.toml").write_text(said, encoding="utf-8")
    assert "[columns]" in said
    assert "came_in" in said


def test_an_import_says_what_it_did_and_what_is_bad(run, files, tmp_path):
    """The exit code tells a script that some rows could not come in; a second time nothing is new."""
    assert run("import", files[0], "--mapping", files[1])[1].startswith("cli.no_city")
    assert run("demo", "--reports", "1")[0] == 0
    code, said = run("import", files[0], "--mapping", files[1])
    assert (code, "2 new, 1 bad" in said) == (3, True), said
    with (tmp_path / "old.csv.bad.csv").open(newline="", encoding="utf-8-sig") as listed:
        assert [(row["line"], row["column"]) for row in csv.DictReader(listed)] == [("3", "unit")]
    assert "2 known already, 1 bad" in run("import", files[0], "--mapping", files[1])[1]
    assert "imported from old-system" in run("case", "why", "1")[1]
    assert "文件导入 old-system" in run("case", "why", "1", "--in", "zh")[1]
    assert run("journal", "replay")[0] == 0

    code, said = run("import", files[0], "--mapping", files[1], "--compare", "--out", tmp_path / "d.csv")
    assert code == 0
    assert "differences are listed" in said


def test_what_belongs_in_a_pack_asks_for_one(run, tmp_path):
    """And what belongs in the city asks for none."""
    shutil.copytree(REPO / "tests/packs/mini", tmp_path / "mini")
    write_csv(tmp_path / "u.csv", [{"code": "parks", "name": "园林处", "kind": "parks"}], ("code", "name", "kind"))
    (tmp_path / "u.toml").write_text(
        'source = "personnel"\nkind = "units"\nkey = ["code"]\n[constants]\nlevel = "city"\n'
        '[columns]\nid = "code"\nname_zh = "name"\nkind = "kind"\n'
    )
    assert run("import", tmp_path / "u.csv", "--mapping", tmp_path / "u.toml")[0] == 2
    code, said = run("import", tmp_path / "u.csv", "--mapping", tmp_path / "u.toml", "--into", tmp_path / "mini")
    assert (code, "1 new" in said) == (0, True), said
    assert "parks" in (tmp_path / "mini/units.csv").read_text()
    assert run("import", tmp_path / "u.csv")[0] == 2
