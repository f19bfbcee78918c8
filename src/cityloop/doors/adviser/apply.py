"""What the fact of this door does: the second look stands beside the report."""

from collections.abc import Callable

import msgspec

from cityloop.db import Tx
from cityloop.domain.facts import Fact, ReportAdvised, Told
from cityloop.doors.adviser.model import SecondLook


def report_advised(tx: Tx, told: Told[ReportAdvised]) -> None:
    fact = told.fact
    tx.put(
        "second_look",
        SecondLook(
            report_id=fact.report_id,
            adviser=fact.adviser,
            proposals=msgspec.json.encode(fact.proposals).decode(),
            at=fact.at,
        ),
    )


APPLY: dict[type[Fact], Callable[[Tx, Told], None]] = {ReportAdvised: report_advised}
