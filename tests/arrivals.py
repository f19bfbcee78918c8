"""What a report of the stories holds when it comes in."""

import msgspec
from msgspec.structs import replace

from cityloop.db import Tx
from cityloop.domain import facts as f
from cityloop.domain.ids import ClassKey
from cityloop.domain.policy import RequestKind
from cityloop.journal import vault_keep
from cityloop.places import locate, nearest_component, where_in
from tests.spots import CELLS, POINTS
from tests.verdict_world import reached_by

SCHEME = "gbt30428_2_2013"
KINDS = {
    "pothole": "event/0113", "rubbish": "event/0110", "building": "event/0101", "laundry": "event/0107",
    "noise": "event/0128", "vagrant": "event/0498", "river": "event/0125", "greenery": "event/0117",
    "materials": "event/0136", "cover": "component/0101", "kitchen waste": "event/011001", "bulky waste": "event/011002",
}  # fmt: skip


def asked_for(kind: RequestKind | None) -> f.RequestProposal | None:
    """What the words want, as understanding would tell it."""
    return f.RequestProposal(kind=kind, confidence_ppm=930_000, reasons=("request_word:请问",)) if kind else None


def said_in(tx: Tx, says: str = "") -> tuple[str, f.VaultRef]:
    """A fresh report, and its words in the vault."""
    id = tx.new_id()
    said = msgspec.json.encode({"text": says} if says else {})
    return id, vault_keep(tx, "said", f"report/{id}", said, keep_days=30)


def proposed(key: str | None, rule: int, sure: bool) -> tuple[f.Proposal, ...]:
    """What the machine makes of it: one class, or nothing."""
    if key is None:
        return ()
    ppm = 950_000 if sure else 500_000
    return (f.Proposal(class_key=key, rule=f"{key}/{rule}", confidence_ppm=ppm, reasons=("word",)),)


def named_in(spot: str | None) -> tuple[f.SaidPlace, ...]:
    """The cell of a spot as words name it, to about 80 m."""
    if spot is None:
        return ()
    lon, lat = POINTS[spot]
    return (f.SaidPlace(kind="cell", code=CELLS[spot], lon=lon, lat=lat, reach_m=80, score_ppm=900_000),)


class Arriving:
    """What comes into a town of stories."""

    def _where(self, key: str | None, cell: str | None, point: tuple[float, float]) -> f.Where:
        where = f.Where() if cell is None else locate(self.policy, *point)
        if key in self.policy.frontage_of and (near := nearest_component(self.policy, ClassKey(key), *point)):
            where = replace(where, component=near[0].code)
        return where_in(where) if key and self.policy.class_by_key[key].private_place else where

    def report(
        self,
        name: str,
        *,
        kind: str | None,
        cell: str | None = "a1",
        at: str | None = None,
        channel: str = "collector",
        sure: bool = True,
        rule: int = 1,
        joins: str | None = None,
        joins_ppm: int = 950_000,
        recurs: str | None = None,
        away_m: int = 12,
        beside: str | None = None,
        east_m: float = 5,
        heard: bool = True,
        cleared_by: str | None = None,
        code: str | None = None,
        phone: str | None = None,
        says: str = "",
        asks: RequestKind | None = None,
        names: str | None = None,
        simulated: bool = False,
    ) -> None:
        """A report is kept and understood; `sure` says whether the machine needs nobody to look; `code` and `phone` reach who sent it.

        Each report is of a place of its own, some 100 m from the next, or `beside` another, `east_m` away; `names` is a spot
        that its words name. Without `heard` the handlers hear of it only with what comes next.
        """
        if at:
            self.at(at)
        key = f"{SCHEME}/{KINDS[kind]}" if kind else None
        point = self.spots.take(name, cell or "a1", beside=beside, east_m=east_m)
        where = self._where(key, cell, point)

        def use_case(tx: Tx) -> str:
            id, said = said_in(tx, says)
            contact = reached_by(tx, id, said, code, phone)
            tx.emit(
                f.ReportReceived(
                    report_id=id, channel=f.Channel(channel), said=said, contact=contact, simulated=simulated,
                    declared_class=key if cleared_by else None, at=tx.now,
                ), first=True,
            )  # fmt: skip
            if cleared_by:
                tx.emit(f.SelfHandlingReported(report_id=id, by=cleared_by, photos=(), at=tx.now))
            near, again = (self._id(tx, each) if each else None for each in (joins, recurs))
            tx.emit(
                f.ReportUnderstood(
                    report_id=id, channel=f.Channel(channel), proposals=proposed(key, rule, sure), where=where,
                    joins=(f.Join(case_id=near, distance_m=away_m, confidence_ppm=joins_ppm, reasons=(f"distance_m:{away_m}",)),) if near else (),
                    request=asked_for(asks), places=named_in(names), model="test", recurs=again, alone=sure and bool(key and cell), at=tx.now,
                )
            )  # fmt: skip
            return id

        self.reports[name] = self.writer.change(use_case, actor="machine:understand")
        if heard:
            self.drain()
