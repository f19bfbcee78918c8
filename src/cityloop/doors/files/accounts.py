"""People of a file become accounts: names to the vault, posts as facts. Nobody is told, and nobody can sign in yet."""

from pathlib import Path

from cityloop.db import Tx
from cityloop.domain.errors import CityloopError
from cityloop.domain.ids import PostId
from cityloop.domain.policy import Policy
from cityloop.doors.files.badrows import BadRows
from cityloop.doors.files.copies import copied
from cityloop.doors.files.mapping import columns_checked
from cityloop.doors.files.model import Bad, BadCell, Line, Mapping, Tally
from cityloop.doors.files.read import open_table
from cityloop.doors.files.rules import CellsOf
from cityloop.journal import Writer
from cityloop.people import Person, open_account, take_post
from cityloop.people.rules import name_normal
from cityloop.people.store import account_of_name, post_list_of


def import_people(
    writer: Writer, policy: Policy, path: Path, mapping: Mapping, *, folder: Path, bad: Path | None = None
) -> Tally:
    """Open an account for each person, and sit them in their posts; who has one already gets the posts that are missing.

    A password is given afterwards, by `cityloop user password`. Several posts are divided by | or ;.
    Refuses with `FileUnreadable`, `FileChanged` or `ColumnMissing`. Emits `AccountOpened`, `PostTaken`.
    """
    tally, wrong = Tally(), []
    with copied(path, folder, mapping) as copy:
        table = open_table(copy.path, mapping)
        columns_checked(mapping, table.columns)
        for line in table.read(mapping.wanted):
            tally.records += 1
            try:
                done = writer.change(lambda tx, line=line: _let_in(tx, line, mapping, policy), actor=f"import:{mapping.source}")
            except BadCell as no:
                wrong.append(Bad(line=line.no, column=no.column, value=no.value, what=no.what, remedy=no.remedy))
            except CityloopError as error:  # what people/ says of a name or a post
                what, _, remedy = error.detail.partition(";")
                wrong.append(Bad(line=line.no, column="", value="", what=what, remedy=remedy.strip(" .") or "put it right"))
            else:
                setattr(tally, done, getattr(tally, done) + 1)
    listed = BadRows(bad or path.with_name(f"{path.name}.bad.csv"), kept=0)
    listed.write(wrong, after=0)
    listed.close()
    tally.bad, tally.bad_rows, tally.notes = len(wrong), listed.path if wrong else None, list(table.notes)
    return tally


def _let_in(tx: Tx, line: Line, mapping: Mapping, policy: Policy) -> str:
    cells = CellsOf(line, mapping)
    name, person = name_normal(cells.code("sign_in")), cells.text("name")
    if not person:
        raise BadCell(cells.name("name"), "", "the person has no name", "give it")
    posts = [PostId(each.strip()) for each in cells.code("post").replace(";", "|").split("|") if each.strip()]
    account = account_of_name(tx, name)
    done = "same" if account else "added"
    if account is None:
        account = open_account(tx, sign_in_name=name, person=Person(name=person, phone=cells.text("phone") or None))
    held = post_list_of(tx, account)
    for post in posts:
        if post not in held:
            take_post(tx, account, post, policy=policy)
            done = "renewed" if done == "same" else done
    return done
