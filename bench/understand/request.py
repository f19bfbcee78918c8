"""The kind of request on the written lines: how often right, on both halves and by kind, and how far confidence is from that.

`python -m bench.understand.request`. Lines: tests/unit/understand/private_lines.tsv; the words stand in packs/base/request_words.csv.
"""

from collections import Counter

from tests.private_lines import HALVES, lines

from cityloop.packs import load
from cityloop.stages.understand import rules

BINS = 10


def figures(quick: bool) -> dict[str, float]:
    """Prints the table; gives accuracy and calibration error on the half that was held out."""
    city = load("demo")
    told: dict[str, float] = {}
    print(f"{'request':<12}{'half':<8}{'lines':>6}{'right':>8}")
    for half in HALVES:
        found = [(line.wish, rules.request_of(line.text, city)) for line in lines() if line.half == half and line.wish != "-"]
        right = Counter(wish for wish, each in found if each and each.kind == wish)
        of = Counter(wish for wish, _ in found)
        for wish, count in sorted(of.items()):
            print(f"{wish:<12}{half:<8}{count:>6}{right[wish] / count:>8.3f}")
        accuracy = sum(right.values()) / len(found)
        error = _calibration_error([(each.confidence_ppm / 1e6, each.kind == wish) for wish, each in found if each])
        print(f"{'all':<12}{half:<8}{len(found):>6}{accuracy:>8.3f}   calibration error {error:.3f}")
        if half == "held":
            told = {"request_accuracy": round(accuracy, 4), "request_calibration_error": round(error, 4)}
    return told


def _calibration_error(pairs: list[tuple[float, bool]]) -> float:
    """The mean distance of confidence and share of right ones, over bins of equal width."""
    bins: dict[int, list[tuple[float, bool]]] = {}
    for sure, right in pairs:
        bins.setdefault(min(BINS - 1, int(sure * BINS)), []).append((sure, right))
    return sum(abs(sum(sure for sure, _ in each) - sum(right for _, right in each)) for each in bins.values()) / len(pairs)


if __name__ == "__main__":
    print(figures(quick=False))
