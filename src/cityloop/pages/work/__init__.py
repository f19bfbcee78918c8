"""What the field's phone shows: what is next and near me, my own figures, and a leader's morning."""

from cityloop.pages.work import brief, mine, screen

__all__ = ["ROUTES"]

ROUTES = [*screen.ROUTES, *mine.ROUTES, *brief.ROUTES]
