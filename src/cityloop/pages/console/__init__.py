"""What the console shows: the queue of a desk, a case with every deed and its form, and one deed for many cases."""

from cityloop.pages.console import batch, case, lists, queue

__all__ = ["ROUTES"]

ROUTES = [*case.ROUTES, *queue.ROUTES, *lists.ROUTES, *batch.ROUTES]
