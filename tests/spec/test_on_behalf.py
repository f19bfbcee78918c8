"""On behalf: somebody at a counter or on the phone reports for another, who may stay unnamed."""

from cityloop.domain import facts as f

CONTACT = {"name": "李大爷", "phone": "13900001111"}


def test_a_clerk_reports_for_somebody_at_the_counter(town):
    """The clerk stands in the fact, the resident in the vault only; the code goes home with the resident."""
    answer = town.send_report("r1", by="counter", text="路灯不亮", channel="counter", contact=CONTACT)

    told = town.fact("r1", f.ReportReceived)
    assert (told.channel, told.by, told.contact is not None) == ("counter", "counter", True)
    assert not town.stands_in_a_fact("李大爷")
    assert town.get(f"/v1/track/{answer['tracking_code']}", by=None)["state"] == "received"


def test_a_resident_at_the_counter_may_stay_anonymous(town):
    """Nothing of them is kept, and the code still tells what became of it."""
    answer = town.send_report("r1", by="counter", text="路灯不亮", channel="counter")

    assert town.fact("r1", f.ReportReceived).contact is None
    assert town.get(f"/v1/track/{answer['tracking_code']}", by=None)["state"] == "received"


def test_anybody_reports_without_a_name(town):
    """The public channel asks for nobody's permission, and the fact names nobody."""
    town.send_report("r1", by=None, text="路灯不亮")

    told = town.fact("r1", f.ReportReceived)
    assert (told.channel, told.by, told.contact) == ("app", None, None)


def test_who_reports_on_the_public_channel_while_on_duty_is_not_named(town):
    """A dispatcher who reports as a citizen is one."""
    town.send_report("r1", by="dispatcher", text="路灯不亮")

    assert town.fact("r1", f.ReportReceived).by is None


def test_nobody_reports_for_others_without_the_post_for_it(town):
    """A collector has a channel of their own, a partner its own, a stranger the public one."""
    with town.refuses("intake.channel_closed"):
        town.send_report("r1", by="collector-a1", text="x", channel="counter")
    with town.refuses("needs_sign_in"):
        town.send_report("r1", by=None, text="x", channel="counter")
    with town.refuses("intake.channel_closed"):
        town.send_report("r1", by="counter", text="x", channel="collector")
    with town.refuses("intake.channel_closed"):
        town.send_report("r1", by="counter", text="x", channel="partner")


def test_a_clerk_sees_nothing_of_what_others_reported(town):
    """The post takes reports in; it reads none."""
    town.send_report("r1", by="counter", text="路灯不亮", channel="counter", contact=CONTACT)
    with town.refuses("not_allowed"):
        town.get(f"/v1/reports/{town.reports['r1']}", by="counter")
    with town.refuses("not_allowed"):
        town.get(f"/v1/reports/{town.reports['r1']}/contact", by="counter")


def test_a_name_alone_reaches_nobody(town):
    """The clerk asks for a number, or leaves the name out."""
    with town.refuses("intake.bad_contact"):
        town.send_report("r1", by="counter", text="x", channel="counter", contact={"name": "李大爷"})
