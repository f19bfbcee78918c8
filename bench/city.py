"""A large city made in bulk through apply, and the reports that benchmarks send."""

import json
import os
import random
from collections.abc import Callable
from datetime import timedelta

from cityloop.app import Parts
from cityloop.db import TABLES, Tx
from cityloop.db.behind import Batch, Way
from cityloop.domain import facts as f
from cityloop.domain.policy import Level, Policy
from cityloop.domain.time import utc_text
from cityloop.journal import vault_keep
from cityloop.places import locate
from cityloop.stages.understand.rules import guess_of

CHUNK = 2_000
TOLD = 300
OF_A_CASE = {
    "report": "id = :report",
    "case_file": "id = :case",
    "task": "case_id = :case",
    "vault": "subject = 'report/' || :report",
    "fact": "subject IN ('report/' || :report, 'case/' || :case)",
}
SEQ, BODY, SALT = (list(TABLES["fact"].columns).index(name) for name in ("seq", "body", "salt"))
ID, OPENED_AT = 1, list(TABLES["case_file"].columns).index("opened_at")
BETWEEN = "\x1f"
CLASSES_MAX = 12
LETTER = "有{0}的情况，{0}已经好几天了，请安排人员尽快过来处理{0}的问题，谢谢各位同志，辛苦大家了，盼望早日解决。"


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


def letters(policy: Policy) -> list[str]:
    """Texts of about 60 characters, of classes that a machine may file, each sure enough to go all the way alone."""
    found = []
    sure_ppm = max(policy.settings.level_understand_ppm, policy.settings.level_dispatch_ppm)
    for rule in policy.rules:
        text = LETTER.format(policy.class_by_key[rule.class_key].name["zh"])[:55]
        best = guess_of(text, None, policy).proposals[:1]
        if (
            best
            and best[0].rule == rule.code
            and rule.auto_file
            and not rule.verify
            and best[0].confidence_ppm >= sure_ppm
        ):
            found.append(text)
    return found[:CLASSES_MAX]


def report_bodies(policy: Policy, count: int, seed: int = 7) -> list[bytes]:
    """JSON bodies of reports: about 60 characters, a place, no photo."""
    one = points(policy, seed)
    said = letters(policy)
    found = []
    for number in range(count):
        lon, lat = one()
        text = f"{said[number % len(said)]}{number:05d}"
        found.append(
            json.dumps({"text": text, "lon": round(lon, 6), "lat": round(lat, 6)}, ensure_ascii=False).encode()
        )
    return found


def fill(
    parts: Parts,
    cases: int,
    *,
    closed_share: float = 0.9,
    waiting_share: float = 0.0,
    on_progress: Callable[[int], None] = lambda n: None,
) -> None:
    """Put cases into an empty city, many to a transaction; no handler runs. Of those that are not closed a share waits to
    be accepted, the others are with a unit.

    Some hundred are told through apply; the rest are these again, under new ids and at other moments. A replay of the
    whole gives the same tables.
    """
    days = cases // 1_000 + 2
    chance = random.Random(17)
    done = min(cases, TOLD)
    told = _tell(parts, done, closed_share, waiting_share, days)
    with parts.database.reading() as tx:
        stories = [_Story(tx, *each) for each in told]
    while done < cases:
        now = min(CHUNK, cases - done)

        def again(tx: Tx, now: int = now) -> None:
            seq = tx.value("SELECT size FROM log_head WHERE city = :city")
            rows: dict[str, list[list]] = {name: [] for name in OF_A_CASE}
            for _ in range(now):
                at = utc_text(tx.now - timedelta(days=2 + chance.random() * days))
                seq = stories[chance.randrange(len(stories))].again(tx, at, rows, seq)
            tx.engine.write([Batch(Way.new, name, tuple(TABLES[name].columns), rows[name]) for name in OF_A_CASE])
            tx.run("UPDATE log_head SET size = :size WHERE city = :city", size=seq)

        parts.writer.whole(again, actor="machine:bench")
        done += now
        on_progress(done)
    parts.writer.whole(_load_units, actor="machine:bench")
    with parts.database.reading() as tx:
        parts.delivery.begin_after(tx.value("SELECT size FROM log_head WHERE city = :city"))


def _load_units(tx: Tx) -> None:
    """Say of each unit how many tasks it has now."""
    units = tx.tuples(
        "SELECT city, unit, (SELECT count(*) FROM task WHERE task.city = unit_load.city AND task.unit = unit_load.unit "
        "AND task.ended_at IS NULL) FROM unit_load WHERE city = :city"
    )
    tx.engine.write([Batch(Way.whole, "unit_load", ("city", "unit", "open_tasks"), units)])


class _Story:
    """The rows of a case that was told, to be written again: what differs is one text, in which ids are exchanged."""

    def __init__(self, tx: Tx, report: str, case: str):
        rows: list[tuple[str, list]] = []
        for name, where in OF_A_CASE.items():
            sql = f"SELECT {', '.join(TABLES[name].columns)} FROM {name} WHERE city = :city AND {where}"
            rows += sorted((name, list(row)) for row in tx.tuples(sql, report=report, case=case))
        self.at = next(row[OPENED_AT] for name, row in rows if name == "case_file")
        self.ids = sorted([report, case, *(row[ID] for name, row in rows if name in ("task", "vault"))])
        self.rows: list[tuple[str, list, list[int]]] = []
        own = []
        for name, row in rows:
            if name == "fact":
                row[BODY] = row[BODY].decode()
            texts = [(place, value) for place, value in enumerate(row) if isinstance(value, str)]
            places = [place for place, value in texts if any(each in value for each in (self.at, *self.ids))]
            own += [row[place] for place in places]
            self.rows.append((name, row, places))
        self.text = BETWEEN.join(own)

    def again(self, tx: Tx, at: str, rows: dict[str, list[list]], seq: int) -> int:
        """Add the rows under new ids and at another moment; gives the last seq."""
        text = self.text.replace(self.at, at)
        for id in self.ids:
            text = text.replace(id, tx.new_id())
        own = iter(text.split(BETWEEN))
        for name, told, places in self.rows:
            row = told.copy()
            for place in places:
                row[place] = next(own)
            if name == "fact":
                row[SEQ] = seq = seq + 1
                row[BODY], row[SALT] = row[BODY].encode(), os.urandom(32)
            rows[name].append(row)
        return seq


def _tell(parts: Parts, cases: int, closed_share: float, waiting_share: float, days: int) -> list[tuple[str, str]]:
    """Tell cases through facts and their apply; gives the ids of report and case."""
    policy = parts.book.in_force()
    chance, waiting = random.Random(11), random.Random(19)
    one = points(policy, 13)
    rules = [rule for rule in policy.rules if rule.auto_file] or list(policy.rules)

    def tell(tx: Tx) -> list[tuple[str, str]]:
        return [
            _case(
                tx, policy, chance, one(), rules[chance.randrange(len(rules))], chance.random() < closed_share,
                waiting.random() < waiting_share, tx.now - timedelta(days=2 + chance.random() * days),
            )
            for _ in range(cases)
        ]  # fmt: skip

    return parts.writer.whole(tell, actor="machine:bench")


def _case(
    tx: Tx, policy: Policy, chance: random.Random, point: tuple[float, float], rule, closed: bool, waits: bool, at
) -> tuple[str, str]:
    report, case, task = tx.new_id(), tx.new_id(), tx.new_id()
    said = vault_keep(
        tx, "said", f"report/{report}", json.dumps({"text": LETTER}, ensure_ascii=False).encode(), keep_days=365
    )
    where = locate(policy, *point)
    tx.emit(f.ReportReceived(report_id=report, channel=f.Channel.app, said=said, simulated=True, at=at), first=True)
    proposal = f.Proposal(class_key=rule.class_key, rule=rule.code, confidence_ppm=950_000, reasons=("bench",))
    tx.emit(
        f.ReportUnderstood(
            report_id=report,
            channel=f.Channel.app,
            proposals=(proposal,),
            where=where,
            alone=True,
            model="bench",
            at=at,
        )
    )
    problem = f.Problem(class_key=rule.class_key, rule=rule.code, where=where)
    if waits and not closed:
        opened = f.CaseOpened(
            case_id=case, report_id=report, problem=problem, where=where, confidence_ppm=600_000, why=("bench",),
            accept_due=at, simulated=True, at=at,
        )  # fmt: skip
        tx.emit(opened, first=True)
        return report, case
    kept = f.RuleKept(code=rule.code, limit=rule.limit, source=rule.source)
    tx.emit(
        f.CaseFiled(
            case_id=case, number=f"B{case}", problem=problem, rule=kept, report_id=report, level=Level.city,
            dispatch_due=at, automatic=True, confidence_ppm=950_000, opened=False, simulated=True, at=at,
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
            sign_due=at,
            due_at=at,
            automatic=True,
            confidence_ppm=990_000,
            at=at,
        )
    )
    if not closed:
        return report, case
    _close(tx, policy, rule, case, task, at)
    return report, case


def _close(tx: Tx, policy: Policy, rule, case: str, task: str, at) -> None:
    """The unit does it, somebody looks, and the case is over."""
    look = tx.new_id()
    tx.emit(f.TaskSigned(case_id=case, task_id=task, by="bench", at=at))
    tx.emit(f.TaskFinished(case_id=case, task_id=task, by="bench", overdue=False, at=at))
    tx.emit(
        f.InspectionAsked(
            case_id=case, task_id=look, handled_task=task, post=policy.posts[0].id, limit=rule.limit, due_at=at, at=at
        )
    )
    tx.emit(f.CaseInspected(case_id=case, task_id=look, passed=True, by="bench2", at=at))
    tx.emit(f.CaseClosed(case_id=case, by=None, on_time=True, at=at))
