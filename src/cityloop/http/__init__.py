"""The edge's tools: who calls, what they may, how a no is said, how lists are paged, how changes pass the door."""

from cityloop.http.door import Door, Edge
from cityloop.http.identity import NOBODY, Caller, needs
from cityloop.http.lists import Page, page_limit
from cityloop.http.problems import EXCEPTION_HANDLERS

__all__ = ["EXCEPTION_HANDLERS", "NOBODY", "Caller", "Door", "Edge", "Page", "needs", "page_limit"]
