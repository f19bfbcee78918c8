"""What each fact of the stage does to its rows. Each part of the stage brings its own."""

from collections.abc import Callable

from cityloop.db import Tx
from cityloop.domain.facts import Fact, Told
from cityloop.stages.evaluate.store.apply.bulletin import APPLY as BULLETINS
from cityloop.stages.evaluate.store.apply.fair import APPLY as FAIR
from cityloop.stages.evaluate.store.apply.published import APPLY as PUBLISHED
from cityloop.stages.evaluate.store.apply.scoring import APPLY as SCORING
from cityloop.stages.evaluate.store.apply.survey import APPLY as SURVEY
from cityloop.stages.evaluate.store.apply.why import APPLY as WHY

APPLY: dict[type[Fact], Callable[[Tx, Told], None]] = {**FAIR, **PUBLISHED, **SCORING, **SURVEY, **BULLETINS, **WHY}
