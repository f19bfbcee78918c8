"""Keys of partners: another system comes in as far as its key's scopes and its post both reach, and no faster than agreed."""

from cityloop.domain import facts as f


def test_a_partner_reports_and_looks_by_its_key(town):
    """Its reports name it, come by a channel of their own, and go the straight way."""
    town.partner("acme", "partner")
    town.key("k", "acme", "report.send", "case.read")
    town.send_report("r1", by="key:k", text="路灯不亮", channel="partner")

    told = town.fact("r1", f.ReportReceived)
    assert (told.channel, told.by) == ("partner", town.partners["acme"])


def test_an_application_reports_by_open311_with_the_same_key(town):
    """One ring of keys for every door; a key that may not send reports opens this one neither."""
    town.partner("acme", "partner")
    town.key("k", "acme", "report.send")
    town.key("narrow", "acme", "case.read")
    town.adopt("mini_keys")
    town.application_sends("r1", "k")

    told = town.fact("r1", f.ReportReceived)
    assert (told.channel, told.by) == ("partner", town.partners["acme"])
    with town.refuses("open311.key_refused"):
        town.application_sends("r2", "narrow")


def test_a_key_gives_no_more_than_its_scopes_and_no_more_than_its_post(town):
    """What the key does not carry is refused, and so is what its holder's post does not give."""
    town.partner("acme", "partner-north")
    town.key("narrow", "acme", "case.read")
    town.key("wide", "acme", "case.read", "case.accept", "order.read")
    town.report("r1", kind="rubbish", cell="a1")
    town.report("r2", kind="rubbish", cell="d1")

    assert town.queue(by="key:narrow") == ["r1"]  # its post reaches no further
    with town.refuses("intake.channel_closed"):
        town.send_report("r3", by="key:narrow", text="x", channel="partner")
    with town.refuses("not_allowed"):
        town.get("/v1/orders", by="key:wide")


def test_a_revoked_key_opens_nothing_and_the_others_stay(town):
    """Lost today, refused today."""
    town.partner("acme", "partner")
    town.key("old", "acme", "case.read")
    town.key("new", "acme", "case.read")
    town.revoke("old", "acme", "lost")

    with town.refuses("people.bad_key"):
        town.get("/v1/cases", by="key:old")
    assert town.get("/v1/cases", by="key:new")["items"] == []


def test_who_comes_too_often_waits(town):
    """So many at once, then as fast as agreed; the answer says when to come again."""
    town.partner("acme", "partner")
    town.key("k", "acme", "case.read", per_min=6, burst=2)
    town.get("/v1/cases", by="key:k")
    town.get("/v1/cases", by="key:k")
    with town.refuses("rate.too_often"):
        town.get("/v1/cases", by="key:k")
    town.later(seconds=10)

    assert town.get("/v1/cases", by="key:k")["items"] == []


def test_the_hotlines_system_comes_by_a_key(town):
    """It gives orders and reads what became of them; it answers none."""
    town.partner("12345", "hotline-link")
    town.key("k", "12345", "order.send", "order.read")
    town.post("/v1/hotline/orders", by="key:k", json={"workOrderNumber": "H1", "title": "路灯不亮"})

    assert [each["number"] for each in town.get("/v1/orders", by="key:k")["items"]] == ["H1"]


def test_keys_are_the_same_when_the_journal_is_replayed(town):
    """Who has which keys, and which are over, comes again from the facts; no fact holds a key or its digest."""
    town.partner("acme", "partner")
    town.key("old", "acme", "case.read")
    town.key("new", "acme", "case.read")
    town.revoke("old", "acme", "replaced")

    assert town.replayed() == []
    assert not town.stands_in_a_fact(town.keys["new"][1])
