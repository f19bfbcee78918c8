"""What intake does when others have told something."""

from cityloop.cases.alarms import case_open_of, is_reported
from cityloop.db import Tx
from cityloop.domain.facts import AlarmRaised, Channel, Erased, Told
from cityloop.domain.policy import Policy
from cityloop.stages.intake import rules
from cityloop.stages.intake.model import Sound
from cityloop.stages.intake.service import receive_report
from cityloop.stages.intake.store import forget


def forget_when_erased(tx: Tx, told: Told[Erased], policy: Policy) -> None:
    """With the words goes the tracking code, with the photo the way to what shows it."""
    for id in told.fact.ids:
        forget(tx, id)


def report_when_raised(tx: Tx, told: Told[AlarmRaised], policy: Policy) -> None:
    """An alarm that has a class becomes a report; of the same device and rule it joins the case that is open."""
    fact, about = told.fact, told.fact.about
    if fact.is_suspect or about.class_key not in policy.class_by_key or is_reported(tx, fact.alarm_id):
        return
    receive_report(
        tx,
        Sound(
            channel=Channel.camera if fact.is_camera else Channel.device, text=rules.words_of_alarm(fact, policy), address="",
            lon=about.lon, lat=about.lat, raw_place=None, raw_time=None, happened_at=fact.began_at,
            declared_class=about.class_key, contact=None, simulated=fact.simulated,
        ),
        meant=case_open_of(tx, about.thing_id, about.rule), alarm=fact.alarm_id, urgency=rules.URGENCY[about.colour],
    )  # fmt: skip


ON = {Erased: (forget_when_erased,), AlarmRaised: (report_when_raised,)}
