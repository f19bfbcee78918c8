"""The form of every deed, as data: one generic form of the console can then do whatever a route can.

A form says where its request goes, what it always carries, and what it asks for, each under the route's own name.
"""

from collections.abc import Callable, Iterable, Sequence

from msgspec import Struct
from msgspec.structs import replace

from cityloop.domain.policy import Policy
from cityloop.pages.case import CaseView, StageLine
from cityloop.pages.moves import OF_REQUEST
from cityloop.pages.offers import FIELDS, Field, Offer, choices_of
from cityloop.pages.showing import OF_CASE
from cityloop.pages.telling import Teller

JSON, FORM = "application/json", "multipart/form-data"
WITH_PHOTOS = frozenset({"finish", "inspect", "finish_assist", "ask_approval"})
LENGTHS = ("work_hour", "work_day", "natural_day")
INTEGERS = frozenset({"score", "urgency", "length_value"})
PLACES = frozenset({"place"})
LISTED = {"units": "list", "photos": "files", "flag": "bool", "answer": "bool", "moment": "moment"}
ROUTES_OWN = {"uphold": {"note": "words"}, "dismiss": {"note": "words"}}  # a field as its route calls it


class Choice(Struct, frozen=True, kw_only=True):
    """One of a few. `sets` are further members of the body that go with it."""

    value: str
    words: str
    group: str | None = None
    sets: dict[str, str] = {}


class FieldView(Struct, frozen=True, kw_only=True):
    """Something that a form asks for.

    Shape: `takes` choice, answer (two buttons that send), unit, units, system, class (these from /v1/screens/lists), case,
    words, note, text, number, flag, moment or photos; `gives` text, int, bool, list, moment (with the city's offset), place
    (longitude and latitude of "lon,lat") or files; `value` is what stands in it at first.
    """

    name: str
    takes: str
    gives: str
    label: str
    needed: bool
    value: str | None
    choices: list[Choice]


class DeedView(Struct, frozen=True, kw_only=True):
    """A deed as the console offers it. `why_not` None: it may be done; else the reason in words. `loud`: it matters now."""

    name: str
    label: str
    done: str  # what is said once it is done
    why_not: str | None
    why_not_code: str | None
    loud: bool
    method: str
    path: str
    media: str
    always: dict[str, str | bool]
    fields: list[FieldView]
    hint: str | None = None


def deed_views(view: CaseView, offers: Iterable[Offer], requests: dict[str, str], tell: Teller) -> list[DeedView]:
    """Every move of the case with its form; `requests` says method and place of each."""
    return [_deed(view, offer, requests[offer.name], tell) for offer in offers]


def _deed(view: CaseView, offer: Offer, request: str, tell: Teller) -> DeedView:
    method, _, place = request.partition(" ")
    if offer.name in OF_REQUEST and view.approval_id:
        place = place.replace("{id}", view.approval_id)
    fields, always = _form(view, offer, tell) if offer.why_not is None else ([], {})
    return DeedView(
        name=offer.name, label=_label(view, offer, tell), done=tell.word(f"deed.done.{offer.name}"),
        why_not=tell.word(offer.why_not) if offer.why_not else None, why_not_code=offer.why_not, loud=offer.loud,
        method=method, path=f"/v1/cases/{view.id}/{place}",
        media=FORM if offer.name in WITH_PHOTOS else JSON, always=always, fields=fields,
        hint=tell.word("deed.length_hint") if offer.name == "ask_approval" else None,
    )  # fmt: skip


def _label(view: CaseView, offer: Offer, tell: Teller) -> str:
    if offer.name == "reach_stage" and (stage := _running(view)):
        return tell.word("deed.reach_this", stage=tell.of(stage.name) or stage.code)
    if offer.name == "dispatch" and view.duties and offer.why_not is None:
        return tell.word("deed.dispatch_to", unit=tell.unit(view.duties[0].unit))
    return tell.word(f"deed.{offer.name}")


def _running(view: CaseView) -> StageLine | None:
    return next((each for task in view.tasks for each in task.stages if each.runs), None)


def deed_for_many(name: str, policy: Policy, tell: Teller) -> tuple[list[FieldView], dict[str, str | bool]]:
    """What a deed asks for once where it is done for many cases, and what it always carries."""
    choices = choices_of(name, policy)
    return _form(None, Offer(name=name, why_not=None, loud=False, choices=choices, fields=FIELDS.get(name)), tell)


def _form(view: CaseView | None, offer: Offer, tell: Teller) -> tuple[list[FieldView], dict[str, str | bool]]:
    """What a deed asks for, and what it always carries."""
    if offer.fields is not None:
        named = ROUTES_OWN.get(offer.name, {})
        return [_known(replace(each, name=named.get(each.name, each.name)), view, tell) for each in offer.fields], {}
    asks, always = FORMS[offer.name]
    return [each for each in asks(view, offer, tell) if each], dict(always(view))


def _known(field: Field, view: CaseView | None, tell: Teller) -> FieldView:
    of_case = OF_CASE.get(field.takes) if view else None
    choices = [Choice(value=value, words=tell.word(code)) for value, code in field.choices]
    return _field(
        field.name, "choice" if of_case else field.takes, tell.word(field.label), needed=field.needed,
        choices=[Choice(value=value, words=words) for value, words in of_case(view, tell)] if of_case else choices,
    )  # fmt: skip


def _field(
    name: str, takes: str, label: str, *, needed: bool = True, value: str | None = None, choices: Sequence[Choice] = ()
) -> FieldView:
    gives = "int" if name in INTEGERS else "place" if name in PLACES else LISTED.get(takes, "text")
    return FieldView(
        name=name, takes=takes, gives=gives, label=label, needed=needed, value=value, choices=list(choices)
    )  # fmt: skip


Asks = Callable[[CaseView | None, Offer, Teller], Iterable[FieldView | None]]  # None: one form for many cases
Always = Callable[[CaseView | None], dict[str, str | bool]]


def _nothing(view: CaseView | None) -> dict[str, str | bool]:
    return {}


def _note(tell: Teller, name: str = "note", code: str = "deed.note") -> FieldView:
    return _field(name, "note", tell.word(code), needed=False)


def _photos(tell: Teller) -> FieldView:
    return _field("photos", "photos", tell.word("deed.photos"), needed=False)


def _chosen(offer: Offer, tell: Teller, name: str = "reason", code: str = "deed.reason", *, needed: bool = True) -> FieldView:
    choices = [Choice(value=value, words=tell.word(words)) for value, words in offer.choices]
    return _field(name, "choice", tell.word(code), needed=needed, choices=choices)


def _answer(tell: Teller, name: str, yes: str, no: str) -> FieldView:
    choices = [Choice(value="true", words=tell.word(yes)), Choice(value="false", words=tell.word(no))]
    return _field(name, "answer", tell.word("page.result"), choices=choices)


def _accept(view: CaseView | None, offer: Offer, tell: Teller) -> Iterable[FieldView | None]:
    if view is None:  # each as it was proposed
        return []
    chosen = [Choice(value=f"{each.lon},{each.lat}", words=tell.said_place(each)) for each in view.places]
    place = _field("place", "choice", tell.word("deed.place_said"), needed=False, choices=chosen) if chosen else None
    return [_field("class_key", "class", tell.word("deed.class"), needed=view.class_key is None, value=view.class_key), place]


def _dispatch(view: CaseView | None, offer: Offer, tell: Teller) -> Iterable[FieldView | None]:
    if view is None:
        return [_field("unit", "unit", tell.word("deed.unit_or_proposed"), needed=False)]
    best = view.duties[0].unit if view.duties else None
    proposed = [Choice(value=each.unit, words=tell.unit(each.unit)) for each in view.duties]
    return [_field("unit", "unit", tell.word("deed.unit"), value=best, choices=proposed)]


def _finish(view: CaseView | None, offer: Offer, tell: Teller) -> Iterable[FieldView | None]:
    without = _chosen(offer, tell, "without_assist", "deed.without_assist", needed=False) if offer.choices else None
    return [_note(tell, code="deed.note_or_photo"), _photos(tell), without]


def _approval(view: CaseView | None, offer: Offer, tell: Teller) -> Iterable[FieldView | None]:
    """What is asked for goes with the reason that is chosen."""
    reasons = []
    for value, words in offer.choices:
        kind, _, reason = value.partition(":")
        group = tell.word(f"approval.kind.{kind}")
        reasons.append(Choice(value=reason, words=tell.word(words), group=group, sets={"kind": kind}))
    lengths = [Choice(value=each, words=tell.word(f"limit.{each}")) for each in LENGTHS]
    return [
        _field("reason", "choice", tell.word("deed.kind"), choices=reasons),
        _field("length_value", "number", tell.word("deed.length"), needed=False),
        _field("length_unit", "choice", tell.word("deed.length_unit"), needed=False, choices=lengths),
        _field("until", "moment", tell.word("deed.until"), needed=False),
        _note(tell), _note(tell, "plan", "deed.plan"), _photos(tell),
    ]  # fmt: skip


def _into(view: CaseView | None, offer: Offer, tell: Teller) -> Iterable[FieldView | None]:
    return [_field("into", "case", tell.word("deed.into"), value=view.near_case if view else None)]


def _post(view: CaseView | None, offer: Offer, tell: Teller) -> Iterable[FieldView | None]:
    choices = [Choice(value=value, words=tell.post(value)) for value, _ in offer.choices]
    return [_field("post", "choice", tell.word("deed.post"), choices=choices)]


def _stage(view: CaseView | None) -> dict[str, str | bool]:
    stage = _running(view) if view else None
    return {"stage": stage.code} if stage else {}


# what the forms of the moves along the way ask for, and what their requests always carry
FORMS: dict[str, tuple[Asks, Always]] = {
    "accept": (_accept, _nothing),
    "ask_verify": (lambda view, offer, tell: (), _nothing),
    "verify": (lambda v, offer, tell: (_answer(tell, "found", "page.found", "page.not_found"), _note(tell)), _nothing),
    "file": (
        lambda v, offer, tell: (_field("unverified", "flag", tell.word("deed.unverified"), needed=False),), _nothing,
    ),
    "refuse": (lambda v, offer, tell: (_chosen(offer, tell), _note(tell)), _nothing),
    "merge": (_into, _nothing),
    "move_level": (
        lambda v, offer, tell: (_chosen(offer, tell, "move", "deed.way"),), lambda view: {"reason": "by_hand"},
    ),
    "dispatch": (_dispatch, _nothing),
    "sign": (lambda v, offer, tell: (), _nothing),
    "return": (lambda v, offer, tell: (_chosen(offer, tell), _note(tell)), _nothing),
    "reach_stage": (lambda v, offer, tell: (_note(tell),), _stage),
    "finish": (_finish, _nothing),
    "ask_inspection": (_post, _nothing),
    "inspect": (
        lambda v, offer, tell: (_answer(tell, "passed", "page.passed", "page.failed"), _note(tell), _photos(tell)),
        _nothing,
    ),
    "ask_approval": (_approval, _nothing),
    "grant": (lambda v, offer, tell: (_note(tell),), lambda view: {"granted": True}),
    "deny": (lambda v, offer, tell: (_chosen(offer, tell), _note(tell)), lambda view: {"granted": False}),
    "withdraw": (lambda v, offer, tell: (), _nothing),
    "resume": (lambda v, offer, tell: (_note(tell),), _nothing),
    "redo": (lambda v, offer, tell: (_chosen(offer, tell),), _nothing),
}  # fmt: skip
