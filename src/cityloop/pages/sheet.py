"""A case as a person reads it: what it is, why the machine proposed what, what may be done now, and its story."""

from datetime import datetime

import msgspec
from litestar import Request, Response, get
from msgspec import Struct

from cityloop.cases.reveal import report_for_reveal
from cityloop.db import Tx
from cityloop.domain.errors import CityloopError, Stale
from cityloop.domain.facts import Proposal, Told
from cityloop.domain.ids import CaseId, ReportId
from cityloop.domain.lifecycle import State
from cityloop.domain.permission import Permission
from cityloop.domain.policy import Policy
from cityloop.http import Caller, Door, needs
from cityloop.pages.case import CaseView, case_page
from cityloop.pages.copies import CopiesHere, copies_in
from cityloop.pages.gathered import REPORTS_MAX
from cityloop.pages.offers import Offer, offers_of
from cityloop.pages.screen import language_of, local, page, wording
from cityloop.pages.story import whole_story
from cityloop.pages.telling import Teller
from cityloop.people import mask
from cityloop.people.names import names_of

ACCOUNT = "account:"


class Sheet(Struct, frozen=True, kw_only=True):
    """A case with what only a person needs: names of those who acted, masked contacts, the whole story."""

    view: CaseView
    story: list[Told] | None  # None: the caller may not read facts
    names: dict[str, str]  # of accounts
    contacts: dict[str, str]  # report -> masked
    to_reveal: list[ReportId]  # reports of which the caller may see more, with a reason
    offers: list[Offer]
    second_look: list[Proposal]  # of an adviser outside, while somebody still decides
    copies: list[CopiesHere]  # earlier reports with the same words or photo


def sheet_of(tx: Tx, caller: Caller, case_id: CaseId, *, policy: Policy, now: datetime) -> Sheet:
    """The case as the caller may see it, in twelve statements at most.

    Refuses with `CaseUnknown`.
    """
    view = case_page(tx, caller, case_id, policy=policy, now=now)
    told = whole_story(tx, case_id) if view.story is not None else None
    actors = {each.actor for each in told or ()} | {each.signed_by for each in view.tasks}
    actors |= {each.ended_by for each in view.tasks}
    accounts = sorted(each.removeprefix(ACCOUNT) for each in actors if each and each.startswith(ACCOUNT))
    contacts = _contacts(tx, caller, view)
    return Sheet(
        view=view, story=told, names=names_of(tx, accounts), contacts=contacts or {},
        to_reveal=[] if contacts is None else [each.id for each in view.reports if each.masked or each.id in contacts],
        offers=offers_of(view, policy), second_look=_second_look(tx, view), copies=copies_in(tx, caller, view),
    )  # fmt: skip


def _second_look(tx: Tx, view: CaseView) -> list[Proposal]:
    if view.state is not State.reported:
        return []
    kept = tx.value("SELECT proposals FROM second_look WHERE city = :city AND report_id = :id", id=view.report_id)
    return msgspec.json.decode(kept, type=list[Proposal]) if kept else []


def _contacts(tx: Tx, caller: Caller, view: CaseView) -> dict[str, str] | None:
    """Masked contacts of the shown reports, for seats that may ask who reported; None for others."""
    if not view.reports or not caller.may(Permission.person_reveal):
        return None
    try:
        report_for_reveal(tx, caller, view.reports[0].id)
    except CityloopError:
        return None
    rows = tx.all(
        "SELECT report.id, vault.bytes FROM report JOIN vault ON vault.city = report.city AND vault.id = report.contact "
        f"WHERE report.city = :city AND report.case_id = :id ORDER BY report.id LIMIT {REPORTS_MAX}",
        id=view.id,
    )
    return {row.id: masked for row in rows if (masked := _masked(row.bytes))}


def _masked(raw: bytes) -> str:
    """A contact that can be told from another and not be read."""
    try:
        fields = msgspec.json.decode(raw, type=dict[str, str])
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return ""
    return " ".join(mask(value) for value in fields.values() if value)


def teller_for(request: Request, policy: Policy, sheet: Sheet | None) -> Teller:
    """Words for this reader, who knows the people of this case by name."""
    names = sheet.names if sheet else {}
    return Teller(policy=policy, language=language_of(request, policy), name_of=lambda id: names.get(id) or id[:8])


async def sheet_page(
    request: Request,
    door: Door,
    case_id: CaseId,
    *,
    status: int = 200,
    failed: str = "",
    error: CityloopError | None = None,
    typed: dict[str, str] | None = None,
) -> Response[bytes]:
    """The case's page; after a refusal with what was typed still in its form."""
    sheet = await door.read(lambda tx: sheet_of(tx, door.caller, case_id, policy=door.policy, now=door.now))
    tell = teller_for(request, door.policy, sheet)
    back = local((typed or {}).get("back") or request.query_params.get("back", "/"))
    return page(
        door, "case.html", status=status, tell=tell, sheet=sheet, back=back, failed=failed, typed=typed or {},
        refusal=wording(error, tell) if error else None, fresh=isinstance(error, Stale),
        changed=error.more["changed"] if isinstance(error, Stale) else [],
    )  # fmt: skip


@get("/cases/{case_id:str}", include_in_schema=False, guards=[needs(Permission.case_read)])
async def get_sheet(case_id: CaseId, request: Request, door: Door) -> Response[bytes]:
    """The page of a case."""
    return await sheet_page(request, door, case_id)


ROUTES = [get_sheet]
