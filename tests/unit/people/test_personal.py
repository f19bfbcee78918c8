"""Every personal field has a purpose, a term and somebody who erases it."""

import importlib
import pkgutil
from typing import Annotated

import pytest
from msgspec import Struct

import cityloop
from cityloop.domain.personal import ACCOUNT, PASSING, VAULT, Personal, personal_fields, personal_of


def loaded() -> list[str]:
    """Import what can be imported, so that no struct is missed."""
    missing = []
    for module in pkgutil.walk_packages(cityloop.__path__, "cityloop."):
        if not module.name.endswith("__main__"):
            try:
                importlib.import_module(module.name)
            except ImportError as error:
                missing.append(f"{module.name}: {error}")
    return missing


TERMS = {VAULT: range(1, 3651), ACCOUNT: range(3651), PASSING: range(1)}  # days that each eraser may be given


def complaints(fields) -> list[str]:
    """Fields that say no purpose, no sensible term, or nobody who erases them."""
    return [
        f"{each.struct}.{each.field}"
        for each in fields
        if len(each.purpose.strip()) < 5 or each.eraser not in TERMS or each.keep_days not in TERMS[each.eraser]
    ]


def test_every_personal_field_has_purpose_term_and_eraser():
    """Minimum scope and shortest term are law: what has neither may not be asked for."""
    loaded()
    fields = personal_fields()
    assert complaints(fields) == []
    assert {("cityloop.people.model.Person", "name"), ("cityloop.people.model.Person", "phone")} <= {
        (each.struct, each.field) for each in fields
    }


PLACES = ("phone", "email", "person_name", "id_number", "contact_name", "contact_phone")


def test_what_sounds_personal_is_marked():
    """A phone that nobody marked is a phone that nobody erases."""
    loaded()
    kinds, found = [Struct], []
    while kinds:
        for kind in kinds.pop().__subclasses__():
            kinds.append(kind)
            if kind.__module__.startswith("cityloop."):
                marked = {each.field for each in personal_of(kind)}
                found += [f"{kind.__qualname__}.{n}" for n in kind.__struct_fields__ if n in PLACES and n not in marked]
    assert found == []


@pytest.mark.parametrize(
    "mark",
    [
        Personal("", keep_days=365),
        Personal("call back", keep_days=0),
        Personal("call back", keep_days=9, eraser="none"),
        Personal("call back", keep_days=9, eraser=PASSING),
    ],
)
def test_a_planted_field_is_seen(mark):
    class Planted(Struct):
        phone: Annotated[str, mark] | None

    assert complaints(personal_of(Planted))
