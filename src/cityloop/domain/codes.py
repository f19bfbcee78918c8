"""Codes of cells, components and classes: their parts, read by the format of their scheme."""

import re
from collections.abc import Collection
from functools import cached_property, lru_cache

from msgspec import Struct

from cityloop.domain.errors import Invalid
from cityloop.domain.ids import AreaCode, CellCode, ClassKey, ComponentCode
from cityloop.domain.policy import Kind

SHOWN_CHARS_MAX = 60
CANDIDATES_MAX = 8
FINE_DIGITS = 2
MAJOR_DIGITS = 2


class CodeUnreadable(Invalid):
    """The code does not have the form of its scheme."""

    code = "code.unreadable"


class SchemeUnknown(Invalid):
    """No format is known for that scheme."""

    code = "code.unknown_scheme"


class ClassAmbiguous(Invalid):
    """A class code without its scheme means different things in different catalogues."""

    code = "class.ambiguous_code"


class ClassUnknown(Invalid):
    """The city's catalogue has no such class."""

    code = "class.unknown"


class CodeFormat(Struct, frozen=True, kw_only=True, dict=True):
    """A code as digits in segments.

    >>> CELL.parts("430102001002003")
    {'district': '430102', 'street': '001', 'community': '002', 'seq': '003'}
    """

    name: str
    segments: tuple[tuple[str, int], ...]  # name, digits; the last one, if a number, is full at 99..9

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        return re.compile("".join(f"(?P<{name}>[0-9]{{{width}}})" for name, width in self.segments))

    @cached_property
    def length(self) -> int:
        return sum(width for _, width in self.segments)

    def parts(self, code: str) -> dict[str, str]:
        """The segments by name. Refuses with `CodeUnreadable`."""
        found = self.pattern.fullmatch(code)
        if found is None:
            shape = " + ".join(f"{width} {name}" for name, width in self.segments)
            raise CodeUnreadable(
                f"{code[:SHOWN_CHARS_MAX]!r} is no {self.name} code: it has {len(code)} characters; write {self.length} "
                f"digits, {shape}."
            )
        return found.groupdict()


CELL = CodeFormat(name="cell", segments=(("district", 6), ("street", 3), ("community", 3), ("seq", 3)))
AREAS = {
    6: CodeFormat(name="district", segments=(("district", 6),)),
    9: CodeFormat(name="street", segments=(("district", 6), ("street", 3))),
    12: CodeFormat(name="community", segments=(("district", 6), ("street", 3), ("community", 3))),
}


def _component(minor: int, seq: int) -> CodeFormat:
    return CodeFormat(name="component", segments=(("district", 6), ("major", 2), ("minor", minor), ("seq", seq)))


def _class(minor: int) -> CodeFormat:
    return CodeFormat(name="class", segments=(("major", 2), ("minor", minor)))


class Scheme(Struct, frozen=True, kw_only=True):
    """How the codes of one catalogue standard are built."""

    component: CodeFormat
    of_class: CodeFormat

    @property
    def of_fine(self) -> CodeFormat:
        """A fine class 细类: the minor class in which it lies, and two digits more."""
        return CodeFormat(name="fine class", segments=(*self.of_class.segments, ("fine", FINE_DIGITS)))


# Source: standards.md 1.1 (read in systems that implement the standards; the texts themselves were not read).
# A city's own scheme is named after the one whose form it has: gbt30428_2_2013_somewhere.
SCHEMES = {
    "cjt214_2007": Scheme(component=_component(2, 6), of_class=_class(2)),
    "gbt30428_2_2013": Scheme(component=_component(2, 6), of_class=_class(2)),
    "draft_2024": Scheme(component=_component(3, 5), of_class=_class(3)),
    "draft_2024_monitor": Scheme(
        component=CodeFormat(
            name="monitored component",
            segments=(("district", 6), ("major", 2), ("middle", 2), ("minor", 2), ("seq", 6)),
        ),
        of_class=CodeFormat(name="class", segments=(("major", 2), ("middle", 2), ("minor", 2))),
    ),
    "local": Scheme(component=_component(2, 6), of_class=_class(2)),  # a catalogue of no standard, as a hotline's topics
}


class CellParts(Struct, frozen=True, kw_only=True):
    """A unit cell's code, taken apart."""

    district: str
    street: str
    community: str
    seq: str

    @property
    def district_code(self) -> AreaCode:
        return AreaCode(self.district)

    @property
    def street_code(self) -> AreaCode:
        return AreaCode(self.district + self.street)

    @property
    def community_code(self) -> AreaCode:
        return AreaCode(self.district + self.street + self.community)

    @property
    def code(self) -> CellCode:
        return CellCode(self.community_code + self.seq)


class ComponentParts(Struct, frozen=True, kw_only=True):
    """A component's code, taken apart."""

    scheme: str
    district: str
    class_code: str
    seq: str

    @property
    def class_key(self) -> ClassKey:
        return ClassKey(f"{self.scheme}/{Kind.component}/{self.class_code}")

    @property
    def code(self) -> ComponentCode:
        return ComponentCode(self.district + self.class_code + self.seq)


class ClassParts(Struct, frozen=True, kw_only=True):
    """A class key, taken apart. `major` is the first two digits of the code."""

    scheme: str
    kind: Kind
    code: str

    @property
    def major(self) -> str:
        return self.code[:MAJOR_DIGITS]

    @property
    def key(self) -> ClassKey:
        return ClassKey(f"{self.scheme}/{self.kind}/{self.code}")


def scheme_of(name: str) -> Scheme:
    """The formats of a scheme, or of the one that it is named after. Refuses with `SchemeUnknown`."""
    stem = name
    while stem not in SCHEMES:
        stem, _, rest = stem.rpartition("_")
        if not rest:
            raise SchemeUnknown(
                f"The scheme {name[:SHOWN_CHARS_MAX]!r} is not known; name it after one of {', '.join(SCHEMES)}."
            )
    return SCHEMES[stem]


def cell_parts(code: str) -> CellParts:
    """A cell's parts. Refuses with `CodeUnreadable`.

    >>> cell_parts("430102001002003").street_code
    '430102001'
    """
    return CellParts(**CELL.parts(code))


def component_parts(code: str, scheme: str) -> ComponentParts:
    """A component's parts, by the format of its scheme. Refuses with `CodeUnreadable`, `SchemeUnknown`.

    >>> component_parts("3205080101000001", "gbt30428_2_2013").class_key
    'gbt30428_2_2013/component/0101'
    """
    parts = scheme_of(scheme).component.parts(code)
    district, seq = parts.pop("district"), parts.pop("seq")
    return ComponentParts(scheme=scheme, district=district, class_code="".join(parts.values()), seq=seq)


def area_chain(code: str) -> tuple[AreaCode, ...]:
    """The area and those that hold it, the widest first. Refuses with `CodeUnreadable`.

    >>> area_chain("430102001")
    ('430102', '430102001')
    """
    (AREAS.get(len(code)) or AREAS[12]).parts(code)
    return tuple(AreaCode(code[:length]) for length in AREAS if length <= len(code))


@lru_cache(maxsize=8_192)
def class_parts(key: str) -> ClassParts:
    """A class key's parts. Refuses with `CodeUnreadable`, `SchemeUnknown`.

    >>> class_parts("gbt30428_2_2013/event/0102").major
    '01'
    """
    scheme, _, rest = key.partition("/")
    kind, _, code = rest.partition("/")
    if kind not in Kind.__members__:
        raise CodeUnreadable(
            f"{key[:SHOWN_CHARS_MAX]!r} is no class key; write scheme/kind/code with the kind component or event, like "
            "gbt30428_2_2013/event/0102."
        )
    form = scheme_of(scheme)
    (form.of_fine if len(code) == form.of_class.length + FINE_DIGITS else form.of_class).parts(code)
    return ClassParts(scheme=scheme, kind=Kind(kind), code=code)


def matter_range(key: str) -> tuple[str, str]:
    """From where to before where the keys lie that share a class's major class 大类, as text is ordered.

    >>> matter_range("gbt30428_2_2013/event/0102")
    ('gbt30428_2_2013/event/01', 'gbt30428_2_2013/event/01:')
    """
    first = key[: key.rindex("/") + 1 + MAJOR_DIGITS]
    return first, f"{first}:"  # the sign that follows 9


def minor_of(key: str) -> ClassKey:
    """The minor class 小类 in which a fine class lies; the key itself where it is a minor class.

    >>> minor_of("gbt30428_2_2013/event/011003"), minor_of("gbt30428_2_2013/event/0110")
    ('gbt30428_2_2013/event/0110', 'gbt30428_2_2013/event/0110')
    """
    scheme, _, rest = key.partition("/")
    is_fine = len(rest.rpartition("/")[2]) > scheme_of(scheme).of_class.length
    return ClassKey(key[:-FINE_DIGITS] if is_fine else key)


def class_key_of(given: str, known: Collection[ClassKey]) -> ClassKey:
    """The key of the catalogue that was given whole.

    A bare code is never enough, even where the catalogue has it once: 04 and 05 changed places between 2007 and 2013.
    Refuses with `ClassAmbiguous`, which tells the candidates, and `ClassUnknown`.
    """
    if given in known:
        return ClassKey(given)
    shown = repr(given[:SHOWN_CHARS_MAX])
    candidates = sorted(key for key in known if key.endswith("/" + given))
    if candidates:
        more = len(candidates) - CANDIDATES_MAX
        listed = ", ".join(candidates[:CANDIDATES_MAX]) + (f" and {more} more" if more > 0 else "")
        raise ClassAmbiguous(
            f"The class code {shown} does not say which catalogue it is from; write the whole key: {listed}.",
            candidates=candidates,
        )
    raise ClassUnknown(f"The city's catalogue has no class {shown}; write a key as the catalogue lists it.")
