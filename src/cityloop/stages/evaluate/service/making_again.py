"""Bulletins whose scores were put right: made again for whoever has them."""

from datetime import date

from msgspec.structs import asdict

from cityloop.db import Tx
from cityloop.stages.evaluate.model.bulletin import BY, About, Job
from cityloop.stages.evaluate.store import bulletins as store


def make_again(tx: Tx, first_day: date, last_day: date, *, areas: bool) -> None:
    """Let the assessment bulletins of these days that came by themselves be made once more; each names the one that it corrects.

    `areas`: also those of an area. One that is being made just now may hold what was wrong, so it is followed by another.
    """
    rows = [*store.bulletin_list_standing(tx, first_day, last_day, BY), *store.job_list_running(tx, first_day, last_day, BY)]
    for about in dict.fromkeys(_about(row) for row in rows if areas or not row.area):
        if not store.job_waits(tx, about, BY, running=False):
            store.job_put(tx, Job(id=tx.new_id(), by=BY, asked_at=tx.now, **asdict(about)))


def _about(row: About) -> About:
    return About(**{name: getattr(row, name) for name in About.__struct_fields__})
