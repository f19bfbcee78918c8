"""Try every fault: `python -m bench.faults` goes on where it was stopped and writes docs/explain/faults.md; with QUICK=1 a few
tries of each, and nothing is written. The last line is one JSON object.
"""

import argparse
import json
import os
import time
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from multiprocessing import get_context
from pathlib import Path

import psycopg

from bench.faults.all import FAULTS, Fault
from bench.faults.cluster import programs
from bench.faults.machine import NoCompiler, built
from bench.faults.outcome import Outcome
from bench.machine import POSTGRES, say
from bench.ready import nursery

QUICK = bool(os.environ.get("QUICK"))
DOCS = Path(__file__).parent.parent.parent / "docs" / "explain"
BEGINS, ENDS = "<!-- made by bench/faults: begins -->\n", "<!-- made by bench/faults: ends -->\n"
AT_ONCE = 3 if QUICK else 2  # much of a try is waiting


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--only", default="", help="kinds or names, divided by commas, e.g. kills,power/sqlite")
    asked.add_argument("--most", type=int, default=0, help="at most so many tries of each now")
    asked.add_argument("--minutes", type=float, default=1e9, help="begin nothing after so long")
    given = asked.parse_args()
    only = set(given.only.split(",")) - {""}
    try:
        for preload in ("", str(built())):
            nursery(preload)  # before anything forks: all share them
    except NoCompiler as error:
        raise SystemExit(str(error)) from error
    faults = [each for each in FAULTS if (not only or only & {each.kind, each.name}) and _can_be_tried(each)]
    began = time.monotonic()
    kept = {} if QUICK else _kept()
    fresh: dict[str, Outcome] = {}
    with ProcessPoolExecutor(AT_ONCE, get_context("fork")) as pool:
        waiting: dict[Future, Fault] = {}
        left = {each.name: _left(each, kept, given.most) for each in faults}
        seeds = {each.name: kept.get(each.name, {}).get("tries", 0) + 1 for each in faults}
        todo = list(faults)
        while todo or waiting:
            while todo and len(waiting) < AT_ONCE:
                fault = todo.pop(0)
                tries = min(fault.each, left[fault.name])
                if tries > 0 and time.monotonic() - began < given.minutes * 60:
                    waiting[pool.submit(fault.run, seeds[fault.name], tries)] = fault
                    left[fault.name] -= tries
                    seeds[fault.name] += tries
                    todo.append(fault)
            if not waiting:
                break
            done = next(as_completed(waiting))
            fault = waiting.pop(done)
            _tell(fault, done, kept, fresh)
    if not QUICK:
        _write_table(kept)
    raise SystemExit(_last_line(fresh if QUICK else {name: Outcome(**_counts(each)) for name, each in kept.items()}, fresh))


def _can_be_tried(fault: Fault) -> bool:
    if not fault.needs_postgres:
        return True
    if programs() is None:
        say(f"{fault.name}: not tried, no PostgreSQL server is installed here (sh scripts/start_postgres.sh)")
        return False
    if fault.name == "kills/postgres":
        try:
            psycopg.connect(POSTGRES).close()
        except psycopg.Error:
            say(f"{fault.name}: not tried, no PostgreSQL answers at CITYLOOP_BENCH_POSTGRES")
            return False
    return True


def _left(fault: Fault, kept: dict, most: int) -> int:
    left = fault.quick if QUICK else max(0, fault.wanted - kept.get(fault.name, {}).get("tries", 0))
    return min(left, most) if most else left


def _tell(fault: Fault, done: Future, kept: dict, fresh: dict[str, Outcome]) -> None:
    try:
        found = done.result()
    except Exception as error:  # the rig itself stumbled: that is no success
        found = Outcome(wrong=[f"{type(error).__name__}: {str(error)[:500]}"])
    told = fresh.setdefault(fault.name, Outcome())
    for name in ("tries", "acknowledged", "lost"):
        setattr(told, name, getattr(told, name) + getattr(found, name))
    told.wrong = [*told.wrong, *found.wrong]
    line = f"{fault.name}: {found.tries} tries, {found.acknowledged} acknowledged, {found.lost} lost"
    say("; ".join([line, *(f"WRONG: {each}" for each in found.wrong), *found.notes]))
    if not QUICK:
        row = kept.setdefault(fault.name, {"tries": 0, "acknowledged": 0, "lost": 0, "wrong": 0})
        row |= {name: row[name] + getattr(found, name) for name in ("tries", "acknowledged", "lost")}
        row |= {"wrong": row["wrong"] + len(found.wrong), "day": time.strftime("%Y-%m-%d", time.gmtime())}
        (DOCS / "faults.json").write_text(json.dumps(kept, indent=1) + "\n")


def _kept() -> dict:
    path = DOCS / "faults.json"
    return json.loads(path.read_text()) if path.exists() else {}


def _counts(row: dict) -> dict:
    return {name: row[name] for name in ("tries", "acknowledged", "lost")}


def _write_table(kept: dict) -> None:
    """The figures in the docs, between two marks."""
    rows = ["| fault | tries | acknowledged meanwhile | of it lost | else wrong | last day |", "|---|---|---|---|---|---|"]
    for each in FAULTS:
        if row := kept.get(each.name):
            rows.append(f"| {each.says} | {row['tries']:,} | {row['acknowledged']:,} | {row['lost']} | {row['wrong']} | {row['day']} |")
        else:
            rows.append(f"| {each.says} | not tried yet | | | | |")
    page = DOCS / "faults.md"
    before, _, rest = page.read_text().partition(BEGINS)
    page.write_text(before + BEGINS + "\n".join(rows) + "\n" + ENDS + rest.partition(ENDS)[2])


def _last_line(counted: dict[str, Outcome], fresh: dict[str, Outcome]) -> int:
    """The figures as one JSON object; gives the exit code."""
    sums = {"kills": 0, "power_losses": 0, "faults": 0, "lost": sum(each.lost for each in counted.values())}
    for name, each in counted.items():
        kind = name.partition("/")[0]
        sums[{"kills": "kills", "power": "power_losses"}.get(kind, "faults")] += each.tries
    wrong = sum(len(each.wrong) for each in fresh.values())
    print(json.dumps(sums | ({"wrong": wrong} if wrong else {})), flush=True)
    return 1 if wrong or sums["lost"] else 0


if __name__ == "__main__":
    main()
