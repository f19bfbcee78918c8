"""Reads across stages for one screen; nothing here writes."""

from cityloop.pages import case, health, queue

ROUTES = [*health.ROUTES, *queue.ROUTES, *case.ROUTES]
