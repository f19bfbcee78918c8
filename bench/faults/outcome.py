"""What tries of one fault came to."""

from msgspec import Struct


class Outcome(Struct, kw_only=True):
    """How often it was tried, what was acknowledged meanwhile, what of that was lost, and what else was wrong."""

    tries: int = 0
    acknowledged: int = 0
    lost: int = 0
    wrong: list[str] = []
    notes: list[str] = []  # worth knowing, and no fault

    @property
    def sound(self) -> bool:
        return not (self.lost or self.wrong)
