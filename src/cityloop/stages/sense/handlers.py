"""What the stage does when others have told something."""

from cityloop.cases.alarms import alarms_of_case
from cityloop.db import Tx
from cityloop.domain.facts import AlarmCleared, AlarmRaised, CaseInspected, CaseVerified, Told
from cityloop.domain.policy import Policy
from cityloop.stages.sense.model import JudgeReason
from cityloop.stages.sense.service import health
from cityloop.stages.sense.service.alarms import judge_case


def judge_when_seen(tx: Tx, told: Told[CaseVerified], policy: Policy) -> None:
    """Somebody has looked on site: the alarms of the case were true, or nothing was found."""
    reason = JudgeReason.seen_on_site if told.fact.found else JudgeReason.nothing_found
    judge_case(tx, alarms_of_case(tx, told.fact.case_id), reason)


def judge_when_inspected(tx: Tx, told: Told[CaseInspected], policy: Policy) -> None:
    """Work that was done and inspected was no false alarm."""
    if told.fact.passed:
        judge_case(tx, alarms_of_case(tx, told.fact.case_id), JudgeReason.inspected)


def fall_ill_when_raised(tx: Tx, told: Told[AlarmRaised], policy: Policy) -> None:
    """An alarm of health says that a device may be wrong, or is broken."""
    health.fall_ill(tx, told)


def get_well_when_cleared(tx: Tx, told: Told[AlarmCleared], policy: Policy) -> None:
    """The last of its alarms of health is over."""
    health.get_well(tx, told)


ON = {
    CaseVerified: (judge_when_seen,),
    CaseInspected: (judge_when_inspected,),
    AlarmRaised: (fall_ill_when_raised,),
    AlarmCleared: (get_well_when_cleared,),
}
