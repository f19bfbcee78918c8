"""Turns: in the order in which they came, a few in each turn of the loop, so that whoever does not wait for one gets in between."""

import asyncio
import time

from hypothesis import given
from hypothesis import strategies as st

from cityloop.http.turns import AT_ONCE, REPORT, Turns

COST_S = 0.002


def busy(seconds: float) -> None:
    until = time.perf_counter() + seconds
    while time.perf_counter() < until:
        pass


@given(st.lists(st.sampled_from((0,) * 12 + (1, 3)), min_size=1, max_size=40), st.sets(st.integers(0, 39)))
def test_all_come_in_order_and_few_at_once(pauses, gone):
    """But for those of one turn. Whoever goes away while they wait holds nobody up; in one turn of the loop no more than `AT_ONCE` begin."""

    async def story():
        turns, began, loop_turns = Turns(), [], [0]
        ticking = True

        def tick():
            loop_turns[0] += 1
            if ticking:
                asyncio.get_running_loop().call_soon(tick)

        async def one(number):
            await turns.mine()
            began.append((number, loop_turns[0]))

        tick()
        tasks = []
        for number, pause in enumerate(pauses):
            tasks.append(asyncio.create_task(one(number)))
            for _ in range(pause):
                await asyncio.sleep(0)
            if number in gone:
                tasks[-1].cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        ticking = False
        there = [number for number, task in enumerate(tasks) if not task.cancelled()]
        order = [number for number, _ in began]
        assert sorted(order) == there
        overtook = [sum(other > number for other in order[:place]) for place, number in enumerate(order)]
        assert max(overtook, default=0) < AT_ONCE  # whoever comes in the very turn in which others are called may be there first
        for at in {at for _, at in began}:
            assert sum(each == at for _, each in began) < 2 * AT_ONCE  # our count of turns and its own begin at different places
        assert len(turns) == 0
        assert turns.waits_s(time.monotonic()) == 0.0

    asyncio.run(story())


def test_what_weighs_more_takes_the_place_of_several():
    """Of reports fewer begin in a turn; they keep their place in the order, and nobody lighter goes by."""

    async def story():
        turns, began, turn = Turns(), [], [0]

        async def one(name, weight):
            await turns.mine(weight)
            began.append((name, turn[0]))

        tasks = [asyncio.create_task(one(name, weight)) for name, weight in zip("abcdefg", (REPORT,) * 5 + (1, 1), strict=True)]
        while not all(task.done() for task in tasks):
            await asyncio.sleep(0)
            turn[0] += 1
        assert [name for name, _ in began] == list("abcdefg")
        by_turn = [[name for name, at in began if at == each] for each in sorted({at for _, at in began})]
        assert [len(each) for each in by_turn] == [AT_ONCE // REPORT, AT_ONCE // REPORT, 3]

    asyncio.run(story())


def test_who_does_not_wait_gets_in_between():
    """Two hundred came at once, each of some milliseconds: somebody on duty waits for a few of them, not for all."""

    async def story():
        turns, done = Turns(), []

        async def look():
            await turns.mine()
            busy(COST_S)
            done.append(time.perf_counter())

        looks = [asyncio.create_task(look()) for _ in range(200)]
        await asyncio.sleep(0)
        for _ in range(10):  # each step of a deed waits a turn of the loop
            await asyncio.sleep(0)
        assert len(done) < 100, "they would all have been done before the first step"
        assert len(turns) > 100
        assert turns.waits_s(time.monotonic()) > 0
        await asyncio.gather(*looks)
        assert len(done) == 200

    asyncio.run(story())


def test_a_loop_that_ended_holds_nobody_up():
    """A city that is served by one loop after another, as in tests."""
    turns = Turns()

    async def left() -> None:
        for _ in range(AT_ONCE):
            await turns.mine()

    async def several() -> int:
        async def one():
            await turns.mine()
            return 1

        return sum(await asyncio.gather(*(one() for _ in range(3 * AT_ONCE))))

    loop = asyncio.new_event_loop()
    task = loop.create_task(left())
    loop.call_soon(loop.stop)  # before it has looked who comes next
    loop.run_forever()
    assert task.done()
    loop.close()
    assert asyncio.run(asyncio.wait_for(several(), 5)) == 3 * AT_ONCE
