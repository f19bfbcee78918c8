"""`cityloop index`: what searching needs is made anew from cases, the knowledge base and the vault."""

from cityloop.cli.say import city, console
from cityloop.desk import index_all
from cityloop.knowledge import index_knowledge


def index() -> None:
    """Make the search indexes anew, of cases and of the knowledge base: after another system's cases were brought in bulk, after
    `journal replay` (which makes derived tables, and indexes hold words of the vault), or when an index is in doubt.

    Example: cityloop index
    """
    with city() as parts:
        count, entries = index_all(parts.writer), index_knowledge(parts.writer)
    console.print(f"{count} cases and {entries} knowledge entries can be found by their words.")
