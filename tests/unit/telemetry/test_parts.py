"""A batch is parted by period and shelf as a plain loop over its rows parts it, however far its days lie apart."""

from hypothesis import given
from hypothesis import strategies as st

from cityloop.telemetry.batch import batch_of
from cityloop.telemetry.model import DAY_US, SHELF, parts_of, period_of

TODAY = 20_500
DAYS = st.one_of(st.integers(TODAY - 40, TODAY), st.sampled_from([0, 11_000, TODAY - 31, TODAY - 30]))
STREAMS = st.one_of(st.integers(1, 3), st.sampled_from([SHELF - 1, SHELF, 3 * SHELF, 500_000 * SHELF]))


@given(said=st.lists(st.tuples(STREAMS, DAYS, st.integers(0, DAY_US - 1)), min_size=1, max_size=60))
def test_each_row_is_in_the_part_of_its_period_and_shelf(said):
    """Once, and in the order in which it came."""
    plain: dict[tuple[str, int], list[int]] = {}
    for place, (stream, day, _) in enumerate(said):
        plain.setdefault((period_of(day, TODAY), stream // SHELF), []).append(place)

    batch = batch_of([stream for stream, _, _ in said], [day * DAY_US + us for _, day, us in said], [0.0] * len(said))
    found = [(period, shelf, rows.tolist()) for period, shelf, rows in parts_of(batch, TODAY)]

    assert len(found) == len(plain)
    assert {(period, shelf): rows for period, shelf, rows in found} == plain
