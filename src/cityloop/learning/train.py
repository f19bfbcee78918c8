"""Lessons in, a model out, with what it said of each lesson while it had not seen it. Runs outside a request."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np
from msgspec import Struct
from msgspec.structs import replace

from cityloop.learning.fit import calibration_of, held_back, meant_weights_of, scores_in, telling, weights_of
from cityloop.learning.linear import BLOCK_WEIGHTS, ROOT, Linear, Meant, Node, likely_in, linear_of
from cityloop.learning.meaning import Encoder
from cityloop.learning.pool import Likely, Trust, logs, pooled
from cityloop.learning.text import BLOCKS, grams_of

FOLDS = 10
FOLDED_MAX = 20_000  # with more lessons than these, the model of nine parts is kept, and the tenth tells how good it is
RIDGE = 0.3
EVEN = 0.5  # 0: every lesson counts the same, 1: every class does
RARE = 1.5  # power of the inverse share of lessons that have a gram
ROWS_MAX = 1 << 17  # of the vocabulary
CELLS_MAX = 4_000_000  # weights of one node
ROWS_EACH = 50  # of the vocabulary, the frequent ones first, for each of a node's lessons
NODE_LESSONS_MIN = 12  # with fewer, a node's children have their shares alone
SEED = 20_260
PROPOSED = 3  # and twice as many are asked of the lessons
COLD = 5.0  # how strongly the words are believed before the first lesson
ALL = Trust(1.0, 0.0)

Words = Callable[[str], Sequence[Likely]]  # a text to what the pack's words propose for it
# Lessons held out, nodes made without them, vectors of all lessons, the vocabulary.
_Fit = tuple[list[float], np.ndarray]  # scales and biases
_Test = tuple[np.ndarray, dict[str, Node], Any, tuple[np.ndarray, np.ndarray, np.ndarray]]


class Lesson(Struct, frozen=True):
    """A text, masked, and what it was about in the end.

    Shape: `path` the keys from the widest to the finest, as far as is known; `groups` what its errors are told by.
    """

    text: str
    path: tuple[str, ...]
    groups: tuple[str, ...] = ()


class Outcome(Struct, frozen=True):
    """What a model that had not seen a lesson, and the words, said of it together; and whether that was so.

    Shape: `said` the best three, the best first; none where nothing is proposed.
    """

    lesson: int  # its number
    said: tuple[Likely, ...]
    right: bool


class Trained(Struct, frozen=True):
    """A model, and what to set its levels by."""

    model: Linear
    outcomes: tuple[Outcome, ...]


def trained(
    lessons: Sequence[Lesson], *, words: Words | None = None, ridge: float = RIDGE, even: float = EVEN,
    encoder: Encoder | None = None,
) -> Trained:  # fmt: skip
    """A model of all lessons, or of nearly all where there are very many; outcomes come from models made without the lesson.

    `words` is what the pack's words propose for a text; without it the lessons are trusted alone. A label that exists
    once is learned like any other. No lesson: a model that proposes nothing. With an `encoder` the texts' meanings are learned
    from beside their grams.
    """
    known = [number for number, lesson in enumerate(lessons) if lesson.path]
    features = _Features([lessons[number].text for number in known])
    meant = encoder.vectors([lessons[number].text for number in known]) if encoder else None
    tree = _Tree([lessons[number].path for number in known], meant)
    tested = list(_tested(tree, features, ridge, even))
    fitted = tree.calibrated(tested)
    said: dict[int, tuple[Likely, ...]] = {}
    for out, nodes, vectors, _ in tested:
        ready = _fitted(nodes, fitted)
        for at in out.tolist():
            row = vectors[[at]]
            meaning = meant[at] if meant is not None else None
            said[known[at]] = likely_in(ready, row.indices, row.data, 2 * PROPOSED, meaning)
    cold = {number: words(lessons[number].text) if words else () for number in sorted(said)}
    right = {number: lessons[number].path[-1] for number in cold}
    classes = len({lesson.path[-1] for lesson in lessons if lesson.path})
    trust = _trust([(said[number], cold[number], right[number]) for number in cold], classes) if words else ALL
    outcomes = []
    for number in cold:
        both = pooled(said[number], cold[number], trust)[:PROPOSED]
        outcomes.append(Outcome(number, both, bool(both) and both[0].key == right[number]))
    if len(known) > FOLDED_MAX:
        _, nodes, _, vocabulary = tested[0]
    else:
        every = np.ones(len(known), bool)
        vectors, vocabulary = features.vectors(every, tree)
        nodes = tree.nodes(vectors, every, ridge, even)
    made = linear_of(*vocabulary, _fitted(nodes, fitted), trust, encoder.name if encoder else "")
    return Trained(made, tuple(outcomes))


def _fitted(nodes: dict[str, Node], fitted: dict[str, list[_Fit]]) -> dict[str, Node]:
    """The nodes with their scales and biases: by grams alone, and with the meaning."""
    made = {}
    for parent, node in nodes.items():
        (scales, bias), *both = fitted[parent]
        meant = node.meant
        if meant is not None and both:
            (scale, by_meaning), bias_meant = both[0]
            meant = replace(meant, scale=scale, by_meaning=by_meaning, bias=bias_meant)
        made[parent] = replace(node, scale=scales[0], bias=bias, meant=meant)
    return made


def _tested(tree: "_Tree", features: "_Features", ridge: float, even: float) -> Iterator[_Test]:
    """Models that had not seen a part of the lessons, each with that part."""
    parts = np.random.default_rng(SEED).permutation(features.many) % FOLDS
    for part in range(FOLDS if features.many <= FOLDED_MAX else 1):
        out = parts == part
        if out.any() and not out.all():
            vectors, vocabulary = features.vectors(~out, tree)
            yield np.flatnonzero(out), tree.nodes(vectors, ~out, ridge, even), vectors, vocabulary


def _trust(told: Sequence[tuple[Sequence[Likely], Sequence[Likely], str]], classes: int) -> Trust:
    """The trust at which both together give most to what was right; few lessons change little.

    Shape: for each lesson what a model that had not seen it said, what the words say, and what was right.
    """
    from scipy.optimize import minimize

    if not told:
        return Trust()
    wide = 1 + max(len({each.key for each in (*learned, *words)}) for learned, words, _ in told)
    both = np.full((2, len(told), wide), -np.inf)
    at = np.zeros(len(told), int)
    for row, (learned, words, right) in enumerate(told):
        keys, *each = logs(learned, words, classes)
        both[:, row, : len(keys) + 1] = each
        at[row] = keys.index(right) if right in keys else len(keys)
    known = np.isfinite(both[0])
    both[:, ~known] = 0.0

    def loss(x: np.ndarray) -> float:
        raised = np.where(known, x[0] * both[0] + x[1] * both[1], -np.inf)
        total = np.log(np.exp(raised - raised.max(1, keepdims=True)).sum(1)) + raised.max(1)
        return float((total - raised[np.arange(len(at)), at]).sum() + COLD * (x[0] ** 2 + (x[1] - 1) ** 2))

    lessons, words_ = minimize(loss, [0.5, 0.5], method="L-BFGS-B", bounds=[(0.0, 3.0)] * 2).x
    return Trust(float(lessons), float(words_), classes)


class _Tree:
    """The ways of all lessons: for each parent its children, who went there and where to."""

    def __init__(self, paths: Sequence[tuple[str, ...]], meant: np.ndarray | None = None):
        self.meant = meant
        went: dict[str, list[tuple[int, str]]] = {}
        for number, path in enumerate(paths):
            for parent, child in zip((ROOT, *path), path, strict=False):
                went.setdefault(parent, []).append((number, child))
        for number, path in enumerate(paths):
            if path[-1] in went:  # it ends where others go on
                went[path[-1]].append((number, path[-1]))
        self.at = {parent: np.array([number for number, _ in each]) for parent, each in sorted(went.items())}
        self.children = {parent: tuple(sorted({child for _, child in each})) for parent, each in sorted(went.items())}
        self.child_of = {
            parent: np.array([self.children[parent].index(child) for _, child in each])
            for parent, each in sorted(went.items())
        }

    def calibrated(self, tested: Sequence[_Test]) -> dict[str, list[_Fit]]:
        """Scales and biases of each node, from the scores of lessons that it had not seen; the second with the meaning."""
        found = {}
        for parent, at in self.at.items():
            none = np.zeros((0, len(self.children[parent])), np.float32)
            scores, by_meaning, child_of = [none], [none], [none[:, 0].astype(int)]
            for out, nodes, vectors, _ in tested:
                mine = np.isin(at, out)
                scores.append(scores_in(nodes[parent], vectors[at[mine]]))
                child_of.append(self.child_of[parent][mine])
                if self.meant is not None:
                    by_meaning.append(self.meant[at[mine]] @ _meant_in(nodes[parent], self.meant.shape[1]))
            every = np.concatenate(child_of)
            found[parent] = [calibration_of([np.concatenate(scores)], every)]
            if self.meant is not None:
                found[parent].append(calibration_of([np.concatenate(scores), np.concatenate(by_meaning)], every))
        return found

    def nodes(self, vectors, seen: np.ndarray, ridge: float, even: float) -> dict[str, Node]:
        """A node for each parent, learned from the lessons that are seen."""
        made = {}
        for parent, at in self.at.items():
            children, inside = self.children[parent], seen[at]
            weights, meant = np.zeros((0, len(children)), np.float16), None
            if len(children) > 1 and inside.sum() >= NODE_LESSONS_MIN:
                rows = min(vectors.shape[1], CELLS_MAX // len(children), ROWS_EACH * int(inside.sum()))
                mine = vectors[at[inside]][:, :rows]
                child_of = self.child_of[parent][inside]
                same = np.ones(rows, np.float32)  # the first level's weights are in the vectors
                apart = same if parent == ROOT else held_back(mine, child_of, len(children))
                weights = weights_of(mine, child_of, len(children), ridge, even, apart).astype(np.float16)
                if self.meant is not None:
                    of = meant_weights_of(self.meant[at[inside]], child_of, len(children), even).astype(np.float16)
                    meant = Meant(of, 1.0, 0.0, np.zeros(len(children), np.float32))
            made[parent] = Node(parent, children, 1.0, np.zeros(len(children), np.float32), weights, meant)
        return made


def _meant_in(node: Node, size: int) -> np.ndarray:
    """A node's weights of the meaning; nothing where it has none."""
    return node.meant.weights.astype(np.float32) if node.meant else np.zeros((size, len(node.children)), np.float32)


class _Features:
    """The grams of all lessons: a matrix a block, a column a hash."""

    def __init__(self, texts: Sequence[str]):
        from scipy.sparse import csr_array

        self.many = len(texts)
        grams = [grams_of(text) for text in texts]
        self.keys = np.unique(
            np.concatenate([each.keys for both in grams for each in both] or [np.zeros(0, np.uint32)])
        )
        self.counts = []
        for block in BLOCKS:
            ends = np.cumsum([0, *[len(both[block].keys) for both in grams]], dtype=np.int32)
            every = [both[block] for both in grams]
            columns = self.keys.searchsorted(np.concatenate([each.keys for each in every] or [self.keys])).astype(
                np.int32
            )
            values = np.concatenate([each.counts for each in every] or [np.zeros(0)]).astype(np.float32)
            self.counts.append(csr_array((values, columns, ends), shape=(len(texts), len(self.keys))))

    def _telling(self, seen: np.ndarray, rank: np.ndarray, rows: int, tree: "_Tree") -> np.ndarray:
        """How well each gram tells the classes of the first level apart."""
        from scipy.sparse import csr_array

        many = len(tree.children[ROOT])
        held = np.zeros((rows, many))
        to = csr_array((seen.astype(np.float32), (np.arange(self.many), tree.child_of[ROOT])), shape=(self.many, many))
        for counts in self.counts:
            there = csr_array(
                (np.ones(len(counts.data), np.float32), counts.indices, counts.indptr), shape=counts.shape
            )
            of = np.asarray((there.T @ to).todense())
            held[rank[rank >= 0]] += of[rank >= 0]
        return telling(held, np.bincount(tree.child_of[ROOT][seen], minlength=many))

    def vectors(self, seen: np.ndarray, tree: "_Tree"):
        """Vectors of all lessons, and the vocabulary, as those that are seen have it: no gram that only one of them has."""
        from scipy.sparse import csr_array

        times = sum(np.bincount(each[np.flatnonzero(seen)].indices, minlength=len(self.keys)) for each in self.counts)
        order = np.argsort(-times, kind="stable")[: min(ROWS_MAX, int((times > 1).sum()))]
        rank = np.full(len(self.keys), -1, np.int32)
        rank[order] = np.arange(len(order))
        idf = (np.log((1 + seen.sum()) / (1 + times[order])) + 1).astype(np.float32)
        if ROOT in tree.at:
            idf = idf**RARE * self._telling(seen, rank, len(order), tree)
        total = None
        for block, counts in zip(BLOCKS, self.counts, strict=True):
            kept = rank[counts.indices] >= 0
            columns = rank[counts.indices[kept]]
            ends = np.concatenate(([0], np.cumsum(kept))).astype(np.int32)[counts.indptr]
            values = (1 + np.log(counts.data[kept])) * idf[columns]
            lengths = np.sqrt(np.add.reduceat(np.append(values * values, 0), ends[:-1]) * (np.diff(ends) > 0))
            values *= np.repeat(BLOCK_WEIGHTS[block] ** 0.5 / np.maximum(lengths, 1e-9), np.diff(ends))
            made = csr_array((values.astype(np.float32), columns, ends), shape=(len(ends) - 1, len(order)))
            total = made if total is None else total + made
        held = np.sort(order)
        return total, (self.keys[held], rank[held], idf)
