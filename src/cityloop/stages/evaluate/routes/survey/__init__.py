"""HTTP of the field tools of evaluation."""

from cityloop.stages.evaluate.routes.survey.answers import ROUTES as ANSWERS
from cityloop.stages.evaluate.routes.survey.gathering import ROUTES as GATHERING
from cityloop.stages.evaluate.routes.survey.tasks import ROUTES as TASKS

ROUTES = [*TASKS, *GATHERING, *ANSWERS]
