"""Personal data, marked on the type of the field that holds them: for what, how long, and who erases them."""

from collections.abc import Iterator
from typing import Annotated, Any, get_args, get_origin, get_type_hints

from msgspec import Struct

VAULT = "vault"  # erased by `journal.erase`, by id, by subject or past its term
ACCOUNT = "account"  # erased with the closing of the account
PASSING = "passing"  # kept nowhere: gone with the answer


class Personal(Struct, frozen=True):
    """Marks a field: `Annotated[str, Personal("call back", keep_days=365)]`.

    Units: `keep_days` in days after it was kept; of an account's fields, after the account was closed.
    """

    purpose: str
    keep_days: int
    eraser: str = VAULT


class PersonalField(Struct, frozen=True, kw_only=True):
    """A field that holds personal data, as the reference lists it."""

    struct: str
    field: str
    purpose: str
    keep_days: int
    eraser: str


def personal_of(kind: type[Struct]) -> list[PersonalField]:
    """The personal fields of one struct.

    >>> class Contact(Struct):
    ...     phone: Annotated[str, Personal("call back", keep_days=365)] | None
    >>> [(each.field, each.purpose, each.keep_days) for each in personal_of(Contact)]
    [('phone', 'call back', 365)]
    """
    try:
        hints = get_type_hints(kind, include_extras=True)
    except NameError:  # a type made inside a function
        hints = kind.__annotations__
    name = f"{kind.__module__}.{kind.__qualname__}"
    return [
        PersonalField(struct=name, field=field, purpose=mark.purpose, keep_days=mark.keep_days, eraser=mark.eraser)
        for field, hint in hints.items()
        for mark in _marks(hint)
    ]


def personal_fields(within: str = "cityloop.") -> list[PersonalField]:
    """Every personal field of the structs that are loaded, by name. For the reference, and for its test."""
    found = [each for kind in _below(Struct) if kind.__module__.startswith(within) for each in personal_of(kind)]
    return sorted(found, key=lambda each: (each.struct, each.field))


def _below(kind: type) -> Iterator[type[Struct]]:
    for each in kind.__subclasses__():
        yield each
        yield from _below(each)


def _marks(hint: Any) -> Iterator[Personal]:
    if get_origin(hint) is Annotated:
        yield from (mark for mark in get_args(hint)[1:] if isinstance(mark, Personal))
    for part in get_args(hint):
        if not isinstance(part, Personal):
            yield from _marks(part)
