"""What inspecting speaks of, and how it says no."""

from enum import StrEnum

from cityloop.domain.errors import Invalid, NotAllowed, NotFound, Refused

NO_POST_COVERS = "no_post_covers"  # why an inspection asks nobody by name
FAILED = "inspection_failed"  # why a case is reworked


class DismissReason(StrEnum):
    """Why an appeal is not right. Words: `appeal.reason.*`."""

    unfounded = "unfounded"
    unproved = "unproved"
    own_fault = "own_fault"


class OwnWork(NotAllowed):
    """Nobody inspects what they, or their unit, have done."""

    code = "inspect.own_work"


class PostUnable(Invalid):
    """That post may not inspect this case."""

    code = "inspect.post_unable"


class TooManyPhotos(Invalid):
    """More photos than the city takes."""

    code = "inspect.too_many_photos"


class TaskUnknown(NotFound):
    """No such task, or not of this unit."""

    code = "inspect.task_unknown"


class NothingCounted(Refused):
    """That was not counted against the task."""

    code = "inspect.nothing_counted"


class TooLate(Refused):
    """The days for an appeal are over."""

    code = "inspect.too_late"


class LodgedAlready(Refused):
    """That was appealed against before."""

    code = "inspect.lodged_already"


class AppealWordsMissing(Invalid):
    """The appeal says nothing."""

    code = "inspect.appeal_words_missing"


class AppealUnknown(NotFound):
    """No such appeal waits for a decision."""

    code = "inspect.appeal_unknown"


class OwnInspection(NotAllowed):
    """Who inspected does not decide."""

    code = "inspect.own_inspection"


class ReasonUnknown(Invalid):
    """No reason for this."""

    code = "inspect.reason_unknown"
