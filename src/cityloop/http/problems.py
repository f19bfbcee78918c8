"""How a no is said: problem+json, the status decided here once, what is for the log kept out of the reply."""

from typing import Any

import msgspec
import structlog
from litestar import Request, Response
from litestar.exceptions import HTTPException

from cityloop.db import OnlyReads
from cityloop.domain import errors
from cityloop.http import refusals
from cityloop.http.asked import REQUEST
from cityloop.http.logs import place_of, places_in
from cityloop.http.noted import NOTED

PROBLEM = "application/problem+json"
DECODES = "litestar/serialization/"  # where the framework reads a body
STATUS: tuple[tuple[type[errors.CityloopError], int], ...] = (
    (refusals.BodyTooLarge, 413),
    (refusals.AddressTooLong, 414),
    (refusals.HeadTooLarge, 431),
    (refusals.WrongHost, 421),
    (errors.NeedsSignIn, 401),
    (errors.NotAllowed, 403),
    (errors.NotFound, 404),
    (errors.Stale, 412),
    (errors.NeedsMatch, 428),
    (errors.Invalid, 400),
    (errors.Refused, 409),
    (errors.TooOften, 429),
    (errors.Unavailable, 503),
)
log = structlog.get_logger("cityloop.http")


def status_of(error: errors.CityloopError) -> int:
    """The HTTP status of a refusal."""
    return next((status for kind, status in STATUS if isinstance(error, kind)), 500)


def said(request: Request, error: errors.CityloopError) -> Response[bytes]:
    """The answer to a refusal of ours."""
    status = status_of(error)
    if status >= 500 or error.log:
        log.warning("refused", code=error.code, path=place_of(request), detail=error.log)
    else:
        NOTED.note(request.scope, status, error.code)
    extra = {"Retry-After": "1"} if status == 503 else {}
    if "retry_after_s" in error.more:
        extra = {"Retry-After": str(error.more["retry_after_s"])}
    return problem(status, error.code, error.detail, error.more, extra)


def unreadable(request: Request, error: HTTPException) -> Response[bytes]:
    """The answer to what the framework refuses: an unknown path, a body that cannot be read."""
    if error.status_code >= 500 and "disconnected" in str(error.detail):  # the framework's word for it
        return problem(400, "edge.went_away", "The request broke off; send it again.")
    if error.status_code >= 500:
        return fault(request, error)
    extra = getattr(error, "extra", None)
    more = {"where": extra} if extra else {}
    codes = {400: "invalid", 401: "needs_sign_in", 404: "not_found", 405: "method_not_allowed", 413: "too_large"}
    code = codes.get(error.status_code, "invalid")
    NOTED.note(request.scope, error.status_code, code)
    return problem(error.status_code, code, str(error.detail), more)


def fault(request: Request, error: Exception) -> Response[bytes]:
    """The answer to a fault of ours: nothing of it reaches the caller. A body that is no text, or too deep, is no fault of ours."""
    if isinstance(error, UnicodeDecodeError | RecursionError) and DECODES in (places_in(error.__traceback__) or [""])[-1]:
        NOTED.note(request.scope, 400, "invalid")
        return problem(400, "invalid", "The body is no UTF-8, or is deeper than anything asked for; send it as the interface says.")
    log.error("fault", path=place_of(request), exc_info=error)
    return problem(500, "fault", "Something went wrong here, and it was logged; try again, or tell the operator.")


def left(request: Request, error: OnlyReads) -> Response[bytes]:
    """The answer of a process that only reads to what must be written: whoever handed it on does it."""
    return problem(503, error.code, error.detail)


def problem(
    status: int, code: str, detail: str, more: dict[str, Any] | None = None, headers: dict[str, str] | None = None
) -> Response[bytes]:
    """A problem+json answer.

    Source: RFC 9457.
    """
    return Response(members_of(status, code, detail, more), status_code=status, media_type=PROBLEM, headers=headers)


def members_of(status: int, code: str, detail: str, more: dict[str, Any] | None = None) -> bytes:
    """The body of such an answer."""
    members = {"type": f"/problems/{code}", "status": status, "code": code, "detail": detail} | (more or {})
    if request := REQUEST.get():
        members["request"] = request  # what the log calls it, too
    return msgspec.json.encode(members, enc_hook=str)


EXCEPTION_HANDLERS: dict[Any, Any] = {
    errors.CityloopError: said,
    OnlyReads: left,
    HTTPException: unreadable,
    Exception: fault,
}
