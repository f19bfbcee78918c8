"""What inspecting speaks of, and how it says no."""

from cityloop.domain.errors import Invalid, NotAllowed

NO_POST_COVERS = "no_post_covers"  # why an inspection asks nobody by name
FAILED = "inspection_failed"  # why a case is reworked


class OwnWork(NotAllowed):
    """Nobody inspects what they, or their unit, have done."""

    code = "inspect.own_work"


class PostUnable(Invalid):
    """That post may not inspect this case."""

    code = "inspect.post_unable"


class TooManyPhotos(Invalid):
    """More photos than the city takes."""

    code = "inspect.too_many_photos"
