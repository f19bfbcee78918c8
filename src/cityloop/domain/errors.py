"""Five kinds of no. `str(e)` is for the caller: what, to what, what next."""

from typing import Any, ClassVar


class CityloopError(Exception):
    """A failure with a stable code and a sentence for the caller."""

    code: ClassVar[str] = "fault"

    def __init__(self, detail: str, *, log: str = "", **more: Any) -> None:
        super().__init__(detail)
        self.detail = detail
        self.log = log  # for the log only; never reaches a reply
        self.more = more  # further members of the problem+json answer


class NotFound(CityloopError):
    """There is no such thing, or the caller may not know of it."""

    code = "not_found"


class NotAllowed(CityloopError):
    """The caller may know of it, and may not do this."""

    code = "not_allowed"


class Invalid(CityloopError):
    """The input cannot be understood or is out of bounds."""

    code = "invalid"


class Refused(CityloopError):
    """A rule of the city says no."""

    code = "refused"


class Unavailable(CityloopError):
    """It may work later: a commit failed, a port is down, a limit is reached."""

    code = "unavailable"


class TooOften(CityloopError):
    """The caller came more often than agreed; `retry_after_s` says when to come again."""

    code = "too_often"


class NeedsSignIn(NotAllowed):
    """The caller has not said who they are."""

    code = "needs_sign_in"


class Stale(CityloopError):
    """The thing has changed since the caller saw it."""

    code = "stale"


class NeedsMatch(CityloopError):
    """A change names no version of what it changes."""

    code = "needs_match"


def kind_of(error: BaseException) -> str:
    """What may be told of any exception in a log: its kind, with the code that its library gives; no word of its message.

    >>> kind_of(ValueError("a name")), kind_of(OSError(28, "No space left on device"))
    ('ValueError', 'OSError 28')
    """
    codes = (getattr(error, name, None) for name in ("sqlstate", "sqlite_errorname", "errno", "code"))
    code = next((each for each in codes if isinstance(each, str | int)), "")
    return f"{type(error).__name__} {code}".strip()
