"""What helped last time, for one case and one reader, in eleven statements at most."""

from collections.abc import Sequence
from datetime import datetime

import msgspec
from litestar import Request, Response, get
from msgspec import Struct
from msgspec.structs import replace

from cityloop.cases import Case, report_get, scope
from cityloop.cases.notes import Note
from cityloop.cases.reach import Reach, reach_of
from cityloop.db import Tx
from cityloop.desk import rules as searching
from cityloop.domain.advice import bases_of, filled, steps_for
from cityloop.domain.aloud import aloud
from cityloop.domain.calendar import calendar_in
from cityloop.domain.codes import minor_of
from cityloop.domain.facts import RuleKept
from cityloop.domain.ids import CaseId, ClassKey
from cityloop.domain.permission import Permission
from cityloop.domain.place import Point, distance_m
from cityloop.domain.policy import Limit, Policy
from cityloop.domain.private import for_work
from cityloop.http import Caller, Door, needs
from cityloop.pages.helped import rules, store
from cityloop.pages.helped.rules import Past, Summary
from cityloop.pages.screen import language_of
from cityloop.pages.telling import Teller
from cityloop.places import spots_around

ENTRIES = 3
NOTE_CHARS = 300
GRAMS_MAX = 60  # of the report, asked of the index
_note = msgspec.json.Decoder(Note).decode
_words = msgspec.json.Decoder(dict[str, str]).decode


class AdviceLine(Struct, frozen=True, kw_only=True):
    """A step, filled in for this case, as text and for a voice."""

    says: str
    aloud: str
    basis: str


class AdviceWords(Struct, frozen=True, kw_only=True):
    """How such a case is usually handled. `language` is the voice's."""

    steps: list[AdviceLine]
    bases: list[str]
    aloud: str
    language: str


class HelpedCase(Struct, frozen=True, kw_only=True):
    """A case like this one, and what became of it. `done`: None where the reader may not read words, or nothing is kept."""

    id: CaseId
    number: str | None
    place: str
    unit: str
    closed_at: datetime
    alike_ppm: int
    alike: str
    metres: int | None
    points: int
    outcome: list[str]
    done: str | None


class EntryBeside(Struct, frozen=True, kw_only=True):
    """An entry of the knowledge base for the class."""

    id: str
    title: str
    text: str


class Helped(Struct, frozen=True, kw_only=True):
    """What helped. `advice`: None where the pack has none for the class."""

    advice: AdviceWords | None
    summary: Summary
    cases: list[HelpedCase]
    entries: list[EntryBeside]


def helped(tx: Tx, caller: Caller, case_id: CaseId, tell: Teller, *, now: datetime) -> Helped:
    """The advice for a case, cases like it within the caller's reach, and entries of its class.

    Refuses with `CaseUnknown`.
    """
    case = scope.case_for(tx, caller, case_id)
    if case.class_key is None:
        return Helped(advice=None, summary=rules.summary_of([]), cases=[], entries=[])
    reads = scope.reads_wherever(caller)
    alike = rules.most_alike(_candidates(tx, case, reach_of(caller), reads=reads))
    pasts = _with_ends(tx, alike) if alike else []
    return Helped(
        advice=advice_words(case, tell), summary=rules.summary_of(pasts),
        cases=_shown(tx, rules.best_ended(pasts), tell, reads=reads),
        entries=_entries(tx, case.class_key, tell.policy, now) if caller.may(Permission.knowledge_read) else [],
    )  # fmt: skip


def advice_words(case: Case, tell: Teller) -> AdviceWords | None:
    """The pack's steps, with this case's place, limit and unit in them."""
    steps = steps_for(tell.policy, case.class_key, case.rule)
    if not steps:
        return None
    limit = _limit(case, tell.policy)
    given = {
        "place": tell.place(case.cell, case.street, case.district),
        "limit": tell.limit(limit) if limit else tell.word("helped.limit"),
        "unit": tell.unit(case.unit) or tell.word("helped.unit"),
    }
    language = tell.language.split("+")[0]
    lines = []
    for step in steps:
        says = filled(tell.of(step.says), given)
        spoken = aloud(filled(step.says.get(language) or tell.of(step.says), given), language)
        lines.append(AdviceLine(says=says, aloud=spoken, basis=tell.source(step.source)))
    return AdviceWords(
        steps=lines, bases=[tell.source(each) for each in bases_of(steps)],
        aloud="\n".join(each.aloud for each in lines), language=language,
    )  # fmt: skip


def _limit(case: Case, policy: Policy) -> Limit | None:
    if case.rule_kept:
        return msgspec.json.decode(case.rule_kept, type=RuleKept).limit
    known = policy.rule_by_code.get(case.rule) if case.rule else None
    return known.limit if known else None


def _candidates(tx: Tx, case: Case, reach: Reach, *, reads: bool) -> list[Past]:
    """Closed cases of the class that say something alike, or lie near; each with how alike it is."""
    assert case.class_key, "asked of a case with a class"
    report = report_get(tx, case.report_id)
    own = store.grams_of_report(tx, report.said) if reads else frozenset()
    token = searching.token_of(case.class_key)
    asked = sorted(gram for gram in own if len(gram) <= searching.LETTERS)[:GRAMS_MAX]  # without class and areas
    found = {
        each.past.id: each
        for each in store.worded(tx, [[token], asked or [searching.PLAIN]], case.class_key, reach)
        if each.past.id != case.id
    }
    weights = rules.weights_of([own, *(each.grams for each in found.values())])
    here = Point(lon=case.lon, lat=case.lat) if case.lon is not None and case.lat is not None else None
    near = store.closed_near(tx, case.class_key, spots_around(here.lon, here.lat, rules.NEAR_M), reach) if here else []
    pasts = {each.id: each for each in near if each.id != case.id} | {id: each.past for id, each in found.items()}
    return [_alike(each, found.get(each.id), own, weights, here, case.rule) for each in pasts.values()]


def _alike(
    past: Past,
    found: store.Worded | None,
    own: frozenset[str],
    weights: dict[str, float],
    here: Point | None,
    rule: str | None,
) -> Past:
    words_ppm = rules.words_alike_ppm(own, found.grams, weights) if found and own else 0
    away = (
        distance_m(here, Point(lon=past.lon, lat=past.lat))
        if here and past.lon is not None and past.lat is not None
        else None
    )
    alike = rules.alike_ppm(words_ppm, away, same_rule=past.rule == rule)
    return replace(past, alike_ppm=alike, metres=None if away is None else round(away))


def _with_ends(tx: Tx, pasts: Sequence[Past]) -> list[Past]:
    ids = [each.id for each in pasts]
    verdicts, back = store.verdicts_of(tx, ids), store.came_back(tx, ids)
    return [
        replace(
            each, solved=tuple(solved for solved, _ in verdicts.get(each.id, ())),
            satisfied=tuple(satisfied for _, satisfied in verdicts.get(each.id, ())), came_back=back.get(each.id, 0),
        )
        for each in pasts
    ]  # fmt: skip


def _shown(tx: Tx, pasts: Sequence[Past], tell: Teller, *, reads: bool) -> list[HelpedCase]:
    work = store.work_of(tx, [each.id for each in pasts]) if pasts else []
    notes = {each.case_id: for_work(_note(each.raw).text)[:NOTE_CHARS] for each in work if each.raw and reads}
    found = []
    for each in pasts:
        end = rules.ended(each)
        found.append(
            HelpedCase(
                id=each.id, number=each.number, place=tell.area(each.street), unit=tell.unit(each.unit),
                closed_at=each.closed_at, alike_ppm=each.alike_ppm, alike=tell.percent(each.alike_ppm), metres=each.metres,
                points=end.points, outcome=[tell.word(f"helped.end.{code}") for code in end.why], done=notes.get(each.id),
            )
        )  # fmt: skip
    return found


def _entries(tx: Tx, key: ClassKey, policy: Policy, now: datetime) -> list[EntryBeside]:
    day = now.astimezone(calendar_in(policy).zone).date()
    classes = tuple(dict.fromkeys([key, ClassKey(minor_of(key))]))
    rows = store.entries_of_class(tx, classes, day, limit=ENTRIES)
    words = [(row.id, _words(row.raw)) for row in rows]
    return [EntryBeside(id=id, title=said["title"], text=said["text"][:NOTE_CHARS]) for id, said in words]


@get("/v1/cases/{case_id:str}/helped", guards=[needs(Permission.case_read)])
async def get_helped(case_id: CaseId, request: Request, door: Door) -> Response[Helped]:
    """What helped last time: advice with its legal basis, solved cases like this one by how they ended, and entries."""
    tell = Teller(policy=door.policy, language=language_of(request, door.policy))
    found = await door.read(lambda tx: helped(tx, door.caller, case_id, tell, now=door.now))
    return Response(found, headers={"Cache-Control": "no-store"})


ROUTES = [get_helped]
