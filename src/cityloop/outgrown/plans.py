"""The plans of shards, kept up with the register and the pack: what a worker judges by."""

import time
from collections.abc import Callable

from cityloop.db import Database
from cityloop.domain.policy import Policy
from cityloop.outgrown.shards import shards_of
from cityloop.stages.sense.model import Register
from cityloop.stages.sense.rules.kernel import Plan
from cityloop.stages.sense.service.planning import Planned, plan_now

LOOK_EVERY_S = 2.0


class ShardPlans:
    """The plan of each shard. While nothing of register, pack and maintenance changes, it is the same object."""

    def __init__(self, database: Database, register: Callable[[], Register], policy: Callable[[], Policy], shards: int, *, look_every_s: float = LOOK_EVERY_S):
        self._database, self._register, self._policy, self._shards = database, register, policy, shards
        self._look_every_s = look_every_s
        self._whole: Planned | None = None
        self._of: dict[int, Planned] = {}
        self._looked_at = -look_every_s

    def of(self, shard: int) -> Plan:
        """The plan of a shard, as fresh as some seconds ago."""
        if self._whole is None or time.monotonic() - self._looked_at >= self._look_every_s:
            self._look()
        return self._of[shard].plan

    def _look(self) -> None:
        policy, register, now = self._policy(), self._register(), self._database.clock()
        whole = plan_now(self._database, policy, register, now, before=self._whole)
        if whole is not self._whole:
            of = shards_of(whole.plan, self._shards)
            for shard in range(self._shards):
                mine = frozenset(no for no in range(1, len(of)) if of[no] == shard) or frozenset({0})  # of nobody: not of all
                self._of[shard] = plan_now(self._database, policy, register, now, only=mine)
        self._whole, self._looked_at = whole, time.monotonic()
