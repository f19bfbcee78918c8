"""三率: response, solve and satisfy rate over valid orders, each with what it is made of. Exact: no float is added up."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from msgspec import Struct

from cityloop.domain.facts import Satisfied, Solved
from cityloop.domain.policy import HotlineRate
from cityloop.doors.hotline.model import Exclusion, Order
from cityloop.doors.hotline.moves import OVER

WHOLE = 1_000_000
NAMES = ("response", "solve", "satisfy")


class Share(Struct, frozen=True, kw_only=True):
    """One rate: what counts, of how many, in parts per million; None of none."""

    numerator_ppm: int
    denominator: int
    rate_ppm: int | None


class Rates(Struct, frozen=True, kw_only=True):
    """The three rates of a group of orders, and their weighted sum; None where one of them has nothing to count."""

    orders: int
    excluded: int
    ended: int  # sent or taken back
    response: Share
    solve: Share
    satisfy: Share
    weighted_ppm: int | None


class Counted(Struct, frozen=True, kw_only=True):
    """What one order adds to each rate, in parts per million of one order; None: it is not counted there."""

    valid: bool
    response: int | None
    solve: int | None
    satisfy: int | None


def counted(order: Order, settings: Mapping[HotlineRate, int], now: datetime) -> Counted:
    """What one order adds.

    Valid is what was neither sent back, nor taken back, nor excluded. It counts for the response once somebody spoke to
    the caller or the limit for it is over; for the others once the caller was asked, and said something of it.
    """
    if order.state in OVER or order.exclusion is Exclusion.granted:
        return Counted(valid=False, response=None, solve=None, satisfy=None)
    response = None
    if order.contacted_at is not None:
        response = WHOLE if order.contacted_at <= order.contact_due else 0
    elif now > order.contact_due:
        response = 0
    solve = {
        Solved.solved: WHOLE,
        Solved.partly: settings.get(HotlineRate.credit_partly_solved, 0),
        Solved.no: 0,
    }
    satisfy = {
        Satisfied.satisfied: WHOLE,
        Satisfied.mostly: settings.get(HotlineRate.credit_basically_satisfied, 0),
        Satisfied.no: 0,
        Satisfied.none: None,
    }
    return Counted(
        valid=True, response=response, solve=solve[order.solved] if order.solved else None,
        satisfy=satisfy[order.satisfied] if order.satisfied else None,
    )  # fmt: skip


def rates_of(orders: Iterable[Order], settings: Mapping[HotlineRate, int], now: datetime) -> Rates:
    """The rates of a group of orders.

    Source: standards.md 3.4; weights and credits are the pack's, in hotline_rates.csv.
    """
    all_orders = list(orders)
    each = [counted(order, settings, now) for order in all_orders]
    shares = {name: _share([getattr(one, name) for one in each]) for name in NAMES}
    weights = [settings.get(HotlineRate(f"weight_{name}"), 0) for name in NAMES]
    parts = [shares[name].rate_ppm for name in NAMES]
    weighted = None
    if all(part is not None for part, weight in zip(parts, weights, strict=True) if weight) and sum(weights):
        total = sum(weight * (part or 0) for part, weight in zip(parts, weights, strict=True))
        weighted = (2 * total + sum(weights)) // (2 * sum(weights))
    return Rates(
        orders=len(all_orders), excluded=sum(order.exclusion is Exclusion.granted for order in all_orders),
        ended=sum(order.state in OVER for order in all_orders), weighted_ppm=weighted, **shares,
    )  # fmt: skip


def _share(parts: list[int | None]) -> Share:
    known = [part for part in parts if part is not None]
    rate = (2 * sum(known) + len(known)) // (2 * len(known)) if known else None
    return Share(numerator_ppm=sum(known), denominator=len(known), rate_ppm=rate)
