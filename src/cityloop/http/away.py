"""Sent away as soon as the head of a request is there: while there is too much to do, a no must cost next to nothing.

It stands before the edge and decides nothing itself: `Edges.too_much_for` says who, `http.problems` what they are told.
"""

from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import unquote

import httptools
from uvicorn.protocols.http.httptools_impl import STATUS_LINE

from cityloop.http.asked import REQUEST
from cityloop.http.edges import Edges, no_of
from cityloop.http.headers import Header, with_safe
from cityloop.http.problems import status_of


class Away:
    """Answers for a server of `edges`. `counts` counts what is answered here, as every answer is, and names it."""

    def __init__(self, edges: Edges, counts: Callable[[Any, int], str]):
        self.edges, self._counts = edges, counts

    def answer(self, scope: Any, url: bytes, more: Iterable[Header]) -> bytes | None:
        """The whole answer to a request of which only the head is there and which has no large body; None where it may come on.

        `scope` has its method and headers; `more` are the headers of every answer.
        """
        try:
            parsed = httptools.parse_url(url)
        except httptools.HttpParserInvalidURLError:
            return None
        path = unquote(parsed.path.decode("latin-1"))
        refusal = self.edges.too_much_for(scope, path, parsed.query or b"")
        if refusal is None:
            return None
        name = self._counts(scope, status_of(refusal))
        token = REQUEST.set(name)
        try:
            status, headers, body = no_of(refusal)
        finally:
            REQUEST.reset(token)
        said = (*more, *with_safe(headers, self.edges.safe_headers(scope, path)), (b"x-request-id", name.encode()))
        lines = [b"%b: %b\r\n" % each for each in said]
        return b"".join((STATUS_LINE[status], *lines, b"\r\n", b"" if scope["method"] == "HEAD" else body))
