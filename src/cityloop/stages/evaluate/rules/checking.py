"""Whether figures that were counted twice are the same."""

from collections.abc import Iterator

from msgspec import Struct

from cityloop.stages.evaluate.model import Answer, Figure, Group


class Difference(Struct, frozen=True, kw_only=True):
    """A number that came out otherwise. `group` None is the whole; a number that is not there is None."""

    group: str | None
    metric: str
    said: str | None
    counted: str | None


def differences(said: Answer, counted: Answer) -> tuple[Difference, ...]:
    """What an answer says otherwise than the same question counted again, number by number; not how long ago it was."""
    found = list(_between(None, said.whole, counted.whole))
    here, there = ({group.group: group for group in answer.groups} for answer in (said, counted))
    for group in dict.fromkeys([*here, *there]):
        found += _between(group, here.get(group), there.get(group))
    return tuple(found)


def _between(name: str | None, said: Group | None, counted: Group | None) -> Iterator[Difference]:
    ours, theirs = ({each.metric: _text(each) for each in group.figures} if group else {} for group in (said, counted))
    for metric in dict.fromkeys([*ours, *theirs]):
        if ours.get(metric) != theirs.get(metric):
            yield Difference(group=name, metric=metric, said=ours.get(metric), counted=theirs.get(metric))


def _text(figure: Figure) -> str:
    now = f"{figure.numerator}/{figure.denominator} = {figure.value}"
    then = [f"{each.against} {each.numerator}/{each.denominator} = {each.value}" for each in figure.changes]
    return ", ".join([now, *then])
