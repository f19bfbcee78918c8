"""The disk is full, then there is room again; the clock is set back and forward: on the machine that is ours."""

from bench.faults.database import folder
from bench.faults.machine import Machine
from bench.faults.outcome import Outcome
from bench.faults.town import Town, problem_of, status_of

ACKS = 12
FULL_S = 2.0
HOUR_S = 3_600
READS = ("/", "/evidence/1/checkpoint")


def full(seed: int, tries: int) -> Outcome:
    """No file may grow for a while: who writes is told so in words, who reads is answered; then it goes on."""
    found = Outcome()
    with folder() as place:
        machine = Machine(place / "machine")
        town = Town(machine.root / "home", seed=seed, environment=machine.environment(), entry="bench.faults.often")
        try:
            town.begin()
            town.start()
            for _ in range(tries):
                town.load(ACKS)
                machine.fill(True)
                town.load(1_000_000, stuck_s=FULL_S)
                reads = {path: status_of(town, path) for path in READS}
                found.wrong += [f"while the disk was full {path} answered {status}" for path, status in reads.items() if status != 200]
                status, code = problem_of(town)
                found.wrong += [f"while the disk was full a report was answered {status} {code}"] * (status not in (503, 507) or not code)
                machine.fill(False)
                before = town.told.count
                town.load(ACKS)
                found.wrong += ["nothing was acknowledged once there was room"] * (town.told.count < before + ACKS)
                found.tries += 1
            found.wrong += town.unexpected({503, 507})
            town.stop()
            found.acknowledged, found.lost = town.told.count, town.lost()
            found.wrong += town.settled() + town.told.wrong
        finally:
            town.stop(hard=True)
    return found


def clock(seed: int, tries: int) -> Outcome:
    """An hour back, a day forward, and right again, under load."""
    found = Outcome()
    with folder() as place:
        machine = Machine(place / "machine")
        town = Town(machine.root / "home", seed=seed, environment=machine.environment())
        try:
            town.begin()
            town.start()
            for _ in range(tries):
                for shift_s in (0, -HOUR_S, 24 * HOUR_S, 0):
                    machine.shift_clock(shift_s)
                    before = town.told.count
                    town.load(ACKS)
                    found.wrong += [f"with the clock {shift_s} s off nothing was acknowledged"] * (town.told.count < before + ACKS)
                found.tries += 1
            found.wrong += town.unexpected(set())
            town.server.wait_until_idle(60)
            town.stop()
            found.acknowledged, found.lost = town.told.count, town.lost()
            found.wrong += town.settled() + town.told.wrong + town.out_of_order()
        finally:
            town.stop(hard=True)
    return found
