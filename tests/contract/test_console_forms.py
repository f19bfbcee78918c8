"""The console's forms and the routes that they are sent to say the same."""

from types import SimpleNamespace
from typing import get_type_hints

import pytest
from msgspec import structs

from cityloop.domain.words import WORDS
from cityloop.pages.console.batch import MANY
from cityloop.pages.console.forms import FORMS, ROUTES_OWN, WITH_PHOTOS, deed_for_many
from cityloop.pages.deeds import DEEDS as ROUTES
from cityloop.pages.moves import DEEDS
from cityloop.pages.offers import FIELDS, Offer

PLACE = SimpleNamespace(lon=1.0, lat=2.0)


@pytest.mark.parametrize("name", MANY)
def test_a_form_for_many_asks_for_what_the_route_takes(name):
    """Once, whatever the cases: what the route needs, and nothing that it does not take."""
    data = get_type_hints(ROUTES[name][0].fn).get("data")
    tell = SimpleNamespace(word=str, post=str, of=str)
    fields, always = deed_for_many(name, SimpleNamespace(approvals=()), tell)
    asked = {each.name for each in fields} | set(always)
    assert not any(each.takes in ("photos", "report", "appeal") for each in fields)
    assert all(each.choices for each in fields if each.takes == "choice")
    if data is None:
        assert not asked
        return
    assert {each.name for each in structs.fields(data) if each.required} <= asked <= set(data.__struct_fields__)


@pytest.mark.parametrize("name", sorted(DEEDS))
def test_no_form_asks_for_what_its_route_does_not_take(name):
    """A form's fields and what it always carries are members of what the route reads; what the route needs, it asks for."""
    assert (name in FORMS) != (name in FIELDS)
    assert WORDS[f"deed.{name}"]
    assert WORDS[f"deed.done.{name}"]
    route, _ = ROUTES[name]
    data = get_type_hints(route.fn).get("data")
    if name in FIELDS:
        asked = {ROUTES_OWN.get(name, {}).get(each.name, each.name) for each in FIELDS[name]}
    else:
        blank = SimpleNamespace(class_key=None, duties=[], near_case=None, tasks=[], places=[PLACE])
        tell = SimpleNamespace(word=str, post=str, of=str, said_place=str)
        asks, always = FORMS[name]
        fields = asks(blank, Offer(name=name, why_not=None, loud=False, choices=(("a:b", "c"),)), tell)
        asked = {each.name for each in fields if each} | set(always(blank))
        asked |= {"stage"} if name == "reach_stage" else {"kind"} if name == "ask_approval" else set()
    if data is None:
        assert not asked
        return
    assert asked <= set(data.__struct_fields__)
    required = {each.name for each in structs.fields(data) if each.required}
    assert required <= asked
    assert ("photos" in data.__struct_fields__) == (name in WITH_PHOTOS)
