"""Entities of SensorThings that the register has no place for. Their words lie in the vault, and stand in no fact."""

from typing import ClassVar

from cityloop.domain.facts.fact import Fact


class EntityFact(Fact, frozen=True, kw_only=True):
    """A fact whose subject is an entity of the standard."""

    SUBJECT: ClassVar[str] = "sta"
    KEY: ClassVar[str] = "entity"

    entity: str  # KIND/ID


class EntityDescribed(EntityFact, frozen=True, kw_only=True):
    """Somebody described an entity, for the first time or anew; and what it leads to."""

    links: dict[str, tuple[str, ...]] = {}  # relation -> ids


class EntityRemoved(EntityFact, frozen=True, kw_only=True):
    """It is shown no more. What a stream of it said is kept."""
