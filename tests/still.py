"""A city whose background tasks stand still: a test decides when something runs."""

from cityloop.app import running


def stand_still(monkeypatch) -> None:
    """From now on a server begins none of what runs beside it."""
    monkeypatch.setattr(running, "ALL", ())
