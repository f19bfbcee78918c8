"""What the console shows: the queue of a desk, and a case with every deed and its form."""

from cityloop.pages.console import case, queue

__all__ = ["ROUTES"]

ROUTES = [*case.ROUTES, *queue.ROUTES]
