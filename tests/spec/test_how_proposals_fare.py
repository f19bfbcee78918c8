"""The register says how joining and dispatch do: what people decided where they were asked, and what they undid."""

from tests.spec.test_copies import send

PLAIN = "楼道口有垃圾"  # too short to be a copy


def figures(school, algorithm: str) -> dict:
    school.later(days=1, hours=1)
    school.watch()
    return school.register()[algorithm]["figures"]


def test_joining_is_told_by_what_people_made_of_it(school):
    """Joined alone and taken out again; asked and agreed; asked and refused: each counts once, where it belongs."""
    send(school, "one", PLAIN)
    send(school, "alone", PLAIN, beside="one", east_m=1)
    send(school, "parted", PLAIN, beside="one", east_m=2)
    assert {school.case(name).id for name in ("one", "alone", "parted")} == {school.case("one").id}
    school.part("parted", by="dispatcher")
    for name, cell in (("same", "b1"), ("own", "d1")):
        send(school, f"{name} first", PLAIN, cell=cell)
        send(school, name, PLAIN, cell=cell, beside=f"{name} first", east_m=30)
        assert school.state(name) == "reported", "a person is asked"
    school.join("same", "same first")
    school.accept("own", by="acceptor")

    told = figures(school, "joining")
    assert told["reports"] == 4
    assert (told["right"]["few"], told["right"]["many"], told["overridden"]["few"]) == (1, 2, 1)
    assert (told["alone"]["few"], told["alone"]["many"]) == (2, 4)
    assert (told["undone"]["few"], told["undone"]["many"]) == (1, 1)
    assert school.replayed() == []

    school.complete_all("one")
    assert figures(school, "joining")["undone"]["many"] == 2  # the other has stood


def test_dispatch_is_told_by_whom_people_chose_and_what_came_back(school):
    """A dispatcher takes the proposal or another unit; what was given alone comes back, or is done."""
    school.post("/v1/algorithms/dispatch/pause", by="leader-on-duty")
    for name in ("taken", "changed"):
        send(school, name, PLAIN)
        assert school.state(name) == "to_dispatch"
    school.dispatch("taken")
    proposed = school.case("taken").unit
    other = next(unit.id for unit in school.policy.units if unit.id != proposed and any(post.unit == unit.id for post in school.policy.posts))
    school.dispatch("changed", other)
    school.post("/v1/algorithms/dispatch/resumption", by="leader-on-duty")
    for name in ("done", "back", "open"):
        send(school, name, PLAIN)
        assert school.state(name) == "to_sign"
    school.handle("done")
    school.give_back("back", "not_ours")

    told = figures(school, "dispatch")
    assert (told["right"]["few"], told["right"]["many"], told["overridden"]["few"]) == (1, 2, 1)
    assert (told["alone"]["few"], told["undone"]["few"], told["undone"]["many"]) == (3, 1, 2)
    assert school.replayed() == []


def test_nothing_is_told_anew_that_is_as_it_was(school):
    """A watch that finds what it found says nothing; of what was never proposed there is no figure."""
    assert school.watch() == []
    assert school.register()["joining"]["figures"] is None
    send(school, "one", PLAIN)
    assert "dispatch" in school.watch()
    school.later(days=2)
    assert "dispatch" not in school.watch()
