"""A training in a process of its own: one that fails is told of and begun again ever later, and one that goes well ends that."""

import asyncio
import sys
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

import pytest

from cityloop import teaching
from cityloop.app import rounds, running
from cityloop.operate import Turns
from cityloop.teaching.service.apart import TrainingFailed

DAY_S = 86_400.0


class Asked(teaching.Trainer):
    """Counts; its process ends at once, with the code that was asked for."""

    def __init__(self, code: int) -> None:
        super().__init__((sys.executable, "-S", "-c", f"raise SystemExit({code})"), {})
        self.begun = 0

    def start(self, *, actor: str, why: str) -> None:
        super().start(actor=actor, why=why)
        self.begun += 1

    def end(self, now: float) -> None:
        """One is begun, and has ended by now."""
        self.start(actor="machine:teach", why="lessons")
        self._running.wait(10)
        self.heed(now)


def test_after_one_that_failed_nothing_is_begun_for_a_while_and_each_time_for_longer():
    trainer, now, rests = Asked(1), 0.0, []
    for _ in range(14):
        with pytest.raises(TrainingFailed, match="none made a model"):
            trainer.end(now)
        began = now
        while True:
            now += 30.0
            try:
                trainer.heed(now)
            except TrainingFailed:
                continue
            break
        rests.append(now - began)
    assert rests[:4] == [120.0, 240.0, 480.0, 960.0]
    assert rests[-1] == DAY_S

    trainer.command = Asked(0).command
    trainer.end(now)
    trainer.heed(now)  # nothing keeps it from the next


def test_a_training_that_fails_is_a_work_that_fails_and_is_not_begun_each_time_it_is_due(monkeypatch):
    monkeypatch.setattr(running, "TEACH_EVERY_S", 0.002)
    monkeypatch.setattr(rounds, "log", SimpleNamespace(exception=lambda *told, **more: None))
    monkeypatch.setattr(teaching, "is_due", lambda database, policy: True)

    async def alone(work):
        return work()

    with ThreadPoolExecutor(1) as beside:
        parts = SimpleNamespace(
            trainer=Asked(1), turns=Turns(), beside=beside, writer=SimpleNamespace(alone=alone), book=SimpleNamespace(in_force=lambda: None),
            database=SimpleNamespace(city="c", ready=lambda: SimpleNamespace(alone=lambda name: True)),
        )  # fmt: skip

        async def until_it_is_told() -> None:
            work = asyncio.create_task(running.learn(parts))
            for _ in range(1_000):
                await asyncio.sleep(0.01)
                if failing(parts.turns).get("make_models", 0.0) > 0.5:
                    break
            work.cancel()

        asyncio.run(until_it_is_told())
    assert failing(parts.turns).keys() == {"make_models"}
    assert failing(parts.turns)["make_models"] > 0.5
    assert parts.trainer.begun == 1


def failing(turns: Turns) -> dict[str, float]:
    return {dict(each.labels)["work"]: each.value for each in turns.samples()}
