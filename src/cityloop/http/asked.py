"""The name of the request that is served: in its answer, in what it refuses with, and in every line of the log about it."""

from contextvars import ContextVar

REQUEST: ContextVar[str] = ContextVar("request", default="")
TRACE: ContextVar[str] = ContextVar("trace", default="")  # where traces are kept


def named(_: object, __: str, event: dict) -> dict:
    """Adds the request and its trace to a line of the log."""
    if request := REQUEST.get():
        event["request"] = request
    if trace := TRACE.get():
        event["trace"] = trace
    return event
