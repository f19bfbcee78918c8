"""From an order to a report, and from a closed case to the draft of a reply: pure, in plain words."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from msgspec.structs import replace

from cityloop.domain.errors import CityloopError
from cityloop.domain.policy import Policy, Settings
from cityloop.domain.words import say
from cityloop.doors.hotline.model import Order, OrderCaller, OrderWords
from cityloop.stages.intake.model import Contact, Sound
from cityloop.stages.intake.rules import ADDRESS_CHARS_MAX, contact_of


def report_tries(words: OrderWords, settings: Settings) -> Iterator[dict[str, Any]]:
    """The fields of the report that an order becomes: whole, then without its point, then its words alone."""
    text = "\n".join(each for each in (words.title.strip(), words.content.strip()) if each)[: settings.text_chars_max]
    plain = {"text": text}
    placed = plain | {"address": words.address[:ADDRESS_CHARS_MAX]}
    if words.lon is not None and words.lat is not None:
        yield placed | {"lon": words.lon, "lat": words.lat, "coords": words.coords}
    yield placed
    yield plain
    yield {"text": "".join(char if char.isprintable() or char == "\n" else " " for char in text).strip() or "—"}


def contact_given(sound: Sound, caller: OrderCaller | None) -> Sound:
    """The report with the caller as its contact, where a caller can be reached as one; the order keeps them anyway."""
    for phone in (caller.phone, caller.contact) if caller else ():
        try:
            return replace(sound, contact=contact_of(Contact(name=caller.name[:100], phone=phone)))  # type: ignore[union-attr]
        except CityloopError:
            continue
    return sound


def draft_text(
    order: Order, outcome: str, *, number: str | None, class_key: str | None, unit: str | None, reason: str | None,
    at: datetime, policy: Policy,
) -> str:  # fmt: skip
    """What may be answered to a caller whose case came to an end, in the city's first language. Names nobody."""
    language = policy.settings.languages[0]
    known_class, known_unit = policy.class_by_key.get(class_key or ""), policy.unit_by_id.get(unit or "")
    template = say(f"hotline.draft.{outcome}", language, policy.words)
    return template.format(
        order=order.number,
        number=number or "—",
        what=known_class.name.get(language, "—") if known_class else "—",
        unit=known_unit.name.get(language, "—") if known_unit else "—",
        reason=say(f"filing.reason.{reason}", language, policy.words) if reason else "—",
        day=at.strftime("%Y-%m-%d"),
    )
