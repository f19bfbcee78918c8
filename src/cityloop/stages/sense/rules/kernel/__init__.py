"""The kernel: `(plan, state, batch) -> (state, events)`, pure, over columns of many streams and rules at once."""

from cityloop.stages.sense.rules.kernel.carried import carried
from cityloop.stages.sense.rules.kernel.plan import NEVER, Plan, Window, plan_of
from cityloop.stages.sense.rules.kernel.silence import listened
from cityloop.stages.sense.rules.kernel.state import State, state_of
from cityloop.stages.sense.rules.kernel.step import step

__all__ = ["NEVER", "Plan", "State", "Window", "carried", "listened", "plan_of", "state_of", "step"]
