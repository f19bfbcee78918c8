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
EXPECTED_MAX = 500  # the first due
LOOK_EVERY_S = 600.0
SHARE_MAX = 50  # of the time at most one part in so many goes into looking


class Expected(Struct, frozen=True, kw_only=True):
    """A problem that is expected to come back, and the case that was there last."""

    class_key: str
    last: CaseId
    coming: Coming


class Known(Struct, frozen=True, kw_only=True):
    """What was found when it was last looked for, in what was said since a moment. `case_of`: the case of each report in an issue or
    among copies."""

    at: datetime
    since: datetime
    issues: tuple[Issue, ...]
    case_of: dict[str, CaseId]
    expected: tuple[Expected, ...]
    is_more: bool  # more is expected than is told, or was read
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
    """The issues of the last ninety days, or of the newest reports, and what comes back by the last two years."""
    told = store.message_list(tx, tx.now - WINDOW)
    issues, copies = issues_of(told.messages, now=tx.now, since=told.since), copies_of(told.prints)
    shown = [id for each in (*(issue.messages for issue in issues), *(copy.reports for copy in copies)) for id in each]
    asked = store.looked_at(tx, tx.now - WINDOW)
    places, is_more = store.place_list(tx, tx.now - PAST)
    expected = [
        Expected(class_key=class_key, last=CaseId(cases[-1].id), coming=coming)
        for class_key, cases in places
        if cases[-1].id not in asked and (coming := coming_back([datetime.fromisoformat(each.opened_at) for each in cases], tx.now))
    ]
    return Known(
        at=tx.now, since=told.since, issues=tuple(issues), case_of={id: CaseId(told.case_of[id]) for id in shown}, copies=tuple(copies),
        expected=tuple(sorted(expected, key=lambda each: each.coming.due)[:EXPECTED_MAX]),
        is_more=is_more or len(expected) > EXPECTED_MAX,
    )  # fmt: skip


def keeper_of(app: Litestar) -> Keeper:
    """The keeper of the city behind an app; made when the first asks."""
    database = app.state.edge.database
    known = getattr(app.state, "hot_keeper", None)
    if known is None or known[0] is not database:
        known = app.state.hot_keeper = (database, Keeper())
    return known[1]
