"""Observed properties as the pack knows them, in the words of the standard."""

from cityloop.domain.policy import Policy
from cityloop.doors.sensorthings.graph import Property


def properties_of_pack(policy: Policy) -> tuple[Property, ...]:
    """The rows of observed_properties.csv, in the city's first language."""
    language = policy.settings.languages[0]
    return tuple(
        Property(
            code=each.code, name=each.name.get(language, each.code), definition=each.definition or f"urn:cityloop:{each.code}",
            description=each.name.get("en", each.code),
        )
        for each in policy.observed_properties
    )  # fmt: skip
