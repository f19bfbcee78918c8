"""What a street's call does to the spine: who may read the case meanwhile, who came, how they are rated."""

from msgspec.structs import replace

from cityloop.cases.apply.parts import case_now, guest_comes, marked, move, text, with_name, without_name
from cityloop.cases.whistle import Whistle, WhistleUnit
from cityloop.db import Tx
from cityloop.domain import facts as f
from cityloop.domain.facts import Told

WHISTLED, TO_RATE = "whistled", "to_rate"


def whistle_sounded(tx: Tx, told: Told[f.WhistleSounded]) -> None:
    fact = told.fact
    tx.put(
        "whistle",
        Whistle(
            id=fact.whistle_id, case_id=fact.case_id, street=fact.street, reason=fact.reason, sounded_at=fact.at,
            sounded_by=told.actor, report_due=fact.report_due, report_limit=text(fact.limit),
            note=fact.note.id if fact.note else None,
        ),
    )  # fmt: skip
    case = case_now(tx, fact.case_id)
    guests = case.guests
    for unit in fact.units:
        tx.put("whistle_unit", WhistleUnit(whistle_id=fact.whistle_id, unit=unit, case_id=fact.case_id))
        guest_comes(tx, told, unit)
        guests = with_name(guests, unit)
    move(tx, told, guests=guests, marks=marked(case.marks, WHISTLED))


def arrival_reported(tx: Tx, told: Told[f.ArrivalReported]) -> None:
    fact = told.fact
    row = unit_now(tx, fact.whistle_id, fact.unit)
    tx.put("whistle_unit", replace(row, reported_at=fact.at, reported_by=told.actor, late=fact.overdue))
    move(tx, told)


def arrival_missed(tx: Tx, told: Told[f.ArrivalMissed]) -> None:
    for unit in told.fact.units:
        tx.put("whistle_unit", replace(unit_now(tx, told.fact.whistle_id, unit), missed=True))
    move(tx, told)


def whistle_ended(tx: Tx, told: Told[f.WhistleEnded]) -> None:
    fact = told.fact
    tx.put("whistle", replace(whistle_now(tx, fact.whistle_id), ended_at=fact.at, ended_by=told.actor, record=fact.record.id))
    case = case_now(tx, fact.case_id)
    guests = case.guests
    for unit in fact.units:
        guests = without_name(guests, unit)
    move(tx, told, guests=guests, marks=marked(without_name(case.marks, WHISTLED), TO_RATE))


def unit_rated(tx: Tx, told: Told[f.UnitRated]) -> None:
    fact = told.fact
    row = unit_now(tx, fact.whistle_id, fact.unit)
    tx.put("whistle_unit", replace(row, score=fact.score, rated_for=fact.reason, rated_at=fact.at))
    marks = case_now(tx, fact.case_id).marks
    move(tx, told, marks=without_name(marks, TO_RATE) if fact.is_last else marks)


def whistle_now(tx: Tx, id: str) -> Whistle:
    whistle = tx.get("whistle", Whistle, id)
    assert whistle, f"whistle {id} was not sounded"
    return whistle


def unit_now(tx: Tx, whistle_id: str, unit: str) -> WhistleUnit:
    row = tx.get("whistle_unit", WhistleUnit, whistle_id, unit)
    assert row, f"{unit} was not called by whistle {whistle_id}"
    return row
