"""Who calls: a seat sees at once what the number reported before, and that it looked is a fact."""

PHONE = "13812345678"


def test_a_seat_sees_what_the_number_reported(town):
    """However it was written: with a country code, with blanks, with hyphens; what is open stands first."""
    town.report_by("+86 138-1234-5678", "r1")
    town.report_by("138 1234 5678", "r2")
    town.report_by("13900000000", "r3")
    town.understand("r1", kind="pothole")

    view = town.calls(PHONE)
    assert {each["report"] for each in view["reports"]} == {town.reports["r1"], town.reports["r2"]}
    assert view["open_cases"] == 1
    assert {(each["case"] is not None, each["state"], each["text"]) for each in view["reports"]} == {
        (True, "to_sign", "路灯不亮"),
        (False, None, "路灯不亮"),
    }


def test_that_a_seat_looked_is_a_fact_without_the_number(town):
    """An auditor sees who looked up how many; the journal holds neither number nor digest."""
    town.report_by(PHONE, "r1")
    town.calls(PHONE)
    town.calls("13900000000")

    assert town.lookups() == [(1, "hotline-seat"), (0, "hotline-seat")]
    assert not town.stands_in_a_fact(PHONE)
    assert not town.stands_in_a_fact(town.digest_kept())


def test_only_who_may_ask_who_reported_looks_up_a_number(town):
    """A dispatcher handles cases and calls nobody; a collector neither."""
    town.report_by(PHONE, "r1")
    for post in ("dispatcher", "collector-a1", "counter"):
        with town.refuses("not_allowed"):
            town.calls(PHONE, by=post)


def test_what_lies_beyond_the_seat_is_counted_and_not_shown(town):
    """An acceptor of the south sees that there is more elsewhere, and not what."""
    town.report_by(PHONE, "r1")
    town.understand("r1", kind="pothole", cell="a1")

    view = town.calls(PHONE, by="acceptor-south")
    assert (view["reports"], view["hidden"], view["open_cases"]) == ([], 1, 0)


def test_an_order_of_the_hotline_is_found_by_the_number_of_its_caller(town):
    """Whoever called 12345 is known when they call again."""
    town.order("H1")

    assert [each["report"] for each in town.calls(PHONE)["reports"]] == [town.reports["H1"]]


def test_what_somebody_asked_before_is_there_too(town):
    """An inquiry that was answered on the spot stands beside the reports."""
    town.draft("lamps")
    town.publish("lamps")
    town.answer_with("lamps", question="路灯找谁修", phone=PHONE)

    assert [(each["title"], each["question"]) for each in town.calls(PHONE)["inquiries"]] == [
        ("路灯不亮怎么报修", "路灯找谁修")
    ]


def test_once_erased_nobody_is_found(town):
    """With the contact goes the mark by which it was found."""
    town.report_by(PHONE, "r1")
    town.erase("r1")

    assert town.calls(PHONE)["reports"] == []
    assert town.rows_of("vault_mark") == 0


def test_what_is_no_number_is_refused(town):
    """Words find nobody."""
    with town.refuses("caller.number_unsound"):
        town.calls("王女士")
