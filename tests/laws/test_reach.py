"""A list shows exactly the cases that asking one by one would show, filtered and ordered: on any seats, on any page."""

from collections.abc import Iterator

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.engines import Clock, Places
from tests.world import CELLS, World, caller_in, the_app

from cityloop.cases import Case
from cityloop.cases.reach import reach_of
from cityloop.domain.lifecycle import OVER, State
from cityloop.domain.permission import Permission
from cityloop.http import Caller
from cityloop.pages.console.queue import queue_page
from cityloop.pages.console.queue_line import queue_written
from cityloop.pages.queue import Asked, case_list, case_list_written, walks_of
from cityloop.pages.telling import Teller
from cityloop.people.scope import sees

POSTS = (
    "acceptor-south", "collector-a1", "collector-c", "dispatcher-north", "dispatcher-street-1", "handler-cleaning",
    "handler-street-1", "handler-roads-south", "leader", "system",
)  # fmt: skip
KINDS = ("rubbish", "pothole", "noise", "greenery", "building", "laundry", "river")


@pytest.fixture
def town(places: Places, tmp_path) -> Iterator[World]:
    """Forty-two cases of every kind in every cell, each brought a different way along."""
    clock = Clock()
    clock.set("2026-03-02 09:00")
    with the_app() as client:
        world = World(places.open(clock=clock), clock, tmp_path, client)
        for place, (cell, kind) in enumerate((cell, kind) for cell in CELLS for kind in KINDS):
            world.report(f"r{place}", kind=kind, cell=cell, channel="app" if place % 2 else "collector")
            world.later(minutes=7)
            bring_along(world, f"r{place}", place % 5)
        world.report("nowhere", kind=None, cell=None)
        yield world
        world.close()


def bring_along(world: World, name: str, steps: int) -> None:
    """Move a dispatched case some steps on, and refuse what waits now and then."""
    if world.state(name) == "to_sign":
        does = (world.sign, world.finish, world.inspect)
        for deed in does[: steps if world.case(name).cell != CELLS["e1"] else min(steps, 2)]:
            deed(name)
    elif world.state(name) == "reported" and steps == 3:
        world.refuse(name)


def cases_of(town: World) -> list[Case]:
    with town.database.reading() as tx:
        ids = [row.id for row in tx.all("SELECT id FROM case_file WHERE city = :city ORDER BY id DESC")]
        tx.get_many("case_file", Case, ids)
        return [tx.get("case_file", Case, id) for id in ids]


def plain(cases: list[Case], asked: Asked, caller: Caller) -> list[str]:
    """The slow, plain truth: one case after another."""
    by_clock = asked.order == "clock"
    found = [
        case
        for case in cases
        if any(sees(seat, case) for seat in caller.seats_with(Permission.case_read))
        and (not asked.states or case.state in asked.states)
        and (asked.open is None or asked.open == (case.state not in OVER))
        and (asked.unit is None or case.unit == asked.unit)
        and (asked.post is None or case.post == asked.post)
        and (asked.area is None or (case.cell or "").startswith(asked.area))
        and (asked.class_key is None or case.class_key == asked.class_key)
        and (asked.level is None or case.level == asked.level)
        and (asked.due_before is None or (case.clock_due is not None and case.clock_due < asked.due_before))
        and (not by_clock or case.clock_due is not None)
    ]
    if by_clock:
        found.sort(key=lambda case: (case.clock_due, case.id))
    return [case.id for case in found]


def listed(town: World, asked: Asked, caller: Caller, limit: int) -> list[str]:
    """All pages of a list."""
    found, mark = [], None
    with town.database.reading() as tx:
        while True:
            page = case_list(
                tx, asked, reach_of(caller), policy=town.policy, now=town.clock(), after=mark, limit=limit
            )  # fmt: skip
            found += [each.id for each in page.items]
            mark = page.next
            if mark is None:
                return found


def any_of(*values):
    return st.one_of(st.none(), st.sampled_from(values))


@settings(
    max_examples=250, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(data=st.data())
def test_a_list_is_what_asking_one_by_one_would_show(town, data):
    cases = cases_of(town)
    draw = data.draw
    moments = [case.clock_due for case in cases if case.clock_due]
    asked = Asked(
        states=tuple(draw(st.lists(st.sampled_from(State), max_size=3, unique=True))),
        open=draw(any_of(True, False)),
        unit=draw(any_of("cleaning", "street-1", "roads-south", "nobody")),
        post=draw(any_of("collector-a1", "collector-c")),
        area=draw(any_of("990201", "990201001", "990202001001")),
        class_key=draw(any_of("gbt30428_2_2013/event/0110", "gbt30428_2_2013/event/0128")),
        level=draw(any_of("city", "district", "street")),
        due_before=draw(any_of(*moments)),
        order=draw(st.sampled_from(("newest", "clock"))),
    )
    caller = caller_in(town.policy, *draw(st.lists(st.sampled_from(POSTS), min_size=1, max_size=3, unique=True)))

    assert listed(town, asked, caller, draw(st.integers(1, 50))) == plain(cases, asked, caller)


def test_what_a_list_wrote_before_is_what_it_would_write_now(town):
    """Whatever happens to the cases, and as time goes by; so is the queue, in each language."""

    def both(order: str) -> tuple[bytes, bytes]:
        given = {"policy": town.policy, "now": town.clock(), "after": None, "limit": 20}
        asked, reach = Asked(order=order), reach_of(caller_in(town.policy, "leader"))
        with town.database.reading() as tx:
            return case_list_written(tx, asked, reach, **given), msgspec.json.encode(
                case_list(tx, asked, reach, **given)
            )

    def both_queues(order: str, language: str) -> tuple[bytes, bytes]:
        given = {"now": town.clock(), "after": None, "limit": 20}
        asked, reach = Asked(order=order), reach_of(caller_in(town.policy, "leader"))
        tell = Teller(policy=town.policy, language=language)
        with town.database.reading() as tx:
            return queue_written(tx, asked, reach, tell, **given), msgspec.json.encode(
                queue_page(tx, asked, reach, None, tell, **given)
            )

    for place in range(30, 42):
        bring_along(town, f"r{place}", 3)
        town.later(minutes=place % 3 * 25)
        for order in ("newest", "clock"):
            written, plain = both(order)
            assert written == plain
            for language in ("zh", "en", "zh+en"):
                written, plain = both_queues(order, language)
                assert written == plain
    town.later(minutes=600)  # all are late by now
    for language in ("zh", "en"):
        written, plain = both_queues("clock", language)
        assert written == plain
        assert b'"lamp":"red"' in written


def test_no_walk_is_forgotten():
    """Every state is walked when nothing pins one; a handler's list walks their unit alone."""
    policy_free = Caller(account="a", name="a")
    assert walks_of(Asked(), reach_of(policy_free)) == [""]
    assert len(walks_of(Asked(open=True), reach_of(policy_free))) == len(set(State) - OVER)
    assert walks_of(Asked(unit="x", open=True), reach_of(policy_free)) == ["c.unit = :unit AND c.is_open = 1"]
