"""Looking once more: reports that are understood together are still one problem, and become one case."""

import pytest
from tests.world import World

from cityloop.domain import facts as f
from cityloop.journal.deliver import CALM
from cityloop.stages import filing


def cases(world: World) -> int:
    """How many cases the town has."""
    with world.database.reading() as tx:
        return tx.value("SELECT count(*) FROM case_file WHERE city = :city")


def test_two_reports_understood_together_become_one_case(world):
    """Neither saw the other's case when it was understood; filing looks once more before it opens one."""
    world.report("r1", kind="rubbish", heard=False)
    world.report("r2", kind="rubbish", beside="r1")

    assert world.case("r2").id == world.case("r1").id
    assert world.case("r1").reports == 2
    assert world.fact("r1", f.ReportJoined).why == ("distance_m:5", "opened_h:0", "sure:931472", "seen_at_filing")
    assert world.story("r1") == ["ReportReceived", "CaseFiled", "ReportJoined", "CaseDispatched"]


def test_however_many_come_at_once_it_is_one_case(world):
    """Every later report of the problem finds the case that the first one opened."""
    world.report("r0", kind="rubbish", heard=False)
    for number in range(1, 9):
        world.report(f"r{number}", kind="rubbish", beside="r0", east_m=number % 3, heard=False)
    world.drain()

    assert cases(world) == 1
    assert world.case("r0").reports == 9


@pytest.mark.parametrize(
    ("kind", "east_m"),
    [
        ("rubbish", 60),  # beyond the 50 m of the class
        ("pothole", 5),  # something else at the same place
    ],
)
def test_what_understand_would_not_join_is_not_joined_now(world, kind, east_m):
    """The second look joins by the same measure as the first: class, distance and time."""
    world.report("r1", kind="rubbish", heard=False)
    world.report("r2", kind=kind, beside="r1", east_m=east_m)

    assert cases(world) == 2
    assert world.state("r2") == "to_sign"


def test_not_sure_enough_is_for_the_acceptor(world):
    """Forty metres apart it may be the same: the case waits, and says for what."""
    world.report("r1", kind="rubbish", heard=False)
    world.report("r2", kind="rubbish", beside="r1", east_m=40)

    assert world.state("r2") == "reported"
    assert world.case("r2").near_case == world.case("r1").id
    why = world.fact("r2", f.CaseOpened).why
    assert why == ("join_possible:292286<900000", "seen_at_filing", "may_join")

    world.join("r2", "r1")
    assert world.case("r1").reports == 2


def test_a_private_place_is_compared_by_its_cell_and_never_joined_alone(world):
    """Where only the cell is known, a person decides whether it is the same."""
    world.report("r1", kind="vagrant", heard=False)
    world.report("r2", kind="vagrant", heard=False)
    world.report("r3", kind="vagrant", cell="b1")

    assert world.case("r2").near_case == world.case("r1").id
    assert world.fact("r2", f.CaseOpened).why[0] == "join_possible:598688<900000"
    assert world.case("r3").near_case is None


def test_a_waiting_case_is_joined_too(world):
    """A case that waits for a person is open; the second report need not wait beside it."""
    world.report("r1", kind="greenery", heard=False)
    world.report("r2", kind="greenery", beside="r1")

    assert world.state("r1") == "reported"
    assert world.case("r2").id == world.case("r1").id


def test_the_surest_of_what_was_seen_before_and_now(world):
    """Understand saw a case that may be it; one that was opened since surely is."""
    world.report("old", kind="rubbish")
    world.later(minutes=5)
    world.report("r1", kind="rubbish", heard=False)
    world.report("r2", kind="rubbish", beside="r1", joins="old", joins_ppm=600_000)

    assert world.case("r2").id == world.case("r1").id


def test_a_case_that_a_person_ended_meanwhile_is_not_joined(world):
    """The acceptor's refusal comes first: what is reported after it is a problem of its own."""
    world.report("r1", kind="greenery")
    world.report("r2", kind="greenery", beside="r1", heard=False)
    world.refuse("r1")

    assert world.state("r1") == "not_accepted"
    assert world.state("r2") == "reported"
    assert world.case("r2").near_case is None


def test_a_case_that_a_person_merged_meanwhile_is_followed(world):
    """A report follows the case to the one that took it in."""
    world.report("r1", kind="rubbish")
    world.report("r2", kind="greenery")
    world.report("r3", kind="greenery", beside="r2", heard=False)
    world.join("r2", "r1")

    assert world.case("r3").id == world.case("r1").id
    assert world.case("r1").reports == 3


def test_a_case_that_a_person_files_meanwhile_is_joined(world):
    """Accepted and filed by hand while the second report was on its way: it belongs to the filed case."""
    world.report("r1", kind="greenery")
    world.report("r2", kind="greenery", beside="r1", heard=False)
    waiting = world.case("r1")
    policy = world.policy
    world.writer.change(lambda tx: filing.accept_case(tx, waiting.id, policy=policy, now=tx.now))
    world.writer.change(lambda tx: filing.file_case(tx, waiting.id, policy=policy, now=tx.now))
    world.drain()

    assert world.case("r2").id == waiting.id
    assert world.case("r1").number


def test_a_report_that_was_held_looks_by_itself(world):
    """What is tried again comes alone, without the fetch for many; it looks all the same."""
    world.report("r1", kind="rubbish", heard=False)
    world.report("r2", kind="rubbish", beside="r1", heard=False)
    policy = world.policy
    for name in ("r1", "r2"):
        fact = world.fact(name, f.ReportUnderstood)
        world.writer.change(lambda tx, fact=fact: filing.take_up(tx, fact, policy=policy, now=tx.now))
    world.drain()

    assert world.case("r1").reports == 2


def test_many_that_come_together_cost_one_statement_more(world, monkeypatch):
    """Nothing is asked for each report: the cases opened since are fetched once for all that come together."""
    for number in range(CALM):
        world.report(f"r{number}", kind="rubbish", heard=False)
    fetch, asked = world.database.engine.fetch, []
    monkeypatch.setattr(world.database.engine, "fetch", lambda sql, params: (asked.append(sql), fetch(sql, params))[1])
    world.drain()

    assert len([sql for sql in asked if "id >= :least" in sql]) == 1


def test_told_again_and_replayed_it_is_the_same(world):
    """Hearing everything twice joins nothing twice, and the facts alone make the same tables."""
    world.report("r1", kind="rubbish", heard=False)
    world.report("r2", kind="rubbish", beside="r1")
    before = world.story("r1")
    world.tell_again()

    assert world.story("r1") == before
    assert world.replayed() == []
