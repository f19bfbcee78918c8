"""What a judged report teaches: its masked text and the way to its class."""

from collections.abc import Iterable, Mapping

import msgspec

from cityloop.domain.ids import ClassKey
from cityloop.domain.policy import Policy
from cityloop.domain.private import for_all
from cityloop.domain.said import Said
from cityloop.learning.text import CHARS_MAX
from cityloop.learning.train import Lesson
from cityloop.stages.understand.rules import path_of
from cityloop.teaching.model import TEACHING, Decided, Taught

_said = msgspec.json.Decoder(Said).decode


def taught_of(decided: Iterable[Decided], words: Mapping[str, bytes], policy: Policy) -> list[Taught]:
    """The lessons of these reports. Without one: what taught nothing, whose text was erased or is empty, and classes that the
    pack no longer knows.
    """
    found = []
    for each in decided:
        raw = words.get(each.said)
        if each.how not in TEACHING or not each.class_key or raw is None:
            continue
        path = path_of(ClassKey(each.class_key), policy)
        text = _said(raw).text[:CHARS_MAX]
        if path and text.strip():
            found.append(Taught(each, Lesson(for_all(text), path)))
    return found
