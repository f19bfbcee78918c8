"""On duty 值守: who works in the field signs on and off; where they are is noted on duty only, and they see it themselves."""

import pytest

from cityloop.domain import facts as f


@pytest.fixture(autouse=True)
def hours(field):
    """The town plans the hours of those who work in its streets."""
    field.adopt("mini_roster")


def test_signing_on_and_off_are_facts_without_a_place(field):
    """The journal tells who was on duty in which post and grid, and what was planned; where they were it tells to nobody."""
    field.sign_on("s1", by="collector-a1")
    field.later(minutes=10)
    field.walk("s1", "a1", "a1", "a1", by="collector-a1")
    field.sign_off("s1", by="collector-a1")

    began = field.shift_fact("s1", f.ShiftStarted)
    assert (began.post, began.grid, began.day, field.local(began.planned_to)) == (
        "collector-a1", "a1", "2026-03-02", "2026-03-02 17:00",
    )  # fmt: skip
    assert field.shift_story("s1") == ["ShiftStarted", "ShiftEnded", "TrackKept"]
    assert not field.stands_in_a_fact("100.005")


def test_the_track_is_told_by_its_digest_number_and_span(field):
    """One fact a shift says how many positions there were, and between which moments; they lie in the vault, in one piece."""
    field.sign_on("s1", by="collector-a1")
    field.later(minutes=30)
    field.walk("s1", "a1", "a1", by="collector-a1", every=10)
    field.later(minutes=30)
    field.walk("s1", "a1", "a1", by="collector-a1", every=10)
    field.walk("s1", "a1", "a1", by="collector-a1", every=10)  # the same again, as a phone does that got no answer
    field.sign_off("s1", by="collector-a1")

    kept = field.shift_fact("s1", f.TrackKept)
    assert (kept.positions, field.local(kept.first_at), field.local(kept.last_at)) == (
        4, "2026-03-02 09:20", "2026-03-02 10:00",
    )  # fmt: skip
    assert (field.track_of("s1", by="collector-a1"), len(kept.segment.digest)) == (4, 64)


def test_only_the_worker_sees_the_track(field):
    """Supervisors see who is on duty now and where their phone was last; where somebody was before, only they see themselves."""
    field.sign_on("s1", by="collector-a1")
    field.later(minutes=5)
    field.walk("s1", "a1", by="collector-a1")

    assert field.watched(by="leader-on-duty") == ["collector-a1"]
    with field.refuses("duty.shift_unknown"):
        field.track_of("s1", by="collector-a2")
    with field.refuses("not_allowed"):
        field.track_of("s1", by="leader-on-duty")
    field.sign_off("s1", by="collector-a1")
    assert field.watched(by="leader-on-duty") == []
    assert field.track_of("s1", by="collector-a1") == 1


def test_a_unit_watches_its_own_and_an_area_its_own(field):
    """A dispatcher of the north does not see who works in the south; a worker of the field watches nobody."""
    field.sign_on("s1", by="collector-a1")
    field.sign_on("s2", by="collector-d1")

    assert field.watched(by="dispatcher") == ["collector-a1", "collector-d1"]
    assert field.watched(by="dispatcher-north") == ["collector-a1"]
    with field.refuses("not_allowed"):
        field.watched(by="collector-a1")


def test_what_lies_off_duty_is_not_kept(field):
    """A phone that noted where it was before signing on, or after signing off, sends it in vain."""
    field.sign_on("s1", by="collector-a1")
    field.later(minutes=4)
    field.walk("s1", "a1", "a1", "a1", by="collector-a1")  # at 08:54, 08:59 and 09:04
    assert field.track_of("s1", by="collector-a1") == 1
    field.sign_off("s1", by="collector-a1")
    field.later(minutes=20)
    field.walk("s1", "a1", by="collector-a1")

    assert field.track_of("s1", by="collector-a1") == 1


def test_who_stays_outside_the_grid_is_told_once(field):
    """After ten minutes outside it is a fact, told with the moment since when; going in and out for less is nothing."""
    field.sign_on("s1", by="collector-a1")
    field.later(minutes=30)
    field.walk("s1", "a1", "b1", "b1", "a1", "b1", by="collector-a1")  # out for five minutes, in, out again
    assert field.shift_story("s1") == ["ShiftStarted"]
    field.later(minutes=15)
    field.walk("s1", "b1", "b1", by="collector-a1")

    assert field.local(field.shift_fact("s1", f.AreaLeft).at) == "2026-03-02 09:30"
    assert field.shift("s1", by="collector-a1")["outside_times"] == 1
    field.later(minutes=5)
    field.walk("s1", "b1", by="collector-a1")
    field.later(minutes=5)
    field.walk("s1", "a1", by="collector-a1")
    assert field.shift_story("s1") == ["ShiftStarted", "AreaLeft", "AreaEntered"]
    assert field.shift("s1", by="collector-a1")["outside_since"] is None


def test_a_coarse_position_accuses_nobody(field):
    """Between tall houses a phone may be a kilometre off; that is no reason to say that somebody left."""
    field.sign_on("s1", by="collector-a1")
    field.later(minutes=40)
    field.walk("s1", "b1", "b1", "b1", "b1", by="collector-a1", error=900.0)

    assert field.shift_story("s1") == ["ShiftStarted"]


def test_a_phone_without_a_network_signs_on_later(field):
    """It says when it was; not what is to come, nor before the shift that went before."""
    field.later(minutes=90)
    field.sign_on("s1", by="collector-a1", at="2026-03-02 08:10")
    field.sign_off("s1", by="collector-a1", at="2026-03-02 10:00")

    assert field.local(field.shift_fact("s1", f.ShiftEnded).at) == "2026-03-02 10:00"
    with field.refuses("duty.moment_wrong"):
        field.sign_on("s2", by="collector-a1", at="2026-03-02 12:00")
    with field.refuses("duty.moment_wrong"):
        field.sign_on("s2", by="collector-a1", at="2026-03-02 09:00")


def test_what_was_walked_without_a_network_comes_after_signing_off(field):
    """What lies inside the shift is kept as a further part, with a fact of its own."""
    field.sign_on("s1", by="collector-a1")
    field.later(hours=2)
    field.sign_off("s1", by="collector-a1")
    field.later(minutes=30)
    field.walk("s1", "a1", "a1", by="collector-a1", since="2026-03-02 09:30")

    assert field.shift_story("s1") == ["ShiftStarted", "ShiftEnded", "TrackKept"]
    assert (field.track_of("s1", by="collector-a1"), field.shift("s1", by="collector-a1")["positions"]) == (2, 2)


def test_nobody_is_on_duty_twice_or_in_another_s_post(field):
    """One person, one post, one shift; who is on duty already is told where."""
    field.sign_on("s1", by="collector-a1")
    with field.refuses("duty.on_duty"):
        field.sign_on("s2", by="collector-a1")
    with field.refuses("duty.post_not_yours"):
        field.post("/v1/duty/shifts", by="collector-a2", json={"post": "collector-a1"})
    with field.refuses("not_allowed"):
        field.sign_on("s3", by="acceptor")
    field.sign_off("s1", by="collector-a1")
    with field.refuses("duty.shift_over"):
        field.sign_off("s1", by="collector-a1")


def test_who_forgets_to_sign_off_is_signed_off(field):
    """After twelve hours the shift ends by itself, and nothing is noted any more."""
    field.sign_on("s1", by="collector-a1")
    field.later(hours=13)
    field.drain()

    ended = field.shift_fact("s1", f.ShiftEnded)
    assert (ended.reason, field.local(ended.at)) == ("forgotten", "2026-03-02 21:00")


def test_who_leaves_the_post_is_off_duty(field):
    """From the moment at which the post was left."""
    field.sit("collector-a1", "collector-a1")
    field.sign_on("s1", by="collector-a1")
    field.leave("collector-a1", "collector-a1")

    assert field.shift_fact("s1", f.ShiftEnded).reason == "post_left"


def test_a_worker_asks_that_a_track_be_erased(field):
    """Who operates the city sees the wish, and erases; the fact stays, and what it names is gone."""
    field.sign_on("s1", by="collector-a1")
    field.later(minutes=5)
    field.walk("s1", "a1", by="collector-a1")
    with field.refuses("duty.track_not_closed"):
        field.ask_erasure("s1", by="collector-a1")
    field.sign_off("s1", by="collector-a1")
    field.ask_erasure("s1", by="collector-a1")
    field.ask_erasure("s1", by="collector-a1")
    field.erase_tracks()

    assert field.shift_story("s1")[-1] == "TrackErasureAsked"
    assert field.track_of("s1", by="collector-a1") == 0
    assert field.shift("s1", by="collector-a1")["erased"] is True
    assert field.get("/v1/duty/erasures", by="system") == []


def test_hours_come_from_the_post_the_role_or_the_city_itself(field):
    """A row of the post goes before its role's; what the city sets for a day goes before both; a night ends on the next day."""
    assert field.hours("collector-a1", "2026-03-02") == ("2026-03-02 08:00", "2026-03-02 17:00")
    assert field.hours("collector-a2", "2026-03-02") == (None, None)
    assert field.hours("collector-a2", "2026-03-07") == ("2026-03-07 09:00", "2026-03-07 12:00")
    assert field.hours("collector-b1", "2026-03-02") == ("2026-03-02 20:00", "2026-03-03 04:00")
    field.plan("collector-a2", "2026-03-02", begins="13:00", ends="18:00", by="leader-on-duty", grid="a1")
    assert field.hours("collector-a2", "2026-03-02") == ("2026-03-02 13:00", "2026-03-02 18:00")
    field.plan("collector-a2", "2026-03-02", begins=None, ends=None, by="leader-on-duty")
    assert field.hours("collector-a2", "2026-03-02") == (None, None)


def test_who_stands_in_for_another_gets_their_grid(field):
    """代岗: the grid that the day's roster names is the one that counts; the phone shows its shape."""
    field.plan("collector-a2", "2026-03-02", begins="08:00", ends="17:00", by="leader-on-duty", grid="a1")
    field.sign_on("s1", by="collector-a2")

    assert field.shift_fact("s1", f.ShiftStarted).grid == "a1"
    assert field.get("/v1/duty/grid", by="collector-a2")["geometry"]["type"] == "Polygon"


def test_a_night_belongs_to_the_day_on_which_it_began(field):
    """Who signs on after midnight is in the shift of the evening before."""
    field.at("2026-03-03 01:00")
    field.sign_on("s1", by="collector-b1")

    assert field.shift_fact("s1", f.ShiftStarted).day == "2026-03-02"


@pytest.mark.parametrize(
    ("who", "day", "begins", "ends", "grid"),
    [
        ("nobody", "2026-03-02", "08:00", "17:00", None),
        ("collector-a1", "2026-3-2", "08:00", "17:00", None),
        ("collector-a1", "2026-03-02", "8", "17:00", None),
        ("collector-a1", "2026-03-02", "08:00", None, None),
        ("collector-a1", "2026-03-02", "08:00", "17:00", "nowhere"),
    ],
)
def test_a_roster_that_cannot_be_is_refused(field, who, day, begins, ends, grid):
    """A post that is there, a date, both hours or neither, a grid that has cells."""
    with field.refuses("duty.roster_wrong"):
        field.plan(who, day, begins=begins, ends=ends, by="leader-on-duty", grid=grid)


def test_who_is_on_duty_sees_who_looked(field):
    """Each look of a post is shown to whom it concerns, with the post and when last; off duty nobody is seen at all."""
    field.sign_on("s1", by="collector-a1")
    field.later(minutes=5)
    field.walk("s1", "a1", by="collector-a1")
    assert field.seen_by(by="collector-a1") == []

    assert [each["name"] for each in field.board(by="leader-on-duty")["on_duty"]] != []
    assert field.seen_by(by="collector-a1") == [("leader-on-duty", "09:05")]
    field.later(minutes=3)
    field.board(by="leader-on-duty")  # the page asks again by itself: the same look
    assert field.seen_by(by="collector-a1") == [("leader-on-duty", "09:05")]
    field.later(minutes=9)
    field.watched(by="leader-on-duty")
    field.watched(by="dispatcher-north")
    assert field.seen_by(by="collector-a1") == [("dispatcher-north", "09:17"), ("leader-on-duty", "09:17")]
    field.sign_off("s1", by="collector-a1")
    field.later(minutes=30)
    assert field.board(by="leader-on-duty")["on_duty"] == []
    assert field.seen_by(by="collector-a1") == []


def test_who_watches_nobody_there_leaves_no_trace(field):
    """A dispatcher of the north does not see who works in the south, and is not named to them."""
    field.sign_on("s2", by="collector-d1")
    field.watched(by="dispatcher-north")
    assert field.seen_by(by="collector-d1") == []


def test_a_look_is_forgotten_with_the_tracks_of_its_time(field):
    """It is kept for as long as tracks are."""
    field.sign_on("s1", by="collector-a1")
    field.watched(by="leader-on-duty")
    with field.database.reading() as tx:
        assert tx.value("SELECT count(*) FROM duty_look WHERE city = :city") == 1
    field.sign_off("s1", by="collector-a1")
    field.later(hours=24 * 91)
    field.sign_on("s2", by="collector-d1")
    field.watched(by="leader-on-duty")
    with field.database.reading() as tx:
        assert tx.value("SELECT count(*) FROM duty_look WHERE city = :city") == 1


def test_a_plan_that_nobody_fills_is_a_gap(field):
    """As long as its hours run; who stands in for the grid fills it; a night that began yesterday counts still."""
    three = ("collector-a1", "collector-a2", "collector-b1")
    field.at("2026-03-02 07:59")
    assert field.gaps(*three) == []
    before = field.board(by="leader-on-duty")["planned"]  # that nothing is planned is not that all of it is filled
    field.at("2026-03-02 08:00")
    assert field.board(by="leader-on-duty")["planned"] > before
    assert field.gaps(*three) == ["collector-a1"]
    field.plan("collector-a2", "2026-03-02", begins="08:00", ends="17:00", by="leader-on-duty", grid="a1")
    assert field.gaps(*three) == ["collector-a1", "collector-a2"]
    field.sign_on("s1", by="collector-a2")
    assert field.gaps(*three) == []
    field.sign_off("s1", by="collector-a2")
    field.at("2026-03-02 17:00")
    assert field.gaps(*three) == []
    field.at("2026-03-03 03:59")
    assert field.gaps(*three) == ["collector-b1"]
    field.at("2026-03-03 04:00")
    assert field.gaps(*three) == []


def test_a_phone_that_says_nothing_is_silent(field):
    """On duty without a position for more than ten minutes: the leader sees it, and may call."""
    field.sign_on("s1", by="collector-a1")
    silent = lambda: [each["is_silent"] for each in field.board(by="leader-on-duty")["on_duty"]]
    assert silent() == [False]
    field.later(minutes=11)
    assert silent() == [True]
    field.walk("s1", "a1", by="collector-a1")
    assert silent() == [False]


def test_the_roster_is_read_and_changed_by_the_week(field):
    """Monday to Sunday of the week in which a day lies; what the city sets shows at once, and who may not plan may not set."""
    week = field.week("2026-03-04")
    assert week["collector-a1"][:1] == ["08:00-17:00"]
    assert week["collector-a2"] == ["off", "off", "off", "off", "off", "09:00-12:00", week["collector-a2"][6]]
    field.plan("collector-a2", "2026-03-04", begins="20:00", ends="04:00", by="leader-on-duty")
    assert field.week("2026-03-08")["collector-a2"][2] == "20:00-04:00"
    with field.refuses("not_allowed"):
        field.plan("collector-a2", "2026-03-04", begins="20:00", ends="04:00", by="collector-a2")
    with field.refuses("duty.roster_wrong"):
        field.week("2026-3-4")


def test_replay_gives_the_same_shifts(field):
    """Every row follows from the facts, on each engine."""
    field.sign_on("s1", by="collector-a1")
    field.later(minutes=30)
    field.walk("s1", "b1", "b1", "b1", by="collector-a1", every=10)
    field.plan("collector-a2", "2026-03-02", begins="13:00", ends="18:00", by="leader-on-duty")
    field.sign_off("s1", by="collector-a1")
    field.ask_erasure("s1", by="collector-a1")

    assert field.replayed() == []
