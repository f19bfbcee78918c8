"""Laws of people: erased leaves no trace, posts replay, a lock holds against any order of guesses."""

import itertools
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from tests.people_world import World, hashed, policy

from cityloop import people
from cityloop.db import TABLES
from cityloop.domain.errors import Refused
from cityloop.domain.permission import COMMAND, SUPERVISION
from cityloop.domain.policy import Axis
from cityloop.journal.replay import differences, replay
from cityloop.people import rules, sessions
from cityloop.people.model import NotSimulated, SignInLocked

MARKS = ("我家邻居刘某", "13812345678", "zhao.secret", "赵秘密", "18600009999")
CELL = "990101001001001"


@pytest.fixture
def world(places, tmp_path, clock):
    found = World(places.open(clock=clock), tmp_path)
    yield found
    found.close()


def traces(world) -> list[tuple[str, str]]:
    """Tables that still hold a mark, in any row of any kind."""
    found = []
    with world.database.reading() as tx:
        for name in TABLES:
            for row in tx.all(f"SELECT * FROM {name} WHERE city = :city"):
                said = b"\0".join(
                    bytes(part) if isinstance(part, bytes | memoryview) else str(part).encode() for part in row
                )
                found += [(name, mark) for mark in MARKS if mark.encode() in said]
    return sorted(set(found))


def replays(world, places) -> bool:
    target = places.open(world.database.city, name="again") if places.engine == "sqlite" else None
    if target is None:
        pytest.skip("replay across engines has its own law")
    replay(world.database, target, world.journal)
    count, off = differences(world.database, target)
    assert count
    return off == ()


def person(world) -> str:
    return world.writer.change(
        lambda tx: people.open_account(
            tx, sign_in_name="zhao.secret", person=people.Person(name="赵秘密", phone="18600009999")
        )
    )


def test_what_is_erased_leaves_no_trace_and_the_journal_replays(world, places, clock):
    report = world.report(said=MARKS[0], contact={"phone": MARKS[1]}, cell=CELL, photo=b"a face 13812345678")
    account = person(world)
    assert {name for name, _ in traces(world)} == {"vault", "sign_in_name"}

    world.writer.change(lambda tx: people.close_account(tx, account, reason="left"))
    done = world.writer.change(
        lambda tx: people.erase_asked(
            tx,
            subjects=[f"report/{report}", f"account/{account}"],
            ids=[],
            reason="asked_by_person",
            erased=world.erased,
        )
    )
    people.delete_files(world.writer, done.files, files=world.files)

    assert traces(world) == []
    assert not [path for path in (world.folder / "files").rglob("*") if len(path.name) == 64]
    if places.engine == "sqlite":
        world.database.engine.script("VACUUM;\n")
        world.database.engine.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        raw = b"".join(path.read_bytes() for path in places.folder.glob("city.db*"))
        assert [mark for mark in MARKS if mark.encode() in raw] == []
    assert replays(world, places)


def test_what_a_restore_brings_back_is_erased_before_the_door_opens(world):
    report = world.report(said=MARKS[0], contact={"phone": MARKS[1]})
    with world.database.reading() as tx:
        rows = tx.all("SELECT id FROM vault WHERE city = :city AND subject = :s", s=f"report/{report}")
    world.erased.add([row.id for row in rows])  # erased after the backup was taken
    world.writer.whole(world.erased.again)
    assert traces(world) == []


def test_the_term_erases_what_is_over_and_keeps_the_people_of_open_accounts(world, clock):
    stays, goes = person(world), world.account("wu.ning")
    world.report(said=MARKS[0], contact={"phone": MARKS[1]}, photo=b"a face")
    world.writer.change(lambda tx: people.close_account(tx, goes, reason="left"))

    def sweep() -> int:
        return people.sweep_overdue(world.writer, erased=world.erased, files=world.files)

    assert sweep() == 0
    clock.forward(days=31)
    assert sweep() == 3  # words, contact, photo
    clock.forward(days=365)
    assert sweep() == 1  # the person of the closed account
    clock.forward(days=9_000)
    assert sweep() == 0
    assert world.value("SELECT count(*) FROM vault WHERE city = :city AND subject = :s", s=f"account/{stays}") == 1


def test_the_people_of_a_made_up_city_replay(world, places):
    assert world.writer.change(lambda tx: people.seed_accounts(tx, policy(), hashed())) == 166
    assert world.writer.change(lambda tx: people.seed_accounts(tx, policy(), hashed())) == 0
    leaver = world.value("SELECT account FROM seat WHERE city = :city AND post = :post", post="dispatcher-1")
    world.writer.change(lambda tx: people.leave_post(tx, leaver, "dispatcher-1"))
    world.writer.change(lambda tx: people.close_account(tx, leaver, reason="moved"))
    with pytest.raises(NotSimulated):
        world.writer.change(lambda tx: people.seed_accounts(tx, replace(policy(), simulated=False), hashed()))
    assert replays(world, places)


def test_no_two_posts_of_the_pack_join_supervision_and_command():
    """The slow, plain truth: every pair of roles, by axis and by permission."""
    roles = policy().role_by_id
    posts = {post.role: post for post in policy().posts}
    for first, second in itertools.product(posts.values(), repeat=2):
        both = {roles[first.role].axis, roles[second.role].axis}
        granted = {*roles[first.role].permissions, *roles[second.role].permissions}
        wrong = {Axis.supervision, Axis.command} <= both or bool(granted & SUPERVISION and granted & COMMAND)
        try:
            rules.apart([first, second], roles)
        except Refused:
            assert wrong, (first.id, second.id)
        else:
            assert not wrong, (first.id, second.id)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.booleans(), st.integers(0, 20)), max_size=25))
def test_no_order_of_guesses_gets_more_than_five_in_a_quarter_of_an_hour(world, clock, tries):
    name = f"n{next(NUMBERS)}"
    world.account(name)
    wrong: list = []  # the moments of wrong guesses since the last right one
    locked_until = None
    for right, minutes in tries:
        clock.forward(minutes=minutes)
        is_locked = locked_until is not None and clock.now < locked_until
        try:
            known = world.writer.change(lambda tx: sessions.knock(tx, name))
            session = world.writer.change(
                lambda tx, known=known, right=right: sessions.sign_in(
                    tx, name, known, shown=sessions.Shown(right=right), digest=f"d{next(NUMBERS)}",
                    door=sessions.DoorRules(hours=12),
                )
            )
        except SignInLocked:
            assert is_locked
            continue
        assert not is_locked
        assert (session is not None) == right
        if right:
            wrong, locked_until = [], None
        else:
            if locked_until is not None:
                wrong, locked_until = [], None
            wrong.append(clock.now)
            if len(wrong) >= 5:
                locked_until = clock.now + timedelta(minutes=15)


NUMBERS = itertools.count()
