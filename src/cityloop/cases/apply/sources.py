"""What happens to a case when whoever told of it takes it back."""

from datetime import datetime

from msgspec import Struct

from cityloop.cases.apply.parts import move
from cityloop.db import Tx
from cityloop.domain import facts as f
from cityloop.domain.facts import Told

SOURCE_WITHDRAWN = "source_withdrawn"


class CaseMark(Struct, frozen=True, kw_only=True):
    """What a list of cases should show beside a case. Words: `case.mark.*`."""

    case_id: str
    mark: str
    since: datetime


def case_source_withdrawn(tx: Tx, told: Told[f.CaseSourceWithdrawn]) -> None:
    move(tx, told)
    tx.put("case_mark", CaseMark(case_id=told.fact.case_id, mark=SOURCE_WITHDRAWN, since=told.fact.at))
