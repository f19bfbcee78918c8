"""The use case of understand: load, decide, emit."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from cityloop.db import Tx
from cityloop.domain.alike import Signs
from cityloop.domain.copied import why_copied
from cityloop.domain.facts import Fact, ReportReceived, ReportUnderstood, SaidPlace, Where
from cityloop.domain.facts.understand import Copied
from cityloop.domain.ids import CaseId, ClassKey, ReportId
from cityloop.domain.near import NearCase, Relatives, relatives_of
from cityloop.domain.policy import Policy, ProblemClass
from cityloop.domain.said import Said
from cityloop.field import census
from cityloop.journal.vault import VaultRow
from cityloop.learning.learned import Learned, Read
from cityloop.learning.risk import Alone
from cityloop.places import has_things, locate, nearest_component, where_in
from cityloop.stages.understand import rules, store
from cityloop.stages.understand.model import MODEL, Guess

_READ = "understand.read"
_said_in = msgspec.json.Decoder(Said).decode


class Reading(Struct, frozen=True, kw_only=True):
    """What a report says, read: as much of it as the pack allows, and how sure the model in force is of it."""

    said: Said
    guess: Guess
    of: ProblemClass | None  # of the first proposal
    where: Where
    unread: tuple[str, ...]
    shown: Alone | None = None
    relatives: Relatives = Relatives()
    copied: tuple[Copied, ...] = ()


def look_ahead(tx: Tx, told: Sequence[ReportReceived], *, policy: Policy) -> None:
    """Read these reports and what is near them, in one statement where the engine can; `understand_report` then has it at
    hand, once."""
    read = {each.report_id: _read(tx, each, policy) for each in told}
    asked = {id: here for id, each in read.items() if each and (here := _here(tx, each))}
    near = store.near_of_each(tx, asked)
    for id, each in read.items():
        if each and each.of and each.of.private_place and each.where.cell and id not in near:
            near[id] = store.case_list_in_cell(tx, each.of.key, each.where.cell, since=_since(tx, each.of))
    for id, relatives in _relatives(tx, {id: (read[id], cases) for id, cases in near.items()}).items():
        read[id] = replace(read[id], relatives=relatives)
    for id, copied in store.copied_of_each(tx, [each for each in told if read[each.report_id]]).items():
        read[id] = replace(read[id], copied=copied)
    for id, each in read.items():
        tx.cache[_READ, id] = each


def understand_report(tx: Tx, received: ReportReceived, *, policy: Policy) -> None:
    """Propose what the report is about, where it is and to which case it belongs; or decide it where that is safe.

    Emits `ReportUnderstood`.
    """
    if (_READ, received.report_id) not in tx.cache:
        look_ahead(tx, [received], policy=policy)
    reading: Reading | None = tx.cache.pop((_READ, received.report_id))
    if reading is None:
        tx.emit(_told(tx, received, policy, where=Where(), why=("erased",)))
        return
    said, guess, where, relatives, shown = (
        reading.said, reading.guess, reading.where, reading.relatives, reading.shown
    )  # fmt: skip
    places = places_said(said, guess, policy)
    unread = (
        *reading.unread, *rules.why_paused(tx.deciders), *why_copied(reading.copied, relatives.join, policy.settings.join_auto_ppm)
    )  # fmt: skip
    guess = rules.with_level(guess, shown) if shown and shown.alone else guess
    verdict = rules.verdict_of(guess.proposals, where, relatives.join, policy.settings, places, unread, shown)
    tx.emit(
        _told(
            tx, received, policy, where=where, why=verdict.why, alone=verdict.alone, proposals=guess.proposals,
            urgency=max(guess.urgency, received.urgency), places=places, joins=relatives.joins, recurs=relatives.recurs,
            request=rules.request_of(said.text, policy), copied=reading.copied,
        )
    )  # fmt: skip


def _read(tx: Tx, received: ReportReceived, policy: Policy) -> Reading | None:
    """None where the words were erased."""
    row = tx.get("vault", VaultRow, received.said.id)
    if row is None:
        return None
    said = _said_in(row.bytes)
    text, unread = rules.part_read(said.text, policy.settings.text_chars_max)
    said = replace(said, text=text) if unread else said
    learned: Learned | None = tx.deciders.learned
    read = learned.read(text) if learned else None
    guess = _guess(text, received.declared_class, policy, learned, read)
    of = policy.class_by_key[guess.proposals[0].class_key] if guess.proposals else None
    over = census.overlay(tx, policy) if of and has_things(policy, of.key) else census.NOTHING
    unread += rules.why_unread(text, guess.proposals)
    where = place_of(said, guess, policy, over)
    shown = None
    if learned and read and guess.proposals and received.declared_class is None:
        shown = rules.shown_for(learned, read, guess, where, received.report_id, policy.settings)
    return Reading(said=said, guess=guess, of=of, where=where, unread=unread, shown=shown)


def _guess(
    text: str, declared: ClassKey | None, policy: Policy, learned: Learned | None, read: Read | None
) -> Guess:
    """What the report is about, by the words of the pack and by the model in force, if there is one."""
    if learned is None or read is None:
        return rules.guess_of(text, declared, policy)
    return rules.guess_of(text, declared, policy, read.likely, learned.trust)


def place_of(said: Said, guess: Guess, policy: Policy, over: census.Overlay) -> Where:
    """Where it is, as far as a fact may say: with a component's class the component, with an event's the shop at whose door
    it is; of a private class the cell only, and so too while a private class is among the proposals and nobody is sure.

    Without coordinates, the areas of what the address or the text names.
    """
    if said.lon is None or said.lat is None:
        return rules.area_said(policy, words_of(said))
    where = locate(policy, said.lon, said.lat)
    if not guess.proposals:
        return where
    if rules.is_private(guess, policy):
        return where_in(where)
    of = policy.class_by_key[guess.proposals[0].class_key]
    if has_things(policy, of.key):
        near = nearest_component(
            policy, of.key, said.lon, said.lat, without=over.without, more=over.more
        )
        if near:
            return replace(where, component=near[0].code)
    return where


def places_said(said: Said, guess: Guess, policy: Policy) -> tuple[SaidPlace, ...]:
    """What the words name, as a proposal: where there is no point, or one further away than the pack allows. Of a private
    class nothing.
    """
    if rules.is_private(guess, policy):
        return ()
    point = (said.lon, said.lat) if said.lon is not None and said.lat is not None else None
    return rules.places_of_words(policy, words_of(said), point)


def words_of(said: Said) -> str:
    """The words that may name a place."""
    return f"{said.address}\n{said.text}"


Found = tuple[Reading, list[NearCase]]


def _relatives(tx: Tx, found: Mapping[ReportId, Found]) -> dict[ReportId, Relatives]:
    """What each report belongs to, by place and age; where that is something open, by what is said alike, too."""
    placed = {id: _relatives_of(tx, *each) for id, each in found.items()}
    open_of = {id: {join.case_id for join in each.joins} for id, each in placed.items() if each.join}
    words = store.words_of_each(tx, [case for id, told in open_of.items() for case in found[id][1] if case.id in told])
    pictured = [id for id in open_of if rules.looks_in(found[id][0].said)]
    looks = store.looks_of_each(tx, [case for id in pictured for case in found[id][1] if case.id in open_of[id]])
    for id, told in open_of.items():
        said = found[id][0].said
        signs = rules.signs_of(said, {case: words[case] for case in told if case in words}, {case: looks[case] for case in told if case in looks})
        placed[id] = _relatives_of(tx, *found[id], signs)
    return placed


def _relatives_of(tx: Tx, reading: Reading, near: list[NearCase], signs: Mapping[CaseId, Signs] | None = None) -> Relatives:
    assert reading.of, "only of a class is anything near"
    ppm = reading.guess.proposals[0].confidence_ppm
    return relatives_of(near, reading.where, reading.of, at=tx.now, class_ppm=ppm, signs=signs)


def _here(tx: Tx, reading: Reading) -> list[store.Here]:
    return store.here_of(reading.of, reading.where, since=_since(tx, reading.of)) if reading.of else []


def _since(tx: Tx, of: ProblemClass) -> datetime:
    return tx.now - timedelta(hours=of.join_hours)


def _told(
    tx: Tx, received: ReportReceived, policy: Policy, *, where: Where, why: tuple[str, ...], **more: object
) -> Fact:
    learned: Learned | None = tx.deciders.learned
    words = f"{MODEL}+{policy.digest[:8]}"
    return ReportUnderstood(
        report_id=received.report_id, channel=received.channel, where=where, why=why,
        model=f"{learned.name}+{words}" if learned else words, simulated=received.simulated, at=tx.now,
        **{"proposals": (), **more},  # type: ignore[arg-type]
    )  # fmt: skip
