"""Publishing scores 公示: frozen with their numbers, put right by new versions, appealed against, settled; counted again."""

from collections.abc import Collection, Iterator
from datetime import date, datetime, timedelta

import msgspec
from msgspec import Struct

from cityloop.cases.notes import keep_words
from cityloop.db import Tx
from cityloop.domain.calendar import calendar_in
from cityloop.domain.facts import FrozenScore, ScoreAppealDecided, ScoreAppealLodged, ScoresPublished, ScoresSettled
from cityloop.domain.ids import AccountId, CaseId, UnitId
from cityloop.domain.policy import Policy
from cityloop.stages.evaluate import rules
from cityloop.stages.evaluate.model import TooMany
from cityloop.stages.evaluate.model.fair import OwnRequest, WordsMissing
from cityloop.stages.evaluate.model.published import (
    CorrectedFor,
    DecidedFor,
    NothingToPublish,
    NoticeOver,
    NoticeRuns,
    NoticeTooShort,
    ObjectNotYours,
    PublishedAlready,
    ScoreAppealRow,
    ScoreAppealUnknown,
    SheetRow,
    SheetState,
)
from cityloop.stages.evaluate.rules.fair.sheets import FairSheet
from cityloop.stages.evaluate.service.fair.excluding import code_in
from cityloop.stages.evaluate.service.fair.sheets import fair_sheet
from cityloop.stages.evaluate.service.making_again import make_again
from cityloop.stages.evaluate.store.fair.sheets import appeal_list_of, sheet_get, sheet_last

NOTICE_DAYS = range(1, 61)
OBJECTS_MAX = 2_000
_scores = msgspec.json.Decoder(tuple[FrozenScore, ...]).decode


class ScoreDifference(Struct, frozen=True, kw_only=True):
    """A score that comes out otherwise: as it was published, and as the journal gives it."""

    object: str
    said: str
    counted: str


def publish_scores(
    tx: Tx, sheet: FairSheet, *, notice_days: int, reason: str | None, words: str = "", by: AccountId, policy: Policy,
    now: datetime,
) -> str:
    """Freeze a sheet and begin its public notice; of days that were published before, as a new version with its reason: whoever
    has a bulletin with the version before gets another.

    Refuses with `NoticeTooShort`, `NothingToPublish`, `TooMany`, `PublishedAlready`, `ReasonUnknown` or `NoteTooLong`.
    Emits `ScoresPublished`.
    """
    if notice_days not in NOTICE_DAYS:
        raise NoticeTooShort(f"A public notice of {notice_days} days is none; choose {NOTICE_DAYS[0]} to {NOTICE_DAYS[-1]}.")
    if not any(each.score.points is not None for each in sheet.scores):
        raise NothingToPublish("No object has a score in these days; see the draft for what is missing.")
    if sheet.last_day >= now.astimezone(calendar_in(policy).zone).date():
        raise NothingToPublish(f"The period runs until the end of {sheet.last_day}; publish it when it is over.")
    if len(sheet.scores) > OBJECTS_MAX:
        raise TooMany(f"{len(sheet.scores)} scores are more than one sheet freezes; {OBJECTS_MAX} are the most.")
    before = sheet_last(tx, sheet.scheme, str(sheet.first_day), str(sheet.last_day))
    if before and reason is None:
        raise PublishedAlready(f"Those days were published as version {before.version}; say why they should be anew.")
    why = code_in(CorrectedFor, reason or "").value if before else None
    version = before.version + 1 if before else 1
    id = f"{sheet.scheme}.{sheet.first_day}.{sheet.last_day}.{version}"
    tx.hold([f"sheet/{id}"])
    note = keep_words(tx, f"sheet/{id}", words, chars_max=policy.settings.text_chars_max) if before else None
    tx.emit(
        ScoresPublished(
            sheet_id=id, scheme=sheet.scheme, by_kind=sheet.by, first_day=sheet.first_day, last_day=sheet.last_day,
            version=version, reason=why, as_of=sheet.as_of, seq=sheet.seq, pack=sheet.pack,
            excluded=tuple(CaseId(each) for each in sheet.excluded), scores=tuple(each.score for each in sheet.scores),
            notice_until=now + timedelta(days=notice_days), by=by, note=note, at=now,
        )
    )  # fmt: skip
    if before:
        make_again(tx, sheet.first_day, sheet.last_day, areas=False)
    return id


def settle_scores(tx: Tx, id: str, *, by: AccountId, now: datetime) -> str:
    """End the public notice: the scores are final.

    Refuses with `SheetUnknown`, `NoticeOver` or `NoticeRuns`. Emits `ScoresSettled`.
    """
    tx.hold([f"sheet/{id}"])
    row = _in_notice(sheet_get(tx, id))
    if now < row.notice_until:
        raise NoticeRuns(f"The public notice runs until {row.notice_until:%Y-%m-%d %H:%M} UTC; settle it then.")
    if waiting := sum(each.upheld is None for each in appeal_list_of(tx, id)):
        raise NoticeRuns(f"Of the appeals {waiting} wait to be decided; decide them first.")
    tx.emit(ScoresSettled(sheet_id=id, by=by, at=now))
    return id


def appeal_score(
    tx: Tx, id: str, *, object: str, indicator: str | None, words: str, by: AccountId, units: Collection[UnitId],
    policy: Policy, now: datetime,
) -> str:  # fmt: skip
    """Say what is not right with the published score of one's unit, while the notice runs.

    Refuses with `SheetUnknown`, `NoticeOver`, `ObjectNotYours`, `WordsMissing` or `NoteTooLong`.
    Emits `ScoreAppealLodged`.
    """
    tx.hold([f"sheet/{id}"])
    row = _in_notice(sheet_get(tx, id))
    if now >= row.notice_until:
        raise NoticeOver("The public notice is over; what was not said in it stands.")
    score = next((each for each in scores_in(row) if each.object == object and object in units), None)
    if score is None or (indicator is not None and all(each.indicator != indicator for each in score.lines)):
        raise ObjectNotYours(f"The sheet has no such score of your unit: {object[:60]!r}, {(indicator or 'the whole')[:60]}.")
    appeal = tx.new_id()
    note = keep_words(tx, f"sheet/{id}", words, chars_max=policy.settings.text_chars_max)
    if note is None:
        raise WordsMissing("The appeal says nothing; write what is not right, and what shows it.")
    tx.emit(
        ScoreAppealLodged(
            sheet_id=id, appeal_id=appeal, object=object, unit=UnitId(object), indicator=indicator, by=by, note=note, at=now
        )
    )  # fmt: skip
    return appeal


def decide_score_appeal(
    tx: Tx, id: str, appeal_id: str, *, upheld: bool, reason: str, words: str, by: AccountId, units: Collection[UnitId],
    policy: Policy, now: datetime,
) -> str:  # fmt: skip
    """Find for or against the unit. What is upheld is put right by a new version, which a person publishes.

    Refuses with `ReasonUnknown`, `ScoreAppealUnknown`, `OwnRequest` or `NoteTooLong`. Emits `ScoreAppealDecided`.
    """
    tx.hold([f"sheet/{id}"])
    why = code_in(DecidedFor, reason)
    row = tx.get("score_appeal", ScoreAppealRow, appeal_id)
    if row is None or row.sheet_id != id or row.upheld is not None:
        raise ScoreAppealUnknown(f"No appeal {appeal_id[:40]!r} against this sheet waits to be decided.")
    if row.unit in units or row.lodged_by == f"account:{by}":
        raise OwnRequest("Your own unit appealed, so another decides.")
    answer = keep_words(tx, f"sheet/{id}", words, chars_max=policy.settings.text_chars_max)
    tx.emit(
        ScoreAppealDecided(sheet_id=id, appeal_id=appeal_id, upheld=upheld, reason=why.value, by=by, answer=answer, at=now)
    )  # fmt: skip
    return appeal_id


def scores_in(row: SheetRow) -> tuple[FrozenScore, ...]:
    """The scores of a published sheet, as they were frozen."""
    return _scores(row.scores)


def differences_in(tx: Tx, row: SheetRow, *, policy: Policy) -> Iterator[ScoreDifference]:
    """What a published sheet says otherwise than these tables, made from the facts that it follows from, and its pack."""
    span = rules.span_of(date.fromisoformat(row.first_day), date.fromisoformat(row.last_day), calendar_in(policy))
    counted = {each.score.object: each.score for each in fair_sheet(tx, row.scheme, span, policy=policy, now=row.as_of).scores}
    said = {each.object: each for each in scores_in(row)}
    for name in dict.fromkeys([*said, *counted]):
        if said.get(name) != counted.get(name):
            yield ScoreDifference(object=name, said=_text(said.get(name)), counted=_text(counted.get(name)))


def _text(score: FrozenScore | None) -> str:
    if score is None:
        return "nothing"
    lines = ", ".join(f"{each.indicator} {each.numerator}/{each.denominator}" for each in score.lines)
    return f"{score.points} ({score.low} to {score.high}, places {score.best} to {score.worst}; {lines})"


def _in_notice(row: SheetRow) -> SheetRow:
    if row.state is not SheetState.notice:
        raise NoticeOver(f"The sheet is {row.state}; see /v1/scores/published for the version that stands.")
    return row
