"""A model with the levels from which it may decide alone: what it says of a text, and whether a person must look."""

import hashlib
from collections.abc import Mapping

import msgspec
from msgspec import Struct

from cityloop.domain.private import for_all
from cityloop.learning.linear import Linear, bytes_of, likely_in, linear_from, vector_of
from cityloop.learning.meaning import meaning_of
from cityloop.learning.pool import PPM, Likely, Trust
from cityloop.learning.risk import EVERYBODY, Alone, Level, Levels, alone_of
from cityloop.learning.text import CHARS_MAX, grams_of

FORM = 1  # of the file
NAMED = 12  # so many signs of the digest stand in facts
ASKED = 6  # classes that the model names beside those of the words
Group = tuple[str, ...]


class Read(Struct, frozen=True):
    """What a model says of a text, and how much of the text it knows. Units: ppm of the text's pairs of characters."""

    likely: tuple[Likely, ...]
    known_ppm: int


class Learned(Struct, frozen=True):
    """A model in force. A text of which it knows less than `known_ppm` is unlike its lessons, and no level holds for it.

    Shape: `drifted` groups whose level was not kept, and from where on they decide now; None: never.
    """

    digest: str
    model: Linear
    levels: Levels
    known_ppm: int
    drifted: Mapping[Group, int | None] = {}

    @property
    def trust(self) -> Trust:
        return self.model.trust

    @property
    def name(self) -> str:
        """How facts name it.

        >>> name_of("0123456789abcdef")
        'lessons/0123456789ab'
        """
        return name_of(self.digest)

    def read(self, text: str) -> Read:
        """What the text is about: masked first, as the lessons were."""
        return read_by(self.model, for_all(text[:CHARS_MAX]))

    def alone(self, key: str, area: str | None, ppm: int) -> Alone:
        """Whether such a proposal may be taken without a person: by its class, and by its area too."""
        by_class = alone_of(ppm, groups_of(key, area), self.levels)
        if not by_class.alone:
            return by_class
        if area and len(by_class.group) < 2:  # no level of both together: the area's own must be kept as well
            by_area = alone_of(ppm, ((area,),), self.levels)
            if not by_area.alone:
                return by_area
        for group in (*groups_of(key, area), *([(area,)] if area else []), EVERYBODY):
            if group in self.drifted and ((least := self.drifted[group]) is None or ppm < least):
                return Alone(False, group, (f"level_drifted:{'/'.join(group) or 'all'}",))
        return by_class


def read_by(model: Linear, masked: str) -> Read:
    """What a model says of a masked text."""
    grams = grams_of(masked)
    rows, values = vector_of(model, grams)
    every = sum(len(each.keys) for each in grams)
    meaning = meaning_of(model.encoder, masked)
    known = bool(every) and (meaning is not None or not model.encoder)  # no level holds without what it was made with
    return Read(likely_in(model.nodes, rows, values, ASKED, meaning), len(rows) * PPM // every if known else 0)


class _File(Struct, frozen=True):
    form: int
    model: bytes
    promise: tuple[int, int, int | None]
    levels: tuple[Level, ...]
    known_ppm: int


def name_of(digest: str) -> str:
    """How facts name a model."""
    return f"lessons/{digest[:NAMED]}"


def groups_of(key: str, area: str | None) -> tuple[Group, ...]:
    """The groups whose levels may decide about a proposal, the finest first."""
    return ((key, area), (key,)) if area else ((key,),)


def file_of(model: Linear, levels: Levels, known_ppm: int) -> bytes:
    """Model and levels as the bytes that are kept."""
    promise = (levels.wrong_ppm, levels.confidence_ppm, levels.ahead)
    every = tuple(levels.by_group[group] for group in sorted(levels.by_group))
    return msgspec.msgpack.encode(_File(FORM, bytes_of(model), promise, every, known_ppm))


def learned_from(data: bytes) -> Learned:
    """What `file_of` wrote. Raises ValueError for any other bytes."""
    try:
        found = msgspec.msgpack.decode(data, type=_File)
    except msgspec.MsgspecError as error:
        raise ValueError("no model with its levels") from error
    if found.form != FORM:
        raise ValueError(f"a file of form {found.form}")
    levels = Levels(*found.promise, {each.group: each for each in found.levels})
    return Learned(hashlib.sha256(data).hexdigest(), linear_from(found.model), levels, found.known_ppm)
