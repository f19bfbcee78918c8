"""The seasonal rule of the kernel on series of the Numenta Anomaly Benchmark: the very functions that judge the city's streams."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bench.sense.nab_score import Scored, Series, best, series_in
from cityloop.stages.sense.rules.kernel.season import COLUMNS, held, surprise

DATA = Path(__file__).parents[3] / "shared" / "data" / "sensors" / "nab"


def scores_of(series: Series) -> NDArray[np.float64]:
    """How surprising each row is, as the kernel says when it comes: nothing later is known to it."""
    kept = {name: np.full((1, *shape), begin, kind) for name, (shape, kind, begin) in COLUMNS.items()}
    pair, found = np.zeros(1, np.int64), np.empty(len(series.at))
    for row in range(len(series.at)):
        said = surprise(kept, pair, series.at[row : row + 1], series.value[row : row + 1])
        found[row] = held(kept, pair, said)[0]
    return found


def nab_score(folder: Path = DATA) -> Scored:
    """The score over all series under a folder, with one threshold."""
    series = series_in(folder)
    return best(series, [scores_of(each) for each in series])


def main() -> None:
    """Print the score, and what each series gives with the common threshold."""
    series = series_in(DATA)
    scores = [scores_of(each) for each in series]
    found = best(series, scores)
    print(f"nab_score {found.normalised:.1f}  threshold {found.threshold:.2f}  windows {found.found}/{found.windows}  false rows {found.false}")
    for each, score in zip(series, scores, strict=True):
        flagged = np.flatnonzero(score >= found.threshold)
        inside = sum(any(begins <= row <= ends for row in flagged) for begins, ends in each.windows)
        print(f"  {each.name:56} {inside}/{len(each.windows)} windows, {len(flagged)} rows flagged of {len(score)}")


if __name__ == "__main__":
    main()
