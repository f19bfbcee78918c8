"""One played city for all tests of keeping."""

import sqlite3

import pytest
from tests.kept_world import call


@pytest.fixture(scope="session")
def played(tmp_path_factory):
    """A city with a small week in it, backed up while a writer has it open."""
    folder = tmp_path_factory.mktemp("kept")
    assert call(folder / "home", "demo", "--reports", "25")[0] == 0
    (folder / "word").write_text("a long passphrase\n")
    with sqlite3.connect(folder / "home" / "city.db", isolation_level=None) as writer:
        writer.execute("BEGIN IMMEDIATE")  # somebody writes meanwhile
        code, said = call(
            folder / "home", "backup", "make", "--to", str(folder / "backup"), "--keys-to", str(folder / "keys.locked"),
            "--passphrase", str(folder / "word"),
        )  # fmt: skip
        writer.execute("ROLLBACK")
    assert code == 0, said
    return folder
