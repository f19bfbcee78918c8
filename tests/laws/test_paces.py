"""A key never gets more than its pace, and never less than was promised to who waits."""

from hypothesis import given
from hypothesis import strategies as st

from cityloop.http.limits import Pace, taken

paces = st.builds(Pace, per_min=st.integers(1, 600), burst=st.integers(1, 20))
gaps = st.lists(st.integers(0, 20_000), min_size=1, max_size=80)  # ms between requests


@given(paces, gaps)
def test_in_no_span_are_there_more_than_the_burst_and_what_the_rate_gives(pace, gaps):
    bucket, now, let_in = None, 0.0, []
    for gap in gaps:
        now += gap / 1000
        bucket, wait_s = taken(bucket, pace, now)
        if not wait_s:
            let_in.append(now)
    for i, start in enumerate(let_in):
        for j in range(i, len(let_in)):
            assert j - i + 1 <= pace.burst + (let_in[j] - start) * pace.per_min / 60 + 1e-6


@given(paces, gaps)
def test_who_waits_as_long_as_told_is_let_in(pace, gaps):
    bucket, now = None, 0.0
    for gap in gaps:
        now += gap / 1000
        bucket, wait_s = taken(bucket, pace, now)
        if wait_s:
            assert taken(bucket, pace, now + wait_s + 1e-6)[1] == 0.0
