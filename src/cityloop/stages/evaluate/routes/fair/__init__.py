"""HTTP of fairness: cases that are not counted, and what looks made."""

from cityloop.stages.evaluate.routes.fair.exclusions import ROUTES as EXCLUSIONS
from cityloop.stages.evaluate.routes.fair.findings import ROUTES as FINDINGS

ROUTES = [*EXCLUSIONS, *FINDINGS]
