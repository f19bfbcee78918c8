"""`cityloop wide`: the archive is made, looked over, and made again where it is not whole."""

from tests.contract.test_cli import home, played, run

__all__ = ["home", "played", "run"]  # its fixtures: a city with a small week in it


def test_the_archive_is_built_and_is_whole(run, home):
    code, said = run("wide", "build")
    assert code == 0, said
    assert "the archive stands at" in said
    assert "Heard 0 facts" in run("wide", "build")[1]
    code, said = run("wide", "check")
    assert code == 0, said
    assert "Whole" in said
    files = sorted((home / "wide").glob("*/*.parquet"))
    assert {path.parent.name for path in files} >= {"fact", "report", "case_file", "task"}
    files[0].write_bytes(b"nothing")
    files[1].unlink()
    code, said = run("wide", "check")
    assert code == 1
    assert "damaged" in said
    assert "missing" in said
    assert "cityloop wide build" in said
