"""A hotline in memory: the port's other side, for stories. `tests/contract/test_hotline_port.py` keeps it honest."""

from typing import Any

from cityloop.doors.hotline.port import OrderParcel
from cityloop.notices import Answer


class FakeHotline:
    """Takes each key once; can be down, or refuse an order."""

    def __init__(self, source: str = "12345"):
        self.source = source
        self.is_down = False
        self.refuses: set[str] = set()  # numbers of orders
        self.tries = 0
        self.once: dict[str, tuple[str, str, dict[str, Any]]] = {}

    def _take(self, parcel: OrderParcel) -> Answer:
        self.tries += 1
        if self.is_down:
            return Answer(status=503)
        if parcel.number in self.refuses:
            return Answer(status=422)
        self.once.setdefault(parcel.key, (parcel.number, parcel.deed.value, dict(parcel.fields)))
        return Answer(status=200)

    sign = send_back = contact = extend = reply = ask_exclusion = _take

    def told(self, number: str) -> list[dict[str, Any]]:
        """The fields that it got of an order."""
        return [fields for of, _, fields in self.once.values() if of == number]

    def heard(self, number: str) -> list[str]:
        """What it was told of an order, in the order in which it heard it."""
        return [deed for of, deed, _ in self.once.values() if of == number]
