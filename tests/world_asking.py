"""What people of the small town ask of each other, and decide: the part of `World` that approvals need."""

from datetime import datetime
from typing import Any

from cityloop.cases.approvals import Approval, Hold, approval_list_of, hold_list_of
from cityloop.domain.calendar import calendar_in


class Asking:
    """Deeds and sights of approvals; `tests/world.py` has the rest."""

    policy: Any
    database: Any
    case: Any
    _post: Any
    _who: Any
    _id: Any

    def ask(
        self, name: str, kind: str, reason: str, *, by: str | None = None, length: str = "", until: str = "",
        note: str = "", plan: str = "", photos: tuple[bytes, ...] = (),
    ) -> None:  # fmt: skip
        """Ask for an approval; a length is written "2 work_hour", a moment in the town's own time."""
        form = {"kind": kind, "reason": reason, "note": note, "plan": plan}
        if length:
            form["length_value"], form["length_unit"] = length.split()
        if until:
            zone = calendar_in(self.policy).zone
            form["until"] = datetime.fromisoformat(until).replace(tzinfo=zone).isoformat()
        sent = [("photos", (f"{i}.jpg", raw, "image/jpeg")) for i, raw in enumerate(photos)]
        self._post(name, "approvals", self._who(by, f"handler-{self.case(name).unit}"), form=form, photos=sent)

    def agree(self, name: str, *, by: str, note: str = "") -> None:
        self._post(name, f"approvals/{self.asked(name)}/decision", by, {"granted": True, "note": note})

    def deny(self, name: str, reason: str = "not_grounded", *, by: str, note: str = "") -> None:
        body = {"granted": False, "reason": reason, "note": note}
        self._post(name, f"approvals/{self.asked(name)}/decision", by, body)

    def withdraw(self, name: str, *, by: str | None = None) -> None:
        self._post(name, f"approvals/{self.asked(name)}/withdrawal", self._who(by, f"handler-{self.case(name).unit}"), {})

    def settle(self, name: str, *, by: str | None = None, note: str = "") -> None:
        self._post(name, "settlement", self._who(by, f"handler-{self.case(name).unit}"), {"note": note})

    def approvals(self, name: str) -> list[Approval]:
        """Everything that was asked in the case, in order."""
        with self.database.reading() as tx:
            return approval_list_of(tx, self._id(tx, name))

    def holds(self, name: str) -> list[Hold]:
        """Everything that the case was put off by, in order."""
        with self.database.reading() as tx:
            return hold_list_of(tx, self._id(tx, name))

    def asked(self, name: str) -> str:
        """The id of what was asked last."""
        return self.approvals(name)[-1].id
