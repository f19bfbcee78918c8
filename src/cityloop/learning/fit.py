"""How a node is learned: weights from lessons, what tells classes apart, and calibration from lessons not seen."""

from collections.abc import Sequence

import numpy as np

from cityloop.learning.linear import Node

STEPS = 16  # of conjugate gradients
TELLING = 0.35  # power of chi-squared by which a gram weighs
TELLING_MIN = 0.3
MEANT_RIDGE = 10.0


def weights_of(
    vectors, child_of: np.ndarray, children: int, ridge: float, even: float, apart: np.ndarray
) -> np.ndarray:
    """Weights of each child against the rest: least squares with a ridge; a rare child's lessons count more.

    `apart`: how little each gram is held back. Conjugate gradients for all children at once, from zero.
    """
    apart = apart[:, None]
    many = np.bincount(child_of, minlength=children)
    each = ((many.sum() / (many > 0).sum()) / np.maximum(many, 1)) ** even
    weight = each[child_of].astype(np.float32)[:, None]
    wanted = np.full((len(child_of), children), -1.0, np.float32)
    wanted[np.arange(len(child_of)), child_of] = 1.0
    back = vectors.T.tocsr()
    found = np.zeros((vectors.shape[1], children), np.float32)
    left = apart * (back @ (weight * wanted))
    way = left.copy()
    size = (left * left).sum(0)
    for _ in range(STEPS):
        there = apart * (back @ (weight * (vectors @ (apart * way)))) + np.float32(ridge) * way
        step = size / np.maximum((way * there).sum(0), 1e-20)
        found += step * way
        left -= step * there
        now = (left * left).sum(0)
        way = left + (now / np.maximum(size, 1e-20)) * way
        size = now
    return apart * found


def meant_weights_of(vectors: np.ndarray, child_of: np.ndarray, children: int, even: float) -> np.ndarray:
    """Weights of each child by the lessons' meanings: least squares with a ridge, solved at once.

    Shape: `vectors` float32 [lessons, size]; the result float32 [size, children].
    """
    many = np.bincount(child_of, minlength=children)
    each = ((many.sum() / (many > 0).sum()) / np.maximum(many, 1)) ** even
    weighed = vectors * each[child_of].astype(np.float32)[:, None]
    wanted = np.full((len(child_of), children), -1.0, np.float32)
    wanted[np.arange(len(child_of)), child_of] = 1.0
    there = vectors.T @ weighed + np.float32(MEANT_RIDGE) * np.eye(vectors.shape[1], dtype=np.float32)
    return np.linalg.solve(there, weighed.T @ wanted)


def telling(held: np.ndarray, lessons: np.ndarray) -> np.ndarray:
    """How well each gram tells classes apart: a small power of its chi-squared.

    Shape: `held` [grams, classes] how many lessons of each class have it; `lessons` how many there are of each class.
    """
    expected = held.sum(1, keepdims=True) * (lessons / max(lessons.sum(), 1))
    chi = ((held - expected) ** 2 / np.maximum(expected, 1e-9)).sum(1)
    return (np.maximum(chi, TELLING_MIN) ** TELLING).astype(np.float32)


def held_back(vectors, child_of: np.ndarray, children: int) -> np.ndarray:
    """How little the ridge holds back each gram of a node: as it tells the children apart, of mean one over the lessons."""
    from scipy.sparse import csr_array

    many = len(child_of)
    held = csr_array((np.ones(len(vectors.data), np.float32), vectors.indices, vectors.indptr), shape=vectors.shape)
    of = csr_array((np.ones(many, np.float32), (np.arange(many), child_of)), shape=(many, children))
    apart = telling(np.asarray((held.T @ of).todense()), np.bincount(child_of, minlength=children))
    mass = np.bincount(vectors.indices, vectors.data.astype(float) ** 2, minlength=len(apart))
    return (apart / np.sqrt((mass @ apart**2) / max(mass.sum(), 1e-9))).astype(np.float32)


def scores_in(node: Node, vectors) -> np.ndarray:
    if not len(node.weights):
        return np.zeros((vectors.shape[0], len(node.children)), np.float32)
    mine = vectors[:, : len(node.weights)] if len(node.weights) < vectors.shape[1] else vectors
    return mine @ node.weights.astype(np.float32)


def calibration_of(scores: Sequence[np.ndarray], child_of: np.ndarray) -> tuple[list[float], np.ndarray]:
    """A scale for each kind of score, and biases, by which shares of children come nearest to what was so; for no scores,
    equal shares. Shape: each of `scores` [lessons, children].
    """
    from scipy.optimize import minimize

    kinds, children = len(scores), scores[0].shape[1]
    if not len(child_of) or children == 1:
        return [1.0] + [0.0] * (kinds - 1), np.zeros(children, np.float32)
    right = np.zeros_like(scores[0], dtype=float)
    right[np.arange(len(child_of)), child_of] = 1.0

    def loss(x: np.ndarray) -> tuple[float, np.ndarray]:
        bias = x[kinds:]
        raised = sum(scale * each for scale, each in zip(x, scores, strict=False)) + bias
        raised -= raised.max(1, keepdims=True)
        total = np.log(np.exp(raised).sum(1, keepdims=True))
        off = np.exp(raised - total) - right
        value = -((raised - total) * right).sum() + 0.5 * (bias @ bias)
        return value, np.concatenate(([(off * each).sum() for each in scores], off.sum(0) + bias))

    found = minimize(
        loss,
        np.concatenate(([3.0] * kinds, np.zeros(children))),
        jac=True,
        method="L-BFGS-B",
        bounds=[(0.0, None)] * kinds + [(None, None)] * children,
    ).x
    return found[:kinds].tolist(), found[kinds:].astype(np.float32)
