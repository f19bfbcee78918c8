"""Around here: anybody sees what is open near a place and what was done there, and says "me too"."""

from tests.report_world import photo

from cityloop.domain import facts as f
from cityloop.http.limits import Buckets
from cityloop.journal import story
from cityloop.stages.understand.service import understand_report

DEVICE, OTHER = "a-phone-that-keeps-this-word", "another-phone-of-somebody-else"


def near(world, name, **asked):
    """What a stranger finds open around the place of a report."""
    lon, lat = world.spots.places[name]
    return world.get("/v1/public/cases", by=None, lon=lon, lat=lat, **asked)


def me_too(world, name, device=DEVICE, **more):
    """Somebody says that they see the same; what they sent is understood, as every report."""
    receipt = world.post(f"/v1/cases/{world.case(name).id}/me-too", by=None, json={"device": device, **more})

    def understood(tx):
        told = story(tx, f"report/{receipt['id']}")
        if len(told) == 1:
            understand_report(tx, told[0].fact, policy=world.policy)

    world.writer.change(understood, actor="machine:understand")
    world.drain()
    return receipt


def test_what_is_filed_nearby_is_seen_the_nearest_first(world):
    """What it is, how far, how it stands and how many said so; no word and no photo, as the town shows none."""
    world.report("far", kind="rubbish", cell="a1")
    world.report("here", kind="pothole", cell="a1")

    here, far = near(world, "here")
    assert (here["id"], here["distance_m"], here["state"], here["reports"]) == (
        world.case("here").id,
        0,
        "dispatched",
        1,
    )
    assert far["id"] == world.case("far").id
    assert far["distance_m"] > 50
    assert (here["text"], here["photos"]) == (None, [])
    assert [each["id"] for each in near(world, "here", radius_m=20)] == [here["id"]]
    assert [each["id"] for each in near(world, "here", **{"class": "gbt30428_2_2013/event/0110"})] == [far["id"]]


def test_what_nobody_filed_and_who_sleeps_rough_are_not_seen(world):
    """The first may be untrue; of the second a place must not be found, by no circle."""
    world.report("unsure", kind="pothole", sure=False)
    world.report("person", kind="vagrant")
    world.report("there", kind="rubbish")

    assert [each["id"] for each in near(world, "there", radius_m=2000)] == [world.case("there").id]
    for name in ("unsure", "person"):
        with world.refuses("intake.case_not_public"):
            me_too(world, name)


def test_me_too_joins_the_case_at_once(world):
    """A report of its own with its own code, whose reporter follows the same case."""
    world.report("r1", kind="pothole")
    receipt = me_too(world, "r1", text="还在，更大了")

    assert world.case("r1").reports == 2
    assert world.fact("r1", f.ReportJoined).why == ("said_by_reporter",)
    assert world.get(f"/v1/track/{receipt['tracking_code']}", by=None)["number"] == world.case("r1").number
    assert near(world, "r1")[0]["reports"] == 2
    assert world.replayed() == []


def test_one_device_says_it_once(world):
    """Pressed twice, or sent again after the line broke, it is the same report; another device is another."""
    world.report("r1", kind="pothole")
    first = me_too(world, "r1")
    assert me_too(world, "r1", text="again")["id"] == first["id"]
    assert world.case("r1").reports == 2
    me_too(world, "r1", OTHER)
    assert world.case("r1").reports == 3


def test_me_too_on_what_closed_meanwhile_is_looked_at_anew(world):
    """It is never lost: a report of its own, at the same place and of the same class, which says what it comes back from."""
    world.report("r1", kind="pothole")
    assert me_too(world, "r1")["joins"] is True
    world.handle("r1")
    world.inspect("r1")
    receipt = me_too(world, "r1", OTHER, text="又坏了")
    world.reports["again"] = receipt["id"]

    assert receipt["joins"] is False
    assert world.case("again").id != world.case("r1").id
    assert world.case("again").recurs == world.case("r1").id
    assert world.case("r1").reports == 2
    assert world.replayed() == []


def test_who_joined_a_case_can_say_that_it_is_back(world):
    """What a device said before the case was closed is not what it says now; and that, too, it says once."""
    world.report("r1", kind="pothole")
    first = me_too(world, "r1")
    world.handle("r1")
    world.inspect("r1")
    again = me_too(world, "r1")

    assert again["id"] != first["id"]
    assert me_too(world, "r1")["id"] == again["id"]


def test_a_case_that_closes_before_the_report_is_taken_up_does_not_swallow_it(world):
    """It was open when they pressed, and over when the report was understood."""
    world.report("r1", kind="pothole")
    world.handle("r1")
    sent = world.client.post(f"/v1/cases/{world.case('r1').id}/me-too", json={"device": DEVICE}).json()
    world.inspect("r1")
    world.reports["mine"] = sent["id"]
    told = world.told("mine")
    world.writer.change(lambda tx: understand_report(tx, told[0].fact, policy=world.policy), actor="machine:understand")
    world.drain()

    assert sent["joins"] is True
    assert world.case("mine").recurs == world.case("r1").id


def test_what_the_city_did_last_week_is_seen(world):
    """The newest first, with how many were in time; what was done before that week is not."""
    world.report("old", kind="pothole", at="2026-03-02 09:00")
    world.handle("old")
    world.inspect("old")
    world.at("2026-03-11 09:00")
    world.report("new", kind="rubbish", at="2026-03-11 09:00")
    world.handle("new")
    world.inspect("new")

    lon, lat = world.spots.places["new"]
    told = world.get("/v1/public/done", by=None, lon=lon, lat=lat)
    assert (told["closed"], told["on_time"], told["more"]) == (1, 1, False)
    assert [each["id"] for each in told["items"]] == [world.case("new").id]
    longer = world.get("/v1/public/done", by=None, lon=lon, lat=lat, days=31)
    assert [each["id"] for each in longer["items"]] == [world.case("new").id, world.case("old").id]
    assert near(world, "new") == []


def test_a_circle_has_bounds(world):
    """Nobody asks for a whole city at once, or for a place that lies elsewhere."""
    world.report("r1", kind="pothole")
    for asked in ({"radius_m": 2001}, {"radius_m": 0}, {"limit": 201}):
        with world.refuses("public.bad_circle"):
            near(world, "r1", **asked)
    with world.refuses("place.outside"):
        world.get("/v1/public/cases", by=None, lon=10.0, lat=10.0)


def test_a_stranger_who_asks_without_end_is_slowed_down(world):
    """A harvest is slow; the answer says when to come again."""
    world.client.app.state.edge.strangers = Buckets(share=100)  # two at once
    world.report("r1", kind="pothole")
    near(world, "r1")
    near(world, "r1")
    with world.refuses("rate.too_often"):
        near(world, "r1")


def test_several_reports_are_followed_in_one_request(world):
    """In the order asked; a code that opens nothing is nothing, and does not spoil the others."""
    world.report("r1", kind="pothole")
    receipt = me_too(world, "r1")
    told = world.post("/v1/track", by=None, json={"codes": [receipt["tracking_code"], "0000-0000-0000"]})

    assert [each["trail"] and each["trail"]["state"] for each in told] == ["dispatched", None]
    with world.refuses("intake.too_many_codes"):
        world.post("/v1/track", by=None, json={"codes": ["x"] * 51})


def test_without_words_what_is_common_around_here_is_proposed(world):
    """Before anything is typed the place says what it is likely to be; of internal classes nothing."""
    lon, lat = 100.005, 30.015
    asked = {"lon": lon, "lat": lat}
    assert world.post("/v1/classes/proposed", by=None, json=asked) == []
    for no, kind in enumerate(("rubbish", "pothole", "rubbish")):
        world.report(f"r{no}", kind=kind, cell="a1")

    rubbish, pothole = world.post("/v1/classes/proposed", by=None, json=asked)
    assert (rubbish["class_key"], rubbish["reasons"]) == ("gbt30428_2_2013/event/0110", ["common_here"])
    assert (pothole["class_key"], pothole["confidence_ppm"]) == ("gbt30428_2_2013/event/0113", 0)


def test_the_city_says_who_it_is_and_which_neighbourhoods_it_has(world):
    """What a phone must know before anything else; no account is asked for."""
    world.adopt("mini_public")
    card = world.get("/v1/public/city", by=None)
    assert (card["service_phone"], card["shows_photos"], card["zone"]) == ("12345", True, "Asia/Shanghai")
    areas = world.get("/v1/public/areas", by=None)
    west, south, east, north = card["bounds"]
    assert {len(each["code"]) for each in areas} == {6, 9, 12}
    assert all(west < each["lon"] < east and south < each["lat"] < north for each in areas)


def before_and_after(world):
    """A report with a photo, whose work is done and shown."""
    lon, lat = world.spots.take("r1", "a1", beside=None, east_m=0)
    files = [("photos", ("p.jpg", photo(70), "image/jpeg"))]
    form = {"text": "路面有坑", "lon": str(lon), "lat": str(lat), "class": "gbt30428_2_2013/event/0113"}
    world.reports["r1"] = id = world.post("/v1/reports", by=None, data=form, files=files)["id"]

    def understood(tx):
        understand_report(tx, story(tx, f"report/{id}")[0].fact, policy=world.policy)

    world.writer.change(understood, actor="machine:understand")
    world.drain()
    if world.state("r1") == "reported":
        world.accept("r1", by="acceptor")
        world.file("r1")
    world.sign("r1")
    world.finish("r1", photos=(photo(71),))
    world.inspect("r1")
    assert world.state("r1") == "closed"
    (done,) = world.get("/v1/public/done", by=None, lon=lon, lat=lat)["items"]
    return done


def test_where_the_city_shows_it_anybody_sees_before_and_after(world):
    """The pack's word: then a stranger reads what was said, and sees both photos."""
    world.adopt("mini_public")
    done = before_and_after(world)

    assert (done["text"], [each["when"] for each in done["photos"]]) == ("路面有坑", ["before", "after"])
    for each in done["photos"]:
        for address in (each["shown"], each["thumb"]):
            assert world.client.get(address).status_code == 200

    world.adopt("mini")
    assert {world.client.get(each["shown"]).status_code for each in done["photos"]} == {404}


def test_where_it_does_not_nobody_sees_them(world):
    """The same story in a town that says nothing of it."""
    done = before_and_after(world)
    assert (done["text"], done["photos"]) == (None, [])


def test_the_catalogue_has_what_the_public_may_choose_in_its_words(world):
    """Classes and units by name; what is the city's own is not in the list."""
    world.adopt("mini_open311")
    told = world.get("/v1/public/catalogue", by=None)
    names = {each["class_key"]: each["name"] for each in told["classes"]}
    hidden = [each.key for each in world.policy.classes if each.internal]
    assert hidden
    assert not names.keys() & set(hidden)
    assert "北区市政所" in {each["name"]["zh"] for each in told["units"]}
