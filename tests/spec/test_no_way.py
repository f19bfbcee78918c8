"""No way: what the one table of moves does not know from where a case is, the city refuses, whoever asks."""


def test_what_is_filed_is_not_taken_up_again(world):
    """The unit has it; whether it is a case is no longer the question, not even for who sits in every chair of the centre."""
    world.report("r1", kind="rubbish")
    for deed in ("accept", "ask_verify", "verify", "file", "refuse"):
        with world.refuses("lifecycle.move_forbidden"):
            getattr(world, deed)("r1", by="acceptor+leader-on-duty+collector-a1")


def test_nobody_looks_at_work_that_is_not_done(world):
    """An inspector is named once the unit says that it has finished."""
    world.report("r1", kind="rubbish")
    with world.refuses("lifecycle.move_forbidden"):
        world.name_inspector("r1", "collector-a1")


def test_a_case_that_was_merged_is_over(world):
    """Its reports are the other case's; there is nothing left to accept."""
    world.report("r1", kind="rubbish", sure=False)
    world.report("r2", kind="rubbish", sure=False)
    world.call_case("r2", "left")
    world.join("r2", "r1")
    assert world.state("left") == "merged"
    assert world.view("left", by="acceptor")["story"][-1]["fact"] == "CaseMerged"
    with world.refuses("lifecycle.move_forbidden"):
        world.accept("left")


def test_another_desk_takes_the_case(world):
    """It came back, and is passed down before another unit is found; that is told, and the state stays."""
    world.report("r1", kind="rubbish")
    world.give_back("r1")
    world.move("r1", "down")
    assert "CaseLevelMoved" in world.story("r1")
