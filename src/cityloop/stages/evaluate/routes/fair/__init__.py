"""HTTP of fairness: cases that are not counted, scores that are published, and what looks made."""

from cityloop.stages.evaluate.routes.fair.exclusions import ROUTES as EXCLUSIONS
from cityloop.stages.evaluate.routes.fair.findings import ROUTES as FINDINGS
from cityloop.stages.evaluate.routes.fair.publishing import ROUTES as PUBLISHING

ROUTES = [*EXCLUSIONS, *PUBLISHING, *FINDINGS]
