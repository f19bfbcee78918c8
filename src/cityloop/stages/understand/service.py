"""The use case of understand: load, decide, emit."""

from datetime import timedelta

import msgspec
from msgspec.structs import replace

from cityloop.db import Tx
from cityloop.domain.facts import Fact, ReportReceived, ReportUnderstood, SaidPlace, Where
from cityloop.domain.ids import ClassKey
from cityloop.domain.near import Relatives, relatives_of
from cityloop.domain.policy import Kind, Policy, ProblemClass
from cityloop.domain.said import Said
from cityloop.field import census
from cityloop.journal.vault import VaultRow
from cityloop.learning.learned import Learned, Read
from cityloop.places import locate, nearest_component, where_in
from cityloop.stages.understand import rules, store
from cityloop.stages.understand.model import MODEL, Guess

_said_in = msgspec.json.Decoder(Said).decode


def understand_report(tx: Tx, received: ReportReceived, *, policy: Policy) -> None:
    """Propose what the report is about, where it is and to which case it belongs; or decide it where that is safe.

    Emits `ReportUnderstood`.
    """
    row = tx.get("vault", VaultRow, received.said.id)
    if row is None:
        tx.emit(_told(tx, received, policy, where=Where(), why=("erased",)))
        return
    said = _said_in(row.bytes)
    text, unread = rules.part_read(said.text, policy.settings.text_chars_max)
    learned: Learned | None = tx.deciders.learned
    read = learned.read(text) if learned else None
    guess = _guess(text, received.declared_class, policy, learned, read)
    of = policy.class_by_key[guess.proposals[0].class_key] if guess.proposals else None
    over = census.overlay(tx, policy) if of and of.kind is Kind.component else census.NOTHING
    unread += rules.why_unread(text, guess.proposals)
    said = replace(said, text=text) if unread else said
    where = place_of(said, guess, policy, over)
    places = places_said(said, guess, policy)
    relatives = _relatives(tx, guess, of, where, said)
    shown = None
    if learned and read and guess.proposals and received.declared_class is None:
        shown = rules.shown_for(learned, read, guess, where, received.report_id, policy.settings)
        guess = rules.with_level(guess, shown) if shown.alone else guess
    unread += rules.why_paused(tx.deciders)
    verdict = rules.verdict_of(guess.proposals, where, relatives.join, policy.settings, places, unread, shown)
    tx.emit(
        _told(
            tx, received, policy, where=where, why=verdict.why, alone=verdict.alone, proposals=guess.proposals,
            urgency=guess.urgency, places=places, joins=relatives.joins, recurs=relatives.recurs,
            request=rules.request_of(text, policy),
        )
    )  # fmt: skip


def _guess(
    text: str, declared: ClassKey | None, policy: Policy, learned: Learned | None, read: Read | None
) -> Guess:
    """What the report is about, by the words of the pack and by the model in force, if there is one."""
    if learned is None or read is None:
        return rules.guess_of(text, declared, policy)
    return rules.guess_of(text, declared, policy, read.likely, learned.trust)


def place_of(said: Said, guess: Guess, policy: Policy, over: census.Overlay) -> Where:
    """Where it is, as far as a fact may say: with a component's class the component; of a private class the cell only,
    and so too while a private class is among the proposals and nobody is sure.

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
    if of.kind is Kind.component:
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


def _relatives(tx: Tx, guess: Guess, of: ProblemClass | None, where: Where, said: Said) -> Relatives:
    if of is None:
        return Relatives()
    since = tx.now - timedelta(hours=of.join_hours)
    if where.lon is not None and where.lat is not None:
        near = store.case_list_here(tx, of, where, since=since)
    elif of.private_place and where.cell:
        near = store.case_list_in_cell(tx, of.key, where.cell, since=since)
    else:
        return Relatives()
    found = relatives_of(near, where, of, at=tx.now, class_ppm=guess.proposals[0].confidence_ppm)
    if found.join is None:  # nothing to decide on: what is said alike would only change how it is told
        return found
    told = {join.case_id for join in found.joins}
    signs = rules.signs_of(said, store.case_words_of(tx, [case for case in near if case.id in told]))
    return relatives_of(near, where, of, at=tx.now, class_ppm=guess.proposals[0].confidence_ppm, signs=signs)


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
