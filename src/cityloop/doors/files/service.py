"""Use cases of importing: read, decide, emit; a batch of rows a transaction, with how far the file was read."""

import time
from collections.abc import Callable, Sequence
from functools import partial
from itertools import chain, islice
from pathlib import Path

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from cityloop.cases.model import Imported
from cityloop.cases.notes import KEEP_DAYS, NOTE, Note
from cityloop.db import Tx
from cityloop.db.tx import new_id
from cityloop.domain.facts import (
    CaseImported,
    CaseReimported,
    Channel,
    GivenDeadline,
    History,
    Problem,
    ReportImported,
    RuleKept,
)
from cityloop.domain.ids import CaseId, ReportId, TaskId
from cityloop.domain.lifecycle import OVER, State
from cityloop.domain.policy import Level, Policy, Rule
from cityloop.domain.said import RawPlace, Said
from cityloop.doors.files import datum, rules, runs, store
from cityloop.doors.files.badrows import BadRows
from cityloop.doors.files.copies import Copy, copied
from cityloop.doors.files.mapping import columns_checked
from cityloop.doors.files.model import Bad, BadCell, DatumSuspicious, Kind, Line, Mapping, Row, Tally
from cityloop.doors.files.read import Table, open_table
from cityloop.doors.files.rules import Reading
from cityloop.journal import Writer, story, vault_keep
from cityloop.places import locate
from cityloop.stages.intake.model import CONTACT, CONTACT_DAYS, SAID, SAID_DAYS, Contact

BATCH = 500  # rows in one transaction: a quarter of a second, so that a server beside it is not kept waiting for long
ASKED, STRIDE = 5_000, 10  # of so many lines every tenth is asked about the datum
HISTORIES = (CaseImported, CaseReimported)
Progress = Callable[[int, int | None], None]
_encode = msgspec.json.Encoder().encode


class Import(Struct, kw_only=True):
    """What an import is told. `mapping_digest` is of the mapping's bytes."""

    path: Path
    mapping: Mapping
    mapping_digest: str
    folder: Path  # where the private copy lies
    bad: Path | None = None
    datum_is_right: bool = False
    on_progress: Progress = lambda done, of: None


def import_file(writer: Writer, policy: Policy, asked: Import) -> Tally:
    """Bring a file's cases or reports in. What came in before is not brought in twice; what cannot be read is listed.

    Refuses with `FileUnreadable`, `FileChanged`, `ColumnMissing`, `DatumSuspicious`: then nothing was written; with
    `ImportRunning` or `ImportTakenOver` where another reads the same source. Emits `ReportImported`, `CaseImported`,
    `CaseReimported`.
    """
    with copied(asked.path, asked.folder, asked.mapping) as copy:
        table = open_table(copy.path, asked.mapping)
        columns_checked(asked.mapping, table.columns)
        reading = Reading(
            mapping=asked.mapping, policy=policy, convert=datum.converter(asked.mapping.datum),
            locate=partial(locate, policy), now=writer.database.clock(), file=copy.digest[:12],
        )  # fmt: skip
        reading.as_of()
        if not asked.datum_is_right:
            ask_datum(table, reading)
        return _run(writer, asked, copy, table, reading)


def ask_datum(table: Table, reading: Reading) -> None:
    """Whether the declared datum is plausible.

    Refuses with `DatumSuspicious`.
    """
    if not (table.shaped or "lon" in reading.mapping.places):
        return
    lines = islice(table.read(reading.mapping.wanted), ASKED)
    few = list(islice(lines, datum.ENOUGH * 10))  # of a small file every line
    lines = chain(few, islice(lines, 0, None, STRIDE))
    found = [witness for line in lines if (witness := rules.witness_of(line, reading))]
    doubt = datum.suspicion(
        found, reading.mapping.datum, cell_at=lambda point: reading.locate(point.lon, point.lat).cell
    )
    if doubt:
        raise DatumSuspicious(
            f"Are these places in {reading.mapping.datum}? Of {len(found):,} rows, {doubt.says}. Write datum = "
            f'"{doubt.datum}" in the mapping, or confirm with --datum-is-right. Nothing was written.',
            seems=doubt.datum,
        )


def _run(writer: Writer, asked: Import, copy: Copy, table: Table, reading: Reading) -> Tally:
    actor = f"import:{asked.mapping.source}"
    owner = runs.new_owner()
    run = writer.change(
        lambda tx: runs.begin(
            tx, asked.mapping.source, owner, file_digest=copy.digest, mapping_digest=asked.mapping_digest
        ),
        actor=actor,
    )
    tally = Tally(
        records=run.records, added=run.added, same=run.same, renewed=run.renewed, differing=run.differing, bad=run.bad,
        notes=list(table.notes),
    )  # fmt: skip
    bad = BadRows(asked.bad or asked.path.with_name(f"{asked.path.name}.bad.csv"), kept=run.bad)
    started = time.perf_counter()
    try:
        lines = islice(table.read(asked.mapping.wanted), run.records, None)
        while batch := list(islice(lines, BATCH)):
            tally = _batch(writer, run, tally, batch, reading, bad)
            asked.on_progress(tally.records, copy.records)
        writer.change(lambda tx: runs.moved(tx, run, tally, ended=True), actor=actor)
    except BaseException:
        writer.change(lambda tx: runs.let_go(tx, run), actor=actor)
        raise
    finally:
        bad.close()
    tally.seconds = time.perf_counter() - started
    tally.bad_rows = bad.path if tally.bad else None
    return tally


def _batch(
    writer: Writer, run: store.Run, before: Tally, lines: Sequence[Line], reading: Reading, bad: BadRows
) -> Tally:
    """Read some lines, then bring them in with one transaction. Gives the tally with them."""
    rows, wrong = read_rows(lines, reading)

    def use_case(tx: Tx) -> tuple[Tally, list[Bad]]:
        tally = replace(before, records=before.records + len(lines))
        found = bring_in(tx, rows, reading, tally)
        tally.bad += len(wrong) + len(found)
        runs.moved(tx, run, tally)
        bad.write([*wrong, *found], after=before.bad)  # before the commit: a kill between leaves it too long, never short
        return tally, found

    tally, _ = writer.change(use_case, actor=f"import:{run.source}")
    return tally


def read_rows(lines: Sequence[Line], reading: Reading) -> tuple[list[Row], list[Bad]]:
    """The rows that could be read, and what is wrong with the others."""
    rows: list[Row] = []
    wrong: list[Bad] = []
    for line in lines:
        try:
            rows.append(rules.row_of(line, reading))
        except BadCell as no:
            wrong.append(Bad(line=line.no, column=no.column, value=no.value, what=no.what, remedy=no.remedy))
    return rows, wrong


def bring_in(tx: Tx, rows: Sequence[Row], reading: Reading, tally: Tally) -> list[Bad]:
    """Tell what is new or otherwise now; gives the rows that may not come in."""
    came = store.imported_of(tx, [_id(row) for row in rows])
    taken = store.numbers_taken(tx, [row.number for row in rows if row.number])
    wrong: list[Bad] = []
    for row in rows:
        known = came.get(_id(row))
        mine = known.subject.partition("/")[2] if known else None
        if known and known.file == row.origin.file and known.line != row.origin.line:
            what, remedy = f"the key {row.origin.key} stands in line {known.line} too", "give each row a key of its own"
            wrong.append(_bad(row, reading.mapping.key[0], row.origin.key, what, remedy))
        elif row.number and taken.get(row.number, mine) != mine:
            what, remedy = "another case has this number", "give it another number, or leave it out and keep it as the key"
            wrong.append(_bad(row, reading.mapping.columns.get("number", "number"), row.number, what, remedy))
        elif known and known.digest == row.origin.digest:
            tally.same += 1
        elif known:
            _again(tx, row, known, reading, tally)
        else:
            case = _tell_new(tx, row, reading)
            came[_id(row)] = store.imported_now(tx, _id(row))
            tally.added += 1
            if row.number and case:
                taken[row.number] = case
    return wrong


def _tell_new(tx: Tx, row: Row, reading: Reading) -> CaseId | None:
    """A report, and the case that it began where the file is of cases. Ids are of the moment at which it came in."""
    report_id = ReportId(new_id(row.opened_at))
    case_id = CaseId(new_id(row.opened_at)) if reading.mapping.kind is Kind.cases else None
    said, contact = _words(tx, report_id, row, reading.mapping.datum)
    tx.emit(
        ReportImported(
            report_id=report_id, origin=row.origin, channel=Channel(row.channel), said=said, contact=contact,
            class_key=row.class_key, case_id=case_id, at=row.opened_at,
        ),
        first=True,
    )  # fmt: skip
    if case_id is None:
        return None
    history = history_of(tx, case_id, row, reading)
    fact = CaseImported(case_id=case_id, report_id=report_id, origin=row.origin, history=history, at=row.opened_at)
    tx.emit(fact, first=True)
    return case_id


def _again(tx: Tx, row: Row, known: Imported, reading: Reading, tally: Tally) -> None:
    """A row that tells otherwise now: it stands, unless somebody here has gone on with the case."""
    tx.hold([known.subject])
    row = _unless_erased(tx, row, known)
    if reading.mapping.kind is Kind.reports or tx.heads[known.subject] != known.no:
        tally.differing += 1
        return
    case_id = CaseId(known.subject.removeprefix("case/"))
    history = history_of(tx, case_id, row, reading, task_id=store.task_of(tx, case_id))
    tx.emit(CaseReimported(case_id=case_id, origin=row.origin, history=history, at=row.opened_at))
    tally.renewed += 1


def _unless_erased(tx: Tx, row: Row, known: Imported) -> Row:
    """The row without its note, if the note that came in before was erased: it does not come back by another import."""
    before = next((each.fact.history.note for each in story(tx, known.subject)[::-1] if isinstance(each.fact, HISTORIES)), None)
    if before is None or store.vault_has(tx, before.id):
        return row
    return replace(row, words=replace(row.words, note=""))


def history_of(tx: Tx, case_id: CaseId, row: Row, reading: Reading, *, task_id: TaskId | None = None) -> History:
    """All that the row tells of a case; how it ended goes to the vault in the file's own words."""
    policy, as_of = reading.policy, reading.as_of()
    rule = _rule(row, policy)
    state, why = rules.state_of(row, knows_rule=rule is not None)
    goes_on = state not in OVER
    told = policy.rule_by_code[row.rule] if row.rule else rule if goes_on else None
    work = row.due_at is not None and row.unit is not None and (state is State.handling or row.handled_at is not None)
    note = None
    if row.words.note:
        note = vault_keep(tx, NOTE, f"case/{case_id}", _encode(Note(text=row.words.note)), keep_days=KEEP_DAYS)
    return History(
        as_of=as_of, number=row.number, state=state, class_key=row.class_key,
        problem=Problem(class_key=told.class_key, rule=told.code, where=row.where) if told else None, where=row.where,
        level=row.level or (_level(row, policy) if goes_on and state is not State.reported else None), unit=row.unit,
        opened_at=row.opened_at, accepted_at=row.accepted_at, filed_at=row.filed_at, dispatched_at=row.dispatched_at,
        handled_at=row.handled_at, closed_at=row.closed_at, untold=rules.untold_of(row, state),
        deadline=_deadline(row, reading.mapping), on_time=rules.on_time(row.due_at, row.closed_at, as_of),
        refused_for=(row.refused_for or rules.REFUSED_UNTOLD) if state is State.not_accepted else None, note=note,
        rule=RuleKept(code=told.code, limit=told.limit, source=told.source) if told and goes_on else None,
        task_id=(task_id or TaskId(new_id(row.opened_at))) if work else None, why=why,
    )  # fmt: skip


def _words(tx: Tx, report_id: ReportId, row: Row, named: str) -> tuple:
    words, subject = row.words, f"report/{report_id}"
    raw = None
    if words.raw_lon is not None and words.raw_lat is not None:
        raw = RawPlace(lon=words.raw_lon, lat=words.raw_lat, coords=named)
    said = Said(text=words.text, address=words.address, lon=row.where.lon, lat=row.where.lat, raw_place=raw)
    kept = vault_keep(tx, SAID, subject, _encode(said), keep_days=SAID_DAYS)
    if not (words.name or words.phone):
        return kept, None
    contact = Contact(name=words.name, phone=words.phone)
    return kept, vault_keep(tx, CONTACT, subject, _encode(contact), keep_days=CONTACT_DAYS, marks=contact.marks)


def _deadline(row: Row, mapping: Mapping) -> GivenDeadline | None:
    if row.due_at is None or mapping.deadline is None:
        return None
    return GivenDeadline(due_at=row.due_at, source=mapping.deadline)


def _rule(row: Row, policy: Policy) -> Rule | None:
    """The rule that the file tells, or under which an open case of its class goes on here."""
    if row.rule:
        return policy.rule_by_code[row.rule]
    known = policy.rules_of_class.get(row.class_key, ()) if row.class_key else ()
    return next((each for each in known if each.is_default), known[0] if known else None)


def _level(row: Row, policy: Policy) -> Level:
    return policy.unit_by_id[row.unit].level if row.unit else Level.city


def _id(row: Row) -> str:
    return f"{row.origin.source}/{row.origin.key}"


def _bad(row: Row, column: str, value: str, what: str, remedy: str) -> Bad:
    return Bad(line=row.line, column=column, value=value, what=what, remedy=remedy)


