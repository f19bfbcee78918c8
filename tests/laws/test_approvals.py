"""Random walks over what is asked, decided and put off: one outcome for each request, and clocks as a slow walk has them.

The model is kept by hand, minute by minute; of the code it uses only the deeds.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.engines import Clock, Places
from tests.laws.approval_model import ASKS, DAYS, Model
from tests.laws.test_lifecycle import told_of
from tests.world import DONE, World, caller_in, the_app

from cityloop.cases import approvals as room
from cityloop.cases import case_get, task_list_of
from cityloop.cases.approvals.deciding import grant_approval, refuse_approval
from cityloop.cases.approvals.store import hold_open
from cityloop.db import Tx
from cityloop.domain import facts as f
from cityloop.domain.calendar import calendar_in
from cityloop.domain.clock import Lamp, reading
from cityloop.domain.errors import NotAllowed, NotFound, Refused
from cityloop.domain.policy import ApprovalKind, Limit
from cityloop.stages.dispatch import dispatch_case
from cityloop.stages.handle import finish_task, return_task, sign_task

HEADS = {"unit_manager": "manager-cleaning", "dispatcher": "dispatcher", "leader": "leader", "duty_leader": "leader-on-duty"}
ACTS = (*ASKS, "sign", "agree", "agree_wrong", "deny", "withdraw", "finish", "return", "dispatch", "dispatch_other",
        "settle", "sleep")  # fmt: skip
# a step: an act by its name, or the n-th that makes sense; and how many minutes later
STEPS = st.lists(
    st.tuples(
        st.one_of(st.integers(0, 999), st.integers(0, 999), st.sampled_from(ACTS)),
        st.one_of(st.integers(0, 90), st.sampled_from([240, 480, 1_439, 4_400])),
    ),
    max_size=24,
)  # fmt: skip
OPEN = ("agree", "agree", "agree", "deny", "withdraw", "sleep")  # where something is asked
HERE = {
    "to_sign": ("sign", "sign", "sign", "return", "ask_return"),
    "handling": ("ask_extension", "ask_suspension", "ask_deferral", "ask_return", "return", "finish"),
    "to_dispatch": ("dispatch", "dispatch", "dispatch_other"),
    "suspended": ("settle", "ask_suspension", "ask_void", "sleep"),
    "deferred": ("settle", "sleep", "ask_void"),
}
ENDING = {"ApprovalGranted", "ApprovalRefused", "ApprovalWithdrawn", "ApprovalLapsed"}


@pytest.fixture
def town(places: Places, tmp_path) -> Iterator[World]:
    """A town with a matrix, whose handlers sleep: every deed is drawn."""
    clock = Clock()
    clock.set("2026-03-02 09:00")
    with the_app() as client:
        world = World(places.open(clock=clock), clock, tmp_path, client)
        world.adopt("mini_approvals")
        yield world
        world.close()


def begin(town: World) -> tuple[str, Model]:
    """A case that a unit shall sign for, on a Friday at 15:00; far from all before it."""
    name = f"w{len(town.reports)}"
    town.at("2026-03-06 15:00")
    town.later(days=7 * (len(town.reports) // 60))
    town.report(name, kind="rubbish", cell="a1")
    return town.case(name).id, Model(now=town.clock(), week=town.policy.week, start=town.clock(), counts=Counter())


def able(name: str, model: Model) -> bool:
    """Do it in the model, if it can be done; else say so."""
    asked, state = model.asked, model.state
    over = state == "void"
    decidable = asked is not None and not over and model.now <= asked.due
    match name:
        case "sign" if state == "to_sign":
            model.state = "handling"
        case "agree" if decidable:
            asked.agreed.append(asked.roles[len(asked.agreed)])
            if len(asked.agreed) == len(asked.roles):
                model.granted()
            else:
                latest = model.later(120 if asked.kind == "return" else 240)
                asked.due = min(latest, asked.until) if asked.until else latest
        case "deny" if decidable:
            model.refused()
        case "withdraw" if asked and not over:
            model.withdrawn()
        case "finish" if state == "handling":
            model.overtaken()
            model.state = "handled"
        case "return" if state in ("to_sign", "handling"):
            model.overtaken()
            model.sent_back()
        case "dispatch" | "dispatch_other" if state == "to_dispatch":
            model.dispatched("cleaning" if name == "dispatch" else "covers")
        case "settle" if state in ("suspended", "deferred"):
            model.resumed()
        case _ if name in ASKS:
            return model.ask(name)
        case _:
            return False
    return True


def deed(town: World, case: str, name: str, model: Model) -> Callable[[Tx], Any]:
    """The same by the services."""
    policy, asked = town.policy, model.asked
    handler = f"handler-{model.unit}"

    def now(tx: Tx) -> dict[str, Any]:
        return {"policy": policy, "now": tx.now}

    def id_of(tx: Tx) -> str:
        """What was asked last, over or not."""
        ids = [each.id for each in room.approval_list_of(tx, case)]
        return ids[-1] if ids else "none"

    role = asked.roles[len(asked.agreed)] if asked else "dispatcher"
    decider = caller_in(policy, HEADS[role])
    if name in ASKS:
        kind, reason = ASKS[name]
        length = {"extension": Limit(value=2, unit="work_hour"), "suspension": Limit(value=3, unit="natural_day")}.get(kind)
        until = model.now + 5 * DAYS if kind == "deferral" else None
        asking = room.Asking(kind=ApprovalKind(kind), reason=reason, length=length, until=until, note="it is so")
        caller = caller_in(policy, "acceptor" if kind == "void" else handler)
        return lambda tx: room.ask_approval(tx, case, asking, caller=caller, **now(tx))
    wrong = caller_in(policy, "manager-roads-north")
    return {
        "sign": lambda tx: sign_task(tx, case, by=handler, now=tx.now),
        "agree": lambda tx: grant_approval(tx, case, id_of(tx), note="", caller=decider, **now(tx)),
        "agree_wrong": lambda tx: grant_approval(tx, case, id_of(tx), note="", caller=wrong, **now(tx)),
        "deny": lambda tx: refuse_approval(tx, case, id_of(tx), reason="incomplete", note="", caller=decider, **now(tx)),
        "withdraw": lambda tx: room.withdraw_approval(
            tx, case, id_of(tx), caller=caller_in(policy, asked.by if asked else "acceptor"), now=tx.now
        ),
        "finish": lambda tx: finish_task(tx, case, photos=(), note=DONE, by=handler, **now(tx)),
        "return": lambda tx: return_task(tx, case, reason="not_ours", note="", by=handler, **now(tx)),
        "dispatch": lambda tx: dispatch_case(tx, case, unit="cleaning", **now(tx)),
        "dispatch_other": lambda tx: dispatch_case(tx, case, unit="covers", **now(tx)),
        "settle": lambda tx: room.settle_hold(tx, case, note="", by=handler, **now(tx)),
    }[name]  # fmt: skip


def chosen(step: int | str, model: Model) -> str:
    """The act that a step means: a number means one that fits to what is asked and where the case stands."""
    if isinstance(step, str):
        return step
    fits = (OPEN if model.asked else ()) + HERE.get(model.state, ("ask_void",))
    return fits[step % len(fits)]


def walk(town: World, steps: list[tuple[int | str, int]]) -> str:
    """Try every step; what the model does not allow must be refused, with nothing told."""
    case, model = begin(town)
    for step, minutes in steps:
        town.later(minutes=minutes)
        model.now = town.clock()
        name = chosen(step, model)
        if model.state in ("to_sign", "handling") and model.stands_since is None and model.now == model.due():
            town.later(minutes=1)  # at its last moment a clock may still be stopped: see the table of cases
            model.now = town.clock()
        if name == "sleep":
            continue  # what is due meanwhile is done later
        asleep = name in ("agree", "deny")  # a word may come before the timer is looked at
        if not asleep:
            while town.timers.fire():
                pass
            model.awake()
        before, does = len(told_of(town, case)), deed(town, case, name, model)
        may = able(name, model)
        try:
            town.writer.change(does, actor="account:somebody")
        except (Refused, NotAllowed, NotFound):
            assert not may, f"{name} from {model.state} was refused"
            assert len(told_of(town, case)) == before
        else:
            assert may, f"{name} from {model.state} was let through"
        check(town, case, model)
    return case


def check(town: World, case: str, model: Model) -> None:
    """The case is where the model has it, marked alike, with the same clock and the same timers."""
    with town.database.reading() as tx:
        row, tasks, hold = case_get(tx, case), task_list_of(tx, case), hold_open(tx, case)
        timers = Counter(each.kind for each in tx.all("SELECT kind FROM timer WHERE city = :city AND subject = :s", s=f"case/{case}"))
    assert row.state == model.state
    assert (row.approval_kind or None) == (model.asked.kind if model.asked else None)
    assert (hold and hold.kind) == (model.hold[0] if model.hold else None)
    assert timers["approval_lapse"] == (model.asked is not None)
    assert timers["hold_end"] == (model.hold is not None and not model.hold[2])
    task = next((each for each in tasks if each.id == row.task_id and each.ended_at is None and each.kind == "handle"), None)
    if task is None:
        return
    assert task.clock.is_paused == (model.stands_since is not None)
    shows = reading(task.clock, model.now, calendar_in(town.policy), yellow_ppm=800_000)
    if model.stands_since is not None:
        assert shows.lamp is Lamp.grey
        return
    assert task.due_at == model.due()
    assert (shows.lamp is Lamp.red) == (model.now > model.due())


def check_outcomes(town: World, case: str) -> None:
    """Each request has one end, or is the one that is open; what it grants follows at once, and only then."""
    told = [each.fact for each in told_of(town, case)]
    asked = [each.approval_id for each in told if isinstance(each, f.ApprovalAsked)]
    ends = Counter(each.approval_id for each in told if type(each).__name__ in ENDING)
    with town.database.reading() as tx:
        row = case_get(tx, case)
    assert set(ends.values()) <= {1}
    assert set(asked) - set(ends) == ({row.approval_id} if row.approval_id else set())
    effects = Counter(each.approval_id for each in told if getattr(each, "approval_id", None) and type(each).__name__ in (
        "TaskReturned", "TaskExtended", "CaseSuspended", "CaseDeferred", "CaseVoided"))  # fmt: skip
    yes = {each.approval_id for each in told if isinstance(each, f.ApprovalGranted)}
    yes |= {each.approval_id for each in told if isinstance(each, f.ApprovalLapsed) and each.lapse == "granted"}
    assert effects == Counter(yes)
    assert row.is_open or row.approval_id is None
    with town.database.reading() as tx:
        due = {task.id: task.due_at for task in task_list_of(tx, case)}
    for each in (fact for fact in told if isinstance(fact, f.TaskFinished)):
        assert each.overdue == (each.at > due[each.task_id])


QUIET = settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


@QUIET
@given(STEPS)
def test_any_interleaving_leaves_one_outcome_and_the_right_clock(town, steps):
    check_outcomes(town, walk(town, steps))


# by name, so that none depends on chance
LONG = [
    ("sign", 5), ("ask_extension", 10), ("agree", 20), ("ask_suspension", 10), ("agree", 30), ("settle", 4_400),
    ("ask_return", 10), ("agree", 10), ("agree", 90), ("dispatch", 60), ("sign", 5), ("ask_deferral", 10), ("agree", 10),
    ("agree", 10), ("sign", 4_400), ("sign", 4_400), ("finish", 10), ("ask_void", 10), ("agree", 10),
]  # fmt: skip
STANDS = [("sign", 5), ("ask_suspension", 10)]
WAYS = {
    "taken back while it stood": [*STANDS, ("withdraw", 60), ("finish", 10)],
    "refused while it stood": [*STANDS, ("deny", 60), ("finish", 10)],
    "nobody decided while it stood": [*STANDS, ("agree_wrong", 4_400), ("finish", 10)],
    "finished while it stood": [*STANDS, ("finish", 60)],
    "sent back while it stood": [*STANDS, ("return", 60), ("dispatch", 60), ("sign", 10), ("finish", 10)],
    "expired, then settled": [*STANDS, ("agree", 10), ("agree_wrong", 4_400), ("agree_wrong", 4_400), ("settle", 60)],
    "decided too late": [("sign", 5), ("ask_return", 10), ("agree", 480), ("agree_wrong", 0), ("finish", 10)],
    "extended too late": [("sign", 5), ("ask_extension", 100), ("agree", 3_885), ("agree_wrong", 10), ("finish", 10)],
    "silence means yes": [
        ("sign", 5), ("ask_return", 5), ("agree", 5), ("agree", 5), ("dispatch", 5), ("sign", 5), ("ask_return", 5),
        ("agree_wrong", 480), ("dispatch", 5), ("sign", 10),
    ],
    "void of what is put off": [*STANDS, ("agree", 10), ("ask_void", 10), ("agree", 10), ("agree_wrong", 4_400)],
}  # fmt: skip


def test_a_long_way(town):
    case = walk(town, LONG)
    check_outcomes(town, case)
    names = [type(each.fact).__name__ for each in told_of(town, case)]
    for name in ("TaskExtended", "CaseSuspended", "CaseResumed", "TaskReturned", "CaseDeferred", "TaskFinished", "CaseVoided"):
        assert name in names, name
    assert town.replayed() == []


@pytest.mark.parametrize("way", WAYS)
def test_ways_that_end_otherwise(town, way):
    check_outcomes(town, walk(town, WAYS[way]))
