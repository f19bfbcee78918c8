"""Private things found in the labelled lines: recall and precision of each kind, on both halves, and what a text costs.

`python -m bench.understand.private`. Lines: tests/unit/understand/private_lines.tsv.
"""

import time

from tests.private_lines import HALVES, NUMBERS, lines, precision, recall, scores

from cityloop.domain.private import masked, private_in

CHARS = 300
TEXTS = 300


def figures(quick: bool) -> dict[str, float]:
    """Prints the table; gives recall and precision of numbers and of names on the half that was held out, and the cost."""
    told: dict[str, float] = {}
    print(f"{'private':<12}{'half':<8}{'there':>6}{'recall':>9}{'precision':>11}")
    for half in HALVES:
        counted = scores(half)
        rows = [
            *((kind, (each,)) for kind, each in counted.items()),
            ("numbers", tuple(counted[kind] for kind in NUMBERS)),
        ]
        for kind, each in rows:
            there = sum(found + missed for found, missed, _ in each)
            print(f"{kind:<12}{half:<8}{there:>6}{recall(*each):>9.3f}{precision(*each):>11.3f}")
            if half == "held" and kind in ("numbers", "name", "address"):
                told |= {
                    f"private_{kind}_recall": round(recall(*each), 4),
                    f"private_{kind}_precision": round(precision(*each), 4),
                }
    told["private_ms"] = round(_cost_ms(1 if quick else 5), 4)
    print(f"found and masked in {told['private_ms']:.3f} ms CPU for {CHARS} characters")
    return told


def _cost_ms(rounds: int) -> float:
    """CPU of finding in a text of 300 characters, the best of some rounds. Units: milliseconds."""
    whole = "".join(line.text for line in lines())
    texts = [whole[at : at + CHARS] for at in range(0, len(whole) - CHARS, max(1, len(whole) // TEXTS))]
    masked(texts[0])
    best = float("inf")
    for _ in range(rounds):
        start = time.process_time()
        for text in texts:
            private_in(text)
        best = min(best, time.process_time() - start)
    return best / len(texts) * 1000


if __name__ == "__main__":
    print(figures(quick=False))
