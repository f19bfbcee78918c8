"""Whether the paths of a question lead anywhere, before anything is asked."""

from cityloop.doors.sensorthings.language import Expression, QueryBad
from cityloop.doors.sensorthings.language.tree import Path, paths_in
from cityloop.doors.sensorthings.model import KINDS, Kind

IDS = frozenset({"id", "@iot.id"})
OPEN = frozenset(
    {"properties", "location", "feature", "unitOfMeasurement", "resultQuality", "parameters", "metadata", "result", "observedArea"}
)  # fmt: skip  # what has an inside


def checked(tree: Expression, kind: Kind) -> None:
    """Refuses with `QueryBad` where a path leads nowhere, or into the observations of something else."""
    for path in paths_in(tree):
        walked(path, kind)


def walked(path: Path, kind: Kind) -> tuple[tuple[str, ...], str, tuple[str, ...]]:
    """A path as its relations, the property that they lead to, and the way inside of it. Refuses with `QueryBad`."""
    relations: list[str] = []
    here = kind
    for place, step in enumerate(path.steps):
        if step == "Observations":
            raise QueryBad(
                f"{step} at character {path.at} are asked themselves: ask Observations, and narrow them by Datastream/id, "
                "Datastream/Thing/name and the like."
            )
        if (relation := here.relations.get(step)) is not None:
            here = KINDS[relation.kind]
            relations.append(step)
            continue
        if step in IDS or step in here.properties:
            inside = path.steps[place + 1 :]
            if inside and step not in OPEN:
                raise QueryBad(f"{step!r} at character {path.at} has nothing inside; end the path there.")
            return tuple(relations), "id" if step in IDS else step, inside
        known = ", ".join(("id", *here.properties, *here.relations))
        raise QueryBad(f"a {here.name} has no {step[:40]!r}, at character {path.at}; it has {known}.")
    raise QueryBad(f"the path at character {path.at} ends with the {here.name} itself; go on to a property, e.g. /id.")
