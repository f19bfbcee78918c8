"""HTTP of evaluating: parse, permit, call, show; and files for spreadsheets."""

from cityloop.stages.evaluate.routes.asking import ROUTES as ASKING
from cityloop.stages.evaluate.routes.budget import ROUTES as BUDGET
from cityloop.stages.evaluate.routes.bulletin import ROUTES as BULLETINS
from cityloop.stages.evaluate.routes.fair import ROUTES as FAIR
from cityloop.stages.evaluate.routes.files import Format, about_lines, figure_lines, file_of, plain_cell
from cityloop.stages.evaluate.routes.portrait import ROUTES as PORTRAITS
from cityloop.stages.evaluate.routes.scoring import ROUTES as SCORING
from cityloop.stages.evaluate.routes.survey import ROUTES as SURVEY
from cityloop.stages.evaluate.routes.why import ROUTES as WHY

ROUTES = [*ASKING, *SCORING, *BUDGET, *FAIR, *SURVEY, *BULLETINS, *WHY, *PORTRAITS]

__all__ = ["ROUTES", "Format", "about_lines", "figure_lines", "file_of", "plain_cell"]
