"""`cityloop retain`: how long things stay, shown before anything goes."""

from typing import Annotated

import typer

from cityloop.cli.say import city, console, table
from cityloop.keeping.retaining import held
from cityloop.keeping.retaining import retain as retain_all


def retain(show: Annotated[bool, typer.Option("--show", help="Only say what is kept and what would go.")] = False) -> None:
    """Erase what has been kept long enough, by the pack's settings and the term of each kind. The server does so while it runs.

    Example: cityloop retain --show
    """
    with city() as parts:
        terms = parts.book.in_force().settings
        shown = table("what", "kept", "oldest", "rule", "due now")
        for each in held(parts.database, terms, parts.database.clock()):
            shown.add_row(each.what, f"{each.count:,}", each.oldest, each.rule, f"{each.due:,}")
        console.print(shown)
        if show:
            return
        gone = retain_all(parts.writer, terms, erased=parts.erased, files=parts.files)
    console.print(f"{gone:,} went.", highlight=False)
