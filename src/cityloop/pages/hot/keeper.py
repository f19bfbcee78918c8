"""Keeps the hot issues of a city in memory: made anew beside the readers, at most every ten minutes.

They are stored nowhere, so that what is erased is in none of them after the next time.
"""

from datetime import datetime, timedelta

from litestar import Litestar
from msgspec import Struct

from cityloop.db import Tx
from cityloop.domain.coming_back import Coming, coming_back
from cityloop.domain.copied import Copies, copies_of
from cityloop.domain.hot import Issue, issues_of
from cityloop.domain.ids import CaseId
from cityloop.pages.fresh import Fresh
from cityloop.pages.hot import store

WINDOW = timedelta(days=90)
PAST = timedelta(days=2 * 365)
LOOK_EVERY_S = 600.0
SHARE_MAX = 50  # of the time at most one part in so many goes into looking


class Expected(Struct, frozen=True, kw_only=True):
    """A problem that is expected to come back, and the case that was there last."""

    class_key: str
    last: CaseId
    coming: Coming


class Known(Struct, frozen=True, kw_only=True):
    """What was found when it was last looked for. `case_of`: the case of each report in an issue or among copies."""

    at: datetime
    issues: tuple[Issue, ...]
    case_of: dict[str, CaseId]
    expected: tuple[Expected, ...]
    copies: tuple[Copies, ...]


class Keeper:
    """The issues of one city in this process. Who asks while another looks gets what is known."""

    def __init__(self) -> None:
        self._fresh: Fresh[Known] = Fresh(LOOK_EVERY_S, SHARE_MAX)

    def known(self, tx: Tx) -> Known:
        """The issues as fresh as may be asked for now."""
        return self._fresh.get(lambda: looked(tx))

    def forget(self) -> None:
        """Look at once when asked next, e.g. after an erasure."""
        self._fresh.forget()


def looked(tx: Tx) -> Known:
    """The issues of the last ninety days, and what comes back by the last two years."""
    messages, prints, case_of = store.message_list(tx, tx.now - WINDOW)
    issues, copies = issues_of(messages, now=tx.now), copies_of(prints)
    shown = [id for each in (*(issue.messages for issue in issues), *(copy.reports for copy in copies)) for id in each]
    asked = store.looked_at(tx, tx.now - WINDOW)
    expected = [
        Expected(class_key=class_key, last=CaseId(cases[-1]), coming=coming)
        for class_key, opened, cases in store.place_list(tx, tx.now - PAST)
        if cases[-1] not in asked and (coming := coming_back(opened, tx.now))
    ]
    return Known(
        at=tx.now, issues=tuple(issues), case_of={id: CaseId(case_of[id]) for id in shown}, copies=tuple(copies),
        expected=tuple(sorted(expected, key=lambda each: each.coming.due)),
    )  # fmt: skip


def keeper_of(app: Litestar) -> Keeper:
    """The keeper of the city behind an app; made when the first asks."""
    database = app.state.edge.database
    known = getattr(app.state, "hot_keeper", None)
    if known is None or known[0] is not database:
        known = app.state.hot_keeper = (database, Keeper())
    return known[1]
