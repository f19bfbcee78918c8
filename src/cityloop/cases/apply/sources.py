"""What happens to a case when whoever told of it takes it back."""

from cityloop.cases.apply.parts import case_now, marked, move
from cityloop.cases.model import SOURCE_WITHDRAWN
from cityloop.db import Tx
from cityloop.domain import facts as f
from cityloop.domain.facts import Told


def case_source_withdrawn(tx: Tx, told: Told[f.CaseSourceWithdrawn]) -> None:
    move(tx, told, marks=marked(case_now(tx, told.fact.case_id).marks, SOURCE_WITHDRAWN))
