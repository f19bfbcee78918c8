"""Search over cases: in Chinese and English, by what everybody sees and by what one may read, until it is erased."""

import pytest

from cityloop.desk import index_all
from cityloop.journal import erase, vault_ids


@pytest.fixture
def town(world):
    """Three cases with words, in two districts."""
    world.report("r1", kind="rubbish", cell="a1", says="建设路5号楼下垃圾堆了三天，电话13812345678")
    world.report("r2", kind="pothole", cell="d1", says="A deep pothole near the Old Bridge, 解放路口")
    world.report("r3", kind="greenery", cell="d1", says="树枝挡住了路灯")
    return world


@pytest.mark.parametrize(
    ("words", "names"),
    [
        ("建设路", ["r1"]),
        ("垃圾", ["r1"]),
        ("建设路5号", ["r1"]),
        ("建设 三天", ["r1"]),
        ("建设路 解放路", []),
        ("bridge", ["r2"]),
        ("OLD brid", ["r2"]),
        ("ＰＯＴＨＯＬＥ", ["r2"]),
        ("路灯", ["r3"]),
        ("household", ["r1"]),
        ("household 建设路", ["r1"]),
        ("灯路", []),
        ("13812345678", []),
        ("E0110202603020001", ["r1"]),
        ("0110202603", ["r1"]),
    ],
)
def test_words_find_cases(town, words, names):
    """By words of a report, class, number or a part of it; several words must all be there; telephone numbers find nothing."""
    assert town.cases_found(words) == names


def test_who_may_not_read_reports_does_not_find_by_them(town):
    """A leader finds by number and class, which they see; not by words that they may not read."""
    assert town.cases_found("建设路", by="leader") == []
    assert town.cases_found("household", by="leader") == ["r1"]
    assert town.cases_found("household 建设路", by="leader") == []


def test_nobody_finds_what_their_seats_do_not_reach(town):
    """The south's acceptor does not find the north's case."""
    assert town.cases_found("建设路", by="acceptor-south") == []
    assert town.cases_found("解放路", by="acceptor-south") == ["r2"]
    assert town.cases_found("垃圾", by="handler-cleaning") == ["r1"]
    assert town.cases_found("解放路", by="handler-cleaning") == []


def test_a_joined_report_finds_the_case_that_holds_it(town):
    """Also after a waiting case was joined to another by hand."""
    town.report("r4", kind="rubbish", cell="a1", joins="r1", says="臭气熏天")
    assert town.cases_found("臭气") == ["r1"]
    town.report("r5", kind="greenery", cell="d1", says="枯枝落叶")
    town.join("r5", "r3")
    assert town.cases_found("枯枝") == ["r3"]


def test_a_joined_report_leaves_the_others_alone(town):
    """However many reports a case has, one more costs one row: a row that was changed by hand is not made again."""
    town.writer.whole(lambda tx: tx.run("UPDATE case_words SET words = 'old' WHERE city = :city AND source IS NOT NULL"))
    town.report("r4", kind="rubbish", cell="a1", joins="r1", says="臭气熏天")
    assert town.cases_found("臭气") == ["r1"]
    assert town.cases_found("old") == ["r3", "r2", "r1"]
    assert town.cases_found("建设路") == []


def test_a_corrected_class_is_found_by_its_new_name(town):
    """What the acceptor makes of it counts."""
    before = town.cases_found("noise")
    town.accept("r3", kind="noise")
    assert (before, town.cases_found("noise")) == ([], ["r3"])


def test_what_is_erased_is_not_found(town):
    """The words go from the index in the same transaction as from the vault; number and class still find the case."""
    said = town.writer.change(lambda tx: erase(tx, vault_ids(tx, f"report/{town.reports['r1']}"), reason="ordered"))
    assert said == []
    assert town.cases_found("建设路") == []
    assert town.cases_found("household") == ["r1"]
    with town.database.reading() as tx:
        left = tx.all("SELECT words FROM case_words WHERE city = :city")
    assert not [row for row in left if "建设" in row.words]


def test_the_index_can_be_made_anew(town):
    """From cases and vault alone, the same as it grew."""
    def rows():
        with town.database.reading() as tx:
            return sorted(tx.all("SELECT id, case_id, source, words FROM case_words WHERE city = :city"))

    town.report("r4", kind="rubbish", cell="a1", joins="r1", says="臭气熏天")
    grown = rows()
    assert len(grown) == 7
    assert index_all(town.writer) == 3
    assert rows() == grown
    assert town.cases_found("建设路") == ["r1"]


def test_a_question_must_hold_something(town):
    """One character of Chinese, or none at all, finds nothing and says so; filters go with words."""
    for words in ("路", "？！", "　.　"):
        with town.refuses("search.too_short"):
            town.cases_found(words)
    lines = town.get("/v1/screens/queue", by="acceptor", q="路灯", state="to_file")["items"]
    assert lines == []
