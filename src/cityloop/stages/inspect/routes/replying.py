"""HTTP of answering a reporter: a draft, what a reply lacks, the reply."""

from typing import Annotated

from litestar import Response, get, post
from msgspec import Struct

from cityloop.cases.notes import KEEP_DAYS
from cityloop.cases.reveal import report_for_reveal
from cityloop.db import Tx
from cityloop.domain.ids import ReportId
from cityloop.domain.lack import Lack
from cityloop.domain.permission import Permission
from cityloop.domain.personal import Personal
from cityloop.domain.policy import Policy
from cityloop.domain.words import say
from cityloop.http import Door, needs
from cityloop.stages.inspect.service import draft_reply, lacks_of_reply, reply_to

NO_STORE = {"Cache-Control": "no-store"}


class ReplyAsked(Struct, kw_only=True):
    """What the reporter shall read, and what for: result, explain, thanks, sorry."""

    kind: str
    text: Annotated[str, Personal("to tell the reporter what became of it", keep_days=KEEP_DAYS)]


class ReplyMade(Struct, kw_only=True):
    """The report that was answered."""

    report: ReportId


class LackView(Struct, kw_only=True):
    """What a reply lacks. `stops`: the city lets no reply out with it."""

    code: str
    words: str
    stops: bool


class ReplyChecked(Struct, kw_only=True):
    """What was found; empty: nothing is missing."""

    lacks: list[LackView]


class ReplyDrafted(Struct, kw_only=True):
    """A reply to begin with, and what it lacks."""

    text: Annotated[str, Personal("to tell the reporter what became of it", keep_days=KEEP_DAYS)]
    lacks: list[LackView]


@post("/v1/reports/{report_id:str}/replies", status_code=201, guards=[needs(Permission.case_call_back)])
async def post_reply(report_id: ReportId, data: ReplyAsked, door: Door) -> Response[ReplyMade]:
    """Answer the reporter: they read it with their tracking code."""

    def use_case(tx: Tx) -> ReportId:
        report_for_reveal(tx, door.caller, report_id)
        return reply_to(
            tx, report_id, kind=data.kind, text=data.text, by=door.caller.account or "", policy=door.policy, now=tx.now
        )  # fmt: skip

    return Response(ReplyMade(report=await door.change(use_case)), status_code=201, headers=NO_STORE)


@get("/v1/reports/{report_id:str}/replies/draft", guards=[needs(Permission.case_call_back)])
async def get_draft(report_id: ReportId, door: Door, kind: str = "result", lang: str = "") -> Response[ReplyDrafted]:
    """A reply from what became of the report, in the city's own sentences."""
    language = language_in(lang, door.policy)

    def ask(tx: Tx) -> ReplyDrafted:
        report_for_reveal(tx, door.caller, report_id)
        draft = draft_reply(tx, report_id, kind=kind, language=language, policy=door.policy, now=door.now)
        return ReplyDrafted(text=draft.text, lacks=views_of(draft.lacks, language, door.policy))

    return Response(await door.read(ask), headers=NO_STORE)


@post("/v1/reports/{report_id:str}/replies/check", status_code=200, guards=[needs(Permission.case_call_back)])
async def post_check(report_id: ReportId, data: ReplyAsked, door: Door, lang: str = "") -> Response[ReplyChecked]:
    """What a reply lacks: told, and changing nothing."""
    language = language_in(lang, door.policy)

    def ask(tx: Tx) -> ReplyChecked:
        report_for_reveal(tx, door.caller, report_id)
        found = lacks_of_reply(tx, report_id, kind=data.kind, text=data.text, policy=door.policy, now=door.now)
        return ReplyChecked(lacks=views_of(found, language, door.policy))

    return Response(await door.read(ask), headers=NO_STORE)


def views_of(lacks: tuple[Lack, ...], language: str, policy: Policy) -> list[LackView]:
    """The lacks in words."""
    return [
        LackView(
            code=each.value, words=say(f"reply.lack.{each}", language, policy.words),
            stops=each.value in policy.settings.reply_needs,
        )
        for each in lacks
    ]  # fmt: skip


def language_in(asked: str, policy: Policy) -> str:
    """The language that was asked for, if the city speaks it; else its first."""
    return asked if asked in policy.settings.languages else policy.settings.languages[0]


ROUTES = [post_reply, get_draft, post_check]
