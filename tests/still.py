"""A city whose background tasks stand still: a test decides when something runs."""

from cityloop.app import server


def stand_still(monkeypatch) -> None:
    """From now on a server begins none of what runs beside it."""
    monkeypatch.setattr(server, "ALL", ())
