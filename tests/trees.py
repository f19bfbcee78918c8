"""The sources as trees: each file parsed once, whichever rule looks at it."""

import ast
from functools import cache


@cache
def parsed(text: str) -> ast.Module:
    """The tree of a file. Nobody changes it."""
    return ast.parse(text)
