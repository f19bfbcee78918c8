"""The learned model as plain arrays: what a text is about, level by level, with calibrated shares. NumPy alone."""

import hashlib
from collections.abc import Sequence
from itertools import zip_longest

import msgspec
import numpy as np
from msgspec import Struct
from msgspec.structs import replace

from cityloop.learning.meaning import meaning_of
from cityloop.learning.pool import PPM, Likely, Trust
from cityloop.learning.text import BLOCKS, Grams, grams_of

ROOT = ""
BLOCK_WEIGHTS = (1.0, 0.5)  # of the whole text and of its head, where the subject stands
WIDE = 4  # so many branches of a level are followed down
FORM, FORM_MEANT = 1, 2  # of the bytes: by grams alone, and with an encoder's vectors beside them
ALIGNED = 8  # every part of the bytes begins at a multiple


class Meant(Struct, frozen=True):
    """What an encoder's vectors say of a node's children beside the grams.

    Shape: `weights` float16 [size of a vector, children]. Share of a child = softmax(scale * score by grams + by_meaning *
    score by meaning + bias).
    """

    weights: np.ndarray
    scale: float
    by_meaning: float
    bias: np.ndarray


class Node(Struct, frozen=True):
    """A place where ways part: a level's classes under one parent.

    Shape: `weights` float16 [rows, children] over the first rows of the vocabulary; none where too few lessons are
    known, and then every child has its `bias` alone. Share of a child = softmax(scale * score + bias). A child that has
    its parent's key ends there.
    """

    parent: str
    children: tuple[str, ...]
    scale: float
    bias: np.ndarray
    weights: np.ndarray
    meant: Meant | None = None


class Linear(Struct, frozen=True):
    """A model: a vocabulary of hashes and a tree of nodes; `encoder` names what made the vectors of its lessons, if any did.

    Shape: `keys` uint32 sorted; `ranks` int32, the row of each key, frequent ones first; `idf` float32 by row.
    """

    keys: np.ndarray
    ranks: np.ndarray
    idf: np.ndarray
    nodes: dict[str, Node]
    trust: Trust  # beside the words of the pack
    version: str  # digest of its bytes
    encoder: str = ""


def likely_of(model: Linear, text: str, count: int = 3) -> tuple[Likely, ...]:
    """The classes that the text may be about, the most likely first; none where the model knows no class."""
    return likely_in(model.nodes, *vector_of(model, grams_of(text)), count, meaning_of(model.encoder, text))


def likely_in(
    nodes: dict[str, Node], rows: np.ndarray, values: np.ndarray, count: int, meaning: np.ndarray | None = None
) -> tuple[Likely, ...]:
    """The same for a vector: only the likeliest branches are followed down. Without its meaning the grams speak alone."""
    leaves: list[tuple[str, float]] = []
    branches = [(ROOT, 1.0)] if ROOT in nodes else []
    while branches:
        below: list[tuple[str, float]] = []
        for key, share in branches:
            node = nodes[key]
            shares = shares_of(node, scores_of(node, rows, values), meaning) * share
            for number in np.argsort(-shares, kind="stable")[: max(WIDE, count)].tolist():
                child = node.children[number]
                ends = child == key or child not in nodes
                (leaves if ends else below).append((child, float(shares[number])))
        branches = sorted(below, key=_by_share)[:WIDE]
    return tuple(Likely(key, round(share * PPM)) for key, share in sorted(leaves, key=_by_share)[:count])


def _by_share(each: tuple[str, float]) -> tuple[float, str]:
    return -each[1], each[0]


def vector_of(model: Linear, blocks: Sequence[Grams]) -> tuple[np.ndarray, np.ndarray]:
    """The text's features that the model knows: rows, ascending in nothing, and values of length one a block."""
    rows, values = [], []
    for block in BLOCKS:
        found, tfidf = block_of(model.keys, model.ranks, model.idf, blocks[block])
        rows.append(found)
        values.append(tfidf * np.float32(BLOCK_WEIGHTS[block] ** 0.5))
    return np.concatenate(rows), np.concatenate(values)


def block_of(keys: np.ndarray, ranks: np.ndarray, idf: np.ndarray, grams: Grams) -> tuple[np.ndarray, np.ndarray]:
    """Rows and values of one block: (1 + log count) * idf, of length one."""
    if not len(keys) or not len(grams.keys):
        return np.zeros(0, np.int32), np.zeros(0, np.float32)
    at = keys.searchsorted(grams.keys)
    at[at == len(keys)] = 0
    known = keys[at] == grams.keys
    rows = ranks[at[known]]
    values = (1 + np.log(grams.counts[known].astype(np.float32))) * idf[rows]
    length = float(np.sqrt(values @ values))
    return rows, values / np.float32(length) if length else values


def scores_of(node: Node, rows: np.ndarray, values: np.ndarray) -> np.ndarray:
    """How much the text speaks for each child; about 1 for one of its own, -1 for another's."""
    if not len(node.weights):
        return np.zeros(len(node.children), np.float32)
    if len(node.weights) <= (rows.max() if len(rows) else 0):
        inside = rows < len(node.weights)
        rows, values = rows[inside], values[inside]
    return values @ node.weights[rows].astype(np.float32)


def shares_of(node: Node, scores: np.ndarray, meaning: np.ndarray | None = None) -> np.ndarray:
    """Calibrated shares of the children; they sum to one."""
    if node.meant is not None and meaning is not None:
        by_meaning = meaning @ node.meant.weights.astype(np.float32)
        raised = node.meant.scale * scores + node.meant.by_meaning * by_meaning + node.meant.bias
    else:
        raised = node.scale * scores + node.bias
    raised = np.exp(raised - raised.max(axis=-1, keepdims=True))
    return raised / raised.sum(axis=-1, keepdims=True)


def linear_of(
    keys: np.ndarray, ranks: np.ndarray, idf: np.ndarray, nodes: dict[str, Node], trust: Trust, encoder: str = ""
) -> Linear:
    """The model of these parts, with its version."""
    bare = Linear(keys, ranks, idf, nodes, trust, "", encoder)
    return replace(bare, version=hashlib.sha256(bytes_of(bare)).hexdigest())


NO_MEANT = (0, 0.0, 0.0)


class _Head(Struct, omit_defaults=True):
    form: int
    trust: Trust
    features: int
    nodes: list[tuple[str, tuple[str, ...], float, int]]  # parent, children, scale, rows of weights
    encoder: str = ""
    meant: list[tuple[int, float, float]] = []  # of each node: rows of its weights, scale, by meaning; no rows: none


def bytes_of(model: Linear) -> bytes:
    """The model as bytes: a head in MessagePack, then its arrays, little-endian."""
    nodes = [model.nodes[key] for key in sorted(model.nodes)]
    form = FORM_MEANT if model.encoder else FORM
    head = _Head(form, model.trust, len(model.keys), [(n.parent, n.children, n.scale, len(n.weights)) for n in nodes])
    if model.encoder:
        head.encoder = model.encoder
        head.meant = [(len(n.meant.weights), n.meant.scale, n.meant.by_meaning) if n.meant else NO_MEANT for n in nodes]
    packed = msgspec.msgpack.encode(head)
    arrays = [model.keys.astype("<u4"), model.ranks.astype("<i4"), model.idf.astype("<f4")]
    for node in nodes:
        arrays += [node.bias.astype("<f4"), node.weights.astype("<f2")]
        if node.meant:
            arrays += [node.meant.bias.astype("<f4"), node.meant.weights.astype("<f2")]
    parts = [len(packed).to_bytes(4, "little") + packed, *[each.tobytes() for each in arrays]]
    return b"".join([part + bytes(-len(part) % ALIGNED) for part in parts])


def linear_from(data: bytes) -> Linear:
    """The model that `bytes_of` wrote; its arrays are views of these bytes. Raises ValueError for any others."""
    size = int.from_bytes(data[:4], "little")
    try:
        head = msgspec.msgpack.decode(data[4 : 4 + size], type=_Head)
    except msgspec.MsgspecError as error:
        raise ValueError("no model") from error
    if head.form not in (FORM, FORM_MEANT):
        raise ValueError(f"a model of form {head.form}")
    at = 4 + size + -(4 + size) % ALIGNED

    def array(kind: str, *shape: int) -> np.ndarray:
        nonlocal at
        many = int(np.prod(shape))
        found = np.frombuffer(data, kind, many, at).reshape(shape)
        at += found.nbytes + -found.nbytes % ALIGNED
        return found

    keys, ranks, idf = (array("<u4", head.features), array("<i4", head.features), array("<f4", head.features))
    nodes = {}
    for (parent, children, scale, rows), said in zip_longest(head.nodes, head.meant, fillvalue=NO_MEANT):
        bias, weights = array("<f4", len(children)), array("<f2", rows, len(children))
        meant = None
        if size := said[0]:
            bias_meant, of = array("<f4", len(children)), array("<f2", size, len(children))
            meant = Meant(of, said[1], said[2], bias_meant)
        nodes[parent] = Node(parent, children, scale, bias, weights, meant)
    if at != len(data):
        raise ValueError("bytes after the model")
    return Linear(keys, ranks, idf, nodes, head.trust, hashlib.sha256(data).hexdigest(), head.encoder)
