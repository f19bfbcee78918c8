"""What a seat may do with a work order: each deed is offered, or barred with its reason; and what an order counts for."""

import pytest

from cityloop.domain.words import WORDS

DISPATCHED = {"city_dispatch_time": "2026-03-02T08:30:00+08:00"}
STAGES = {
    "fresh": (),
    "signed": ("signature",),
    "returning": ("signature", "return"),
    "waits for more time": ("signature", "extension"),
    "exclusion asked": ("signature", "exclusion"),
    "replied": ("signature", "contact", "reply"),
    "withdrawn": ("withdrawal",),
}
SAID = {
    "return": {"reason": "outside"}, "contact": {"how": "phone", "reached": True}, "reply": {"text": "已修好"},
    "extension": {"limit": {"value": 1, "unit": "work_day"}, "reason": "works"}, "exclusion": {"reason": "not_so"},
    "marks": {"marks": ["whistle"]}, "signature": {},
}  # fmt: skip
BARRED = tuple(f"hotline.{each}" for each in ("move_forbidden", "return_too_late", "extension_wrong", "exclusion_wrong"))
PATHS = {"sign": "signature", "ask_return": "return", "ask_extension": "extension", "ask_exclusion": "exclusion", "mark": "marks"}


@pytest.mark.parametrize("late", [False, True])
@pytest.mark.parametrize(
    "stage", ["fresh", "signed", "returning", "waits for more time", "exclusion asked", "replied", "withdrawn"]
)
def test_a_seat_is_offered_what_can_be_done_and_told_why_the_rest_cannot(town, stage, late):
    """What the page offers is taken, and what it bars is refused: one rule says both, in each state, in time and after it."""
    deeds = {}
    for place, deed in enumerate(("none", *PATHS, "contact", "reply")):
        name = f"H{place}"
        town.at("2026-03-02 09:00")
        town.order(name, work_order_category="help", **DISPATCHED)
        for step in STAGES[stage]:
            town.hotline(name, step) if step == "withdrawal" else town.seat_answer(name, step, **SAID[step])
        if late:
            town.at("2026-03-20 09:00")
        deeds = {each["name"]: each["why_not"] for each in town.order_page(name)["deeds"]}
        if deed == "none":
            continue
        path = PATHS.get(deed, deed)
        if deeds[deed] is None:
            town.seat_answer(name, path, **SAID[path])
            continue
        with town.refuses(*BARRED):
            town.seat_answer(name, path, **SAID[path])
    assert set(deeds) == {*PATHS, "contact", "reply"}
    assert all(why in WORDS for why in deeds.values() if why)


def test_an_order_shows_what_it_adds_to_the_rates(town):
    """三率: the seat sees of each order what it counts for, as it stands."""
    town.order("H1", **DISPATCHED)
    assert town.order_page("H1")["adds"] == {"valid": True, "response": None, "solve": None, "satisfy": None}
    town.answer_all("H1")
    town.hotline("H1", "callback", is_solved="已解决", is_satisfaction="不满意")
    assert town.order_page("H1")["adds"] == {"valid": True, "response": 1_000_000, "solve": 1_000_000, "satisfy": 0}
    town.seat_answer("H1", "exclusion", reason="not_so")
    town.hotline("H1", "exclusion", granted=True)
    assert town.order_page("H1")["adds"]["valid"] is False
