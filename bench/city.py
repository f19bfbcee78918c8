"""A large city made in bulk through apply, and the reports that benchmarks send."""

import json
import random
from collections.abc import Callable

from cityloop.app import Parts
from cityloop.db import Tx
from cityloop.domain import facts as f
from cityloop.domain.policy import Level, Policy
from cityloop.journal import vault_keep
from cityloop.places import locate

CHUNK = 1_000
WORDS = (
    "小区门口的暴露垃圾堆了三天没人清理，天热味道很大，旁边就是幼儿园，请尽快派人来处理一下，谢谢你们的工作了。",
    "人行道上的井盖缺失，晚上没有路灯特别危险，昨天已经有老人差点摔下去，请马上过来围挡并更换新的井盖好吗。",
    "路面破损形成一个大坑，下雨积水看不清，电动车经过经常摔倒，希望道路养护单位尽早修补这一段机动车道路面。",
    "电线杆和墙上到处贴着非法小广告，刚清完又贴上去，影响市容环境，请城管部门去查一下是谁在夜里张贴这些的。",
    "夜市摊贩占道经营，把人行道全部占满了，行人只能走到机动车道上去，非常危险，请管理人员现场处理并长期值守。",
)


def points(policy: Policy, seed: int) -> Callable[[], tuple[float, float]]:
    """Random places inside the city's cells."""
    chance = random.Random(seed)
    cells = policy.cells

    def one() -> tuple[float, float]:
        ring = cells[chance.randrange(len(cells))].ring
        weights = [chance.random() for _ in ring[:-1]]
        total = sum(weights)
        return (
            sum(w * p[0] for w, p in zip(weights, ring, strict=False)) / total,
            sum(w * p[1] for w, p in zip(weights, ring, strict=False)) / total,
        )

    return one


def report_bodies(policy: Policy, count: int, seed: int = 7) -> list[bytes]:
    """JSON bodies of reports: about 60 characters, a place, no photo."""
    one = points(policy, seed)
    found = []
    for number in range(count):
        lon, lat = one()
        text = f"{number:05d}{WORDS[number % len(WORDS)]}"[:60]
        found.append(
            json.dumps({"text": text, "lon": round(lon, 6), "lat": round(lat, 6)}, ensure_ascii=False).encode()
        )
    return found


def fill(
    parts: Parts, cases: int, *, closed_share: float = 0.9, on_progress: Callable[[int], None] = lambda n: None
) -> None:
    """Put cases into an empty city through facts and their apply, many to a transaction; no handler runs."""
    policy = parts.book.in_force()
    chance = random.Random(11)
    one = points(policy, 13)
    rules = [rule for rule in policy.rules if rule.auto_file] or list(policy.rules)
    done = 0
    while done < cases:
        now = min(CHUNK, cases - done)

        def chunk(tx: Tx, now: int = now) -> None:
            for _ in range(now):
                _case(tx, policy, chance, one(), rules[chance.randrange(len(rules))], chance.random() < closed_share)

        parts.writer.whole(chunk, actor="machine:bench")
        done += now
        on_progress(done)
    with parts.database.reading() as tx:
        parts.delivery.begin_after(tx.value("SELECT size FROM log_head WHERE city = :city"))


def _case(tx: Tx, policy: Policy, chance: random.Random, point: tuple[float, float], rule, closed: bool) -> None:
    report, case, task = tx.new_id(), tx.new_id(), tx.new_id()
    said = vault_keep(
        tx, "said", f"report/{report}", json.dumps({"text": WORDS[0]}, ensure_ascii=False).encode(), keep_days=365
    )
    where = locate(policy, *point)
    tx.emit(f.ReportReceived(report_id=report, channel=f.Channel.app, said=said, simulated=True, at=tx.now), first=True)
    proposal = f.Proposal(class_key=rule.class_key, rule=rule.code, confidence_ppm=950_000, reasons=("bench",))
    tx.emit(
        f.ReportUnderstood(
            report_id=report,
            channel=f.Channel.app,
            proposals=(proposal,),
            where=where,
            alone=True,
            model="bench",
            at=tx.now,
        )
    )
    problem = f.Problem(class_key=rule.class_key, rule=rule.code, where=where)
    kept = f.RuleKept(code=rule.code, limit=rule.limit, source=rule.source)
    tx.emit(
        f.CaseFiled(
            case_id=case, number=f"B{case[:18]}", problem=problem, rule=kept, report_id=report, level=Level.city,
            dispatch_due=tx.now, automatic=True, confidence_ppm=950_000, opened=False, simulated=True, at=tx.now,
        ),
        first=True,
    )  # fmt: skip
    unit = policy.units[chance.randrange(len(policy.units))]
    duty = f.Duty(unit=unit.id, level=unit.level, limit=rule.limit, why=("bench",))
    tx.emit(
        f.CaseDispatched(
            case_id=case,
            task_id=task,
            duty=duty,
            sign_due=tx.now,
            due_at=tx.now,
            automatic=True,
            confidence_ppm=990_000,
            at=tx.now,
        )
    )
    if not closed:
        return
    look = tx.new_id()
    tx.emit(f.TaskSigned(case_id=case, task_id=task, by="bench", at=tx.now))
    tx.emit(f.TaskFinished(case_id=case, task_id=task, by="bench", overdue=False, at=tx.now))
    tx.emit(
        f.InspectionAsked(
            case_id=case, task_id=look, handled_task=task, post=policy.posts[0].id, due_at=tx.now, at=tx.now
        )
    )
    tx.emit(f.CaseInspected(case_id=case, task_id=look, passed=True, by="bench2", at=tx.now))
    tx.emit(f.CaseClosed(case_id=case, by=None, on_time=True, at=tx.now))
