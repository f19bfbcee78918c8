"""处: the work, and its proofs."""

from cityloop.stages.handle.handlers import ON
from cityloop.stages.handle.model import ReturnReason
from cityloop.stages.handle.routes import ROUTES
from cityloop.stages.handle.service import finish_task, move_dues, reach_stage, return_task, sign_task

__all__ = ["ON", "ROUTES", "ReturnReason", "finish_task", "move_dues", "reach_stage", "return_task", "sign_task"]
