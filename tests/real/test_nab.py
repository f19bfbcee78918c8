"""The seasonal rule on labelled series of others. Source: `SOURCE.md` beside the data (Numenta Anomaly Benchmark, MIT)."""

import numpy as np
import pytest
from bench.sense.nab import DATA, scores_of
from bench.sense.nab_score import best, probation, series_in

pytestmark = pytest.mark.real


def test_ten_series_by_the_standard_profile():
    """With one threshold for all of them; the figure stands in docs/explain/sensing.md."""
    series = series_in(DATA)
    assert (len(series), sum(len(each.windows) for each in series)) == (10, 21)
    found = best(series, [scores_of(each) for each in series])
    assert round(found.normalised, 1) == 67.9
    assert (found.found, found.windows) == (19, 21)


def test_the_score_of_who_says_nothing_and_of_who_knows_all():
    """As the benchmark has it: 0 and, where each window is flagged at its first row and nothing else is, 100."""
    series = series_in(DATA)
    silent = [np.full(len(each.at), 0.5) for each in series]
    assert best(series, silent).normalised == 0
    perfect = [np.zeros(len(each.at)) for each in series]
    for each, score in zip(series, perfect, strict=True):
        for begins, _ in each.windows:
            score[max(begins, probation(len(each.at)))] = 1
    assert best(series, perfect).normalised == pytest.approx(100, abs=0.5)
