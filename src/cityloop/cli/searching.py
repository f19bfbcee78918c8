"""`cityloop index`: what searching needs is made anew from cases and vault."""

from cityloop.cli.say import city, console
from cityloop.desk import index_all


def index() -> None:
    """Make the search index anew: after another system's cases were brought in bulk, or when an index is in doubt.

    Example: cityloop index
    """
    with city() as parts:
        count = index_all(parts.writer)
    console.print(f"{count} cases can be found by their words.")
