"""What a case's page offers to do: the moves from here, the one that matters now first, the others with a reason."""

from collections.abc import Iterable

from msgspec import Struct

from cityloop.cases import TaskKind
from cityloop.domain.approval import DENIALS, REASONS, WORDED, kind_of_return
from cityloop.domain.facts import Addressed, LevelMove, SupervisionLevel
from cityloop.domain.permission import Permission
from cityloop.domain.policy import Policy
from cityloop.domain.posts import posts_covering
from cityloop.pages.case import CaseView
from cityloop.stages.dispatch import ReassignReason, SuperviseReason, TransferBackReason, TransferReason, UrgeReason
from cityloop.stages.filing import CompletionReason, PartReason, RefusalReason
from cityloop.stages.handle import AssistReason, RateReason, ReturnReason, WhistleReason
from cityloop.stages.inspect import DismissReason, RedoReason

FIRST = ("grant", "file", "accept", "verify", "dispatch", "sign", "reach_stage", "finish", "inspect")  # the loud button
POSTS_SHOWN = 40


class Field(Struct, frozen=True, kw_only=True):
    """Something that a form asks for: one of a few (`choices`: value, and the code of its words), a unit, or words."""

    name: str
    takes: str  # choice, units, unit, report, appeal, case, words, note, photos, number
    label: str
    choices: tuple[tuple[str, str], ...] = ()
    needed: bool = True


def _field(name: str, takes: str, label: str, words: str = "", values: Iterable[str] = (), **more: bool) -> Field:
    choices = tuple((str(each), f"{words}.{each}") for each in values)
    return Field(name=name, takes=takes, label=label, choices=choices, **more)


NOTE = _field("note", "note", "deed.note", needed=False)
FIELDS: dict[str, tuple[Field, ...]] = {
    "reassign": (
        _field("unit", "unit", "deed.unit"),
        _field("reason", "choice", "deed.reason", "dispatch.reason", ReassignReason),
        NOTE,
    ),
    "ask_assist": (_field("unit", "unit", "deed.unit"),),
    "sign_assist": (),
    "finish_assist": (
        _field("note", "note", "deed.note_or_photo", needed=False),
        _field("photos", "photos", "deed.photos", needed=False),
    ),
    "urge": (_field("reason", "choice", "deed.reason", "urge.reason", UrgeReason), NOTE),
    "supervise": (
        _field("level", "choice", "deed.grade", "supervise.level", SupervisionLevel),
        _field("reason", "choice", "deed.reason", "supervise.reason", SuperviseReason),
        NOTE,
    ),
    "answer": (_field("words", "words", "deed.words"),),
    "ask_answer_again": (_field("reason", "choice", "deed.reason", "supervise.reason", SuperviseReason),),
    "accept_answer": (),
    "instruct": (
        _field("words", "words", "deed.words"),
        _field("addressed", "choice", "deed.addressed", "addressed", Addressed),
        _field("urgency", "choice", "deed.urgency", "urgency", ("0", "1", "2")),
    ),
    "whistle": (
        _field("units", "units", "deed.units"),
        _field("reason", "choice", "deed.reason", "whistle.reason", WhistleReason),
        NOTE,
    ),
    "report_in": (),
    "end_whistle": (_field("words", "words", "deed.record"),),
    "rate": (
        _field("unit", "unit", "deed.unit"),
        _field("score", "choice", "deed.score", "score", ("5", "4", "3", "2", "1")),
        _field("reason", "choice", "deed.reason", "rate.reason", RateReason),
    ),
    "transfer": (
        _field("system", "system", "deed.system"),
        _field("their_number", "text", "deed.their_number", needed=False),
        _field("reason", "choice", "deed.reason", "transfer.reason", TransferReason),
        NOTE,
    ),
    "finish_transfer": (NOTE,),
    "return_transfer": (_field("reason", "choice", "deed.reason", "transfer.reason", TransferBackReason), NOTE),
    "uphold": (_field("appeal", "appeal", "deed.appeal"), NOTE),
    "dismiss": (
        _field("appeal", "appeal", "deed.appeal"),
        _field("reason", "choice", "deed.reason", "appeal.reason", DismissReason),
        NOTE,
    ),
    "part": (
        _field("report_id", "report", "deed.report"),
        _field("reason", "choice", "deed.reason", "part.reason", PartReason),
        _field("into", "case", "deed.part_into", needed=False),
        NOTE,
    ),
    "complete": (_field("reason", "choice", "deed.reason", "completion.reason", CompletionReason), NOTE),
}  # what the forms of deeds beside the way ask for


class Offer(Struct, frozen=True, kw_only=True):
    """A move as the page offers it. `why_not` None: it may be done. `loud`: the one that matters now."""

    name: str
    why_not: str | None
    loud: bool
    choices: tuple[tuple[str, str], ...] = ()  # value and code of words, or words themselves
    fields: tuple[Field, ...] | None = None  # None: the page knows its form itself


def offers_of(view: CaseView, policy: Policy) -> list[Offer]:
    """The moves that the table allows from here: those for the caller first, the loudest at the head."""
    may = [move.name for move in view.moves if move.why_not is None]
    loud = next((name for name in FIRST if name in may), None)
    found = [
        Offer(
            name=move.name, why_not=move.why_not, loud=move.name == loud,
            choices=_choices(move.name, view, policy) if move.why_not is None else (), fields=FIELDS.get(move.name),
        )
        for move in view.moves
    ]  # fmt: skip
    return sorted(found, key=lambda each: (each.why_not is not None, not each.loud))


def choices_of(name: str, policy: Policy) -> tuple[tuple[str, str], ...]:
    """What a deed's form chooses from, whatever the case."""
    match name:
        case "refuse":
            return tuple((each.value, f"filing.reason.{each}") for each in RefusalReason)
        case "return":
            asked = {kind_of_return(each) for each in ReturnReason} & {row.kind for row in policy.approvals}
            alone = (each for each in ReturnReason if kind_of_return(each) not in asked)
            return tuple((each.value, f"handle.reason.{each}") for each in alone)
        case "deny":
            return tuple((each.value, f"approval.reason.{each}") for each in DENIALS)
        case "redo":
            return tuple((each.value, f"redo.reason.{each}") for each in RedoReason)
        case "move_level":
            return tuple((each.value, f"move.{each}") for each in LevelMove)
        case _:
            return ()


def _choices(name: str, view: CaseView, policy: Policy) -> tuple[tuple[str, str], ...]:
    match name:
        case "finish":
            helping = any(task.kind is TaskKind.assist and task.ended_at is None for task in view.tasks)
            return tuple((each.value, f"assist.reason.{each}") for each in AssistReason) if helping else ()
        case "ask_approval":
            return tuple(
                (f"{kind}:{reason}", f"{WORDED[type(reason)]}.{reason}")
                for kind in view.kinds_to_ask
                for reason in REASONS[kind]
            )
        case "ask_inspection":
            able = posts_covering(policy, view.where.cell, Permission.case_inspect)
            return tuple((post.id, post.id) for post in able[:POSTS_SHOWN])
        case _:
            return choices_of(name, policy)
