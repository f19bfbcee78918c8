"""HTTP of causes and effects."""

from cityloop.stages.evaluate.routes.why.looking import ROUTES as LOOKING
from cityloop.stages.evaluate.routes.why.measuring import ROUTES as MEASURING

ROUTES = [*LOOKING, *MEASURING]
