"""What may stand in the log: kinds, places and codes. No value, no text of anybody, no address with a secret in it.

A message of an exception is made of values (a driver quotes the row that it did not take), so none is written down.
"""

import logging
import sys
from pathlib import Path
from types import TracebackType
from typing import Any

import structlog
from litestar import Request

from cityloop.domain.errors import kind_of

FRAMES, CHAIN = 12, 5
_HERE = str(Path(__file__).parents[2]) + "/"


def place_of(request: Request) -> str:
    """Which way in was asked, as the interface names it: `/v1/track/{code}`, never the code."""
    return str(request.scope.get("path_template") or "unknown")


def fault_of(error: BaseException | None) -> list[dict[str, Any]]:
    """An exception and what caused it: kind, code, and the places that it came through, the innermost last."""
    found: list[dict[str, Any]] = []
    while error is not None and len(found) < CHAIN:
        found.append({"kind": kind_of(error), "at": places_in(error.__traceback__)})
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return found


def places_in(traceback: TracebackType | None) -> list[str]:
    """File, line and function of each step."""
    found = []
    while traceback is not None:
        code = traceback.tb_frame.f_code
        found.append(f"{code.co_filename.removeprefix(_HERE)}:{traceback.tb_lineno} {code.co_name}")
        traceback = traceback.tb_next
    return found[-FRAMES:]


def without_values(_: object, __: str, event: dict[str, Any]) -> dict[str, Any]:
    """The exception of a line of the log, without the values in it. A processor of structlog."""
    given = event.pop("exc_info", None)
    if given is True:
        given = sys.exc_info()[1]
    elif isinstance(given, tuple):
        given = given[1]
    if isinstance(given, BaseException):
        event["fault"] = fault_of(given)
    return event


class PlainHandler(logging.Handler):
    """Lines of libraries, by the same rule: what they say before values are put in, and the kind of the exception."""

    def emit(self, record: logging.LogRecord) -> None:
        """Write one down."""
        first = str(record.msg).partition("\n")[0].partition(":")[0][:200]
        fault = fault_of(record.exc_info[1]) if record.exc_info else None
        more = {"fault": fault} if fault else {}
        structlog.get_logger("cityloop").log(max(record.levelno, logging.WARNING), first, by=record.name, **more)


def libraries_too() -> None:
    """Let what libraries write go the same way."""
    root = logging.getLogger()
    if not any(isinstance(each, PlainHandler) for each in root.handlers):
        root.addHandler(PlainHandler(logging.WARNING))
