"""The command line: every deed of an operator, with an example in its --help."""

from cityloop.cli.root import main

__all__ = ["main"]
