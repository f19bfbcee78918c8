"""Makes docs/reference from the code: `python -m scripts.make_reference`; with --check it only says what is stale."""

import inspect
import re
import sys
from collections.abc import Callable, Collection, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, get_type_hints

import typer
from litestar.handlers import HTTPRouteHandler
from scripts.asvs_page import asvs_page
from scripts.behaviour_pages import behaviour_pages
from scripts.drill_page import drill_page
from scripts.figures_page import figures_page
from scripts.lifecycle_page import lifecycle_page
from scripts.lifecycle_picture import lifecycle_picture
from scripts.limits_page import limits_page
from scripts.orders_page import orders_page
from scripts.permissions_page import permissions_page

from cityloop.app import Settings, apply_of_all, create_app, handlers_of, join
from cityloop.cli.root import app as command_line
from cityloop.db.tables import TABLES, Kind, migration_files
from cityloop.domain.errors import CityloopError
from cityloop.domain.facts import WAY, Fact
from cityloop.domain.words import WORDS
from cityloop.http.problems import STATUS
from cityloop.packs.reference import pack_format_page

FOLDER = Path(__file__).resolve().parents[1] / "docs" / "reference"
MADE = "*Made from the code by `make reference`; a test fails when this page is stale.*\n"
KINDS = {
    Kind.log: "Insert only; kept for ever.",
    Kind.derived: "Written by a fact's `apply` alone; replay makes it again.",
    Kind.vault: "Personal data and secrets; never replayed, can be erased.",
    Kind.index: "Can be rebuilt from what is sealed.",
    Kind.machinery: "Cursors, sessions, counters, leases.",
}


def cell(text: object) -> str:
    """A text that fits into one cell of a Markdown table."""
    return str(text).replace("|", "\\|").replace("\n", " ")


def first_sentence(thing: object) -> str:
    """The first paragraph of a docstring, on one line."""
    return " ".join((inspect.getdoc(thing) or "").split("\n\n")[0].split())


def facts_page() -> str:
    """Every fact: what it means, its subject, its fields, who reacts."""
    lines = [
        "# Facts\n",
        MADE,
        "What can happen, in the order of a report's way. State changes only by applying one of these.\n",
    ]
    heard = {fact: [] for fact in WAY}
    for handler in handlers_of(None):  # type: ignore[arg-type]  # only their names are read
        for fact in handler.on:
            heard[fact].append(handler.name)
    apply = apply_of_all()
    for fact in WAY:
        words = WORDS[f"fact.{fact.__name__}"]
        lines.append(f"## {fact.__name__}\n\n{words['zh']} · {words['en']}. {first_sentence(fact)}\n")
        does = apply[fact]
        lines.append(
            f"Subject `{fact.SUBJECT}/{{{fact.KEY}}}`, version {fact.VERSION}; applied by "
            f"`{does.__module__}.{does.__name__}`; heard by {', '.join(heard[fact]) or 'nobody'}.\n"
        )
        lines += ["| field | type |\n|---|---|", *field_rows(fact), ""]
    return "\n".join(lines)


def field_rows(kind: type[Fact]) -> Iterator[str]:
    """A row of a table for each field of a fact."""
    for name, hint in get_type_hints(kind).items():
        if name in kind.__struct_fields__:
            yield f"| `{name}` | `{cell(type_name(hint))}` |"


def type_name(hint: Any) -> str:
    """A type as it is written."""
    text = hint.__name__ if isinstance(hint, type) and not getattr(hint, "__args__", None) else str(hint)
    plain = re.sub(r"\b(?:[a-z_]+\.)+(?=[A-Za-z])", "", text)
    return re.sub(r"Optional\[([^\[\]]+)\]", r"\1 | None", plain)


def errors_page() -> str:
    """Every refusal: its code, its status, what it says, what to do."""
    lines = ["# Refusals\n", MADE, "Answers are problem+json (RFC 9457) with a stable `code`.\n"]
    lines.append("| code | status | means | 中文 | what to do | 怎么办 |\n|---|---|---|---|---|---|")
    status = {
        kind.code: number for kind in every_error() for base, number in reversed(STATUS) if issubclass(kind, base)
    }
    status |= {"method_not_allowed": 405, "too_large": 413, "fault": 500}
    for key in sorted(each for each in WORDS if each.startswith("error.")):
        code, words = key.removeprefix("error."), WORDS[key]
        said = [code, status.get(code, ""), words["en"], words["zh"], words["do_en"], words["do_zh"]]
        lines.append("| " + " | ".join(cell(each) for each in [f"`{said[0]}`", *said[1:]]) + " |")
    return "\n".join(lines) + "\n"


def every_error() -> list[type[CityloopError]]:
    """The refusals that are loaded with the command line, which loads everything."""
    found: list[type[CityloopError]] = [CityloopError]
    for kind in found:
        found += kind.__subclasses__()
    return list(dict.fromkeys(found))


def settings_page() -> str:
    """Every setting of an installation."""
    says = dict(re.findall(r"^    (\w+): \w+ = [^#\n]*#\s*(.+)$", inspect.getsource(Settings), re.M))
    lines = [
        "# Settings\n",
        MADE,
        "An installation is set by its environment; what differs between cities is in the pack.\n",
    ]
    says = {"city": "the id of the city in its database", "host": "where to listen", "port": "on which port"} | says
    lines.append("| variable | default | says |\n|---|---|---|")
    for name, default in zip(Settings.__struct_fields__, Settings.__struct_defaults__, strict=True):
        lines.append(f"| `CITYLOOP_{name.upper()}` | `{default!r}` | {cell(says.get(name, ''))} |")
    return "\n".join(lines) + "\n"


def commands_page() -> str:
    """Every command with its options and its example."""
    lines = ["# Commands\n", MADE]
    for name, command in commands(typer.main.get_command(command_line), "cityloop"):
        text = inspect.cleandoc(command.help or "")
        lines.append(f"## {name}\n\n{text}\n")
        rows = [row for param in command.params if (row := parameter(param))]
        if rows:
            lines += ["| | |\n|---|---|", *rows, ""]
    return "\n".join(lines)


def commands(command: Any, name: str) -> Iterator[tuple[str, Any]]:
    """Every command below one, by its full name."""
    below = getattr(command, "commands", None)
    if below is None:
        yield name, command
        return
    for word in below:
        yield from commands(below[word], f"{name} {word}")


def parameter(param: Any) -> str | None:
    """A row for an option or an argument."""
    if param.name == "help":
        return None
    shown = ", ".join(param.opts) if param.param_type_name == "option" else param.name.upper()
    return f"| `{shown}` | {cell(getattr(param, 'help', None) or '')} |"


def tables_page() -> str:
    """Every table with its kind, key and columns."""
    lines = ["# Tables\n", MADE, "The same on SQLite and PostgreSQL; every key begins with the city.\n"]
    where = {
        name: path.name for path in migration_files() for name in re.findall(r"CREATE TABLE (\w+)", path.read_text())
    }
    for kind, says in KINDS.items():
        lines.append(f"## {kind}\n\n{says}\n\n| table | key | columns | migration |\n|---|---|---|---|")
        for table in sorted((each for each in TABLES.values() if each.kind is kind), key=lambda each: each.name):
            columns = ", ".join(f"{name} {type}" for name, type in table.columns.items())
            lines.append(f"| `{table.name}` | {', '.join(table.key)} | {columns} | {where[table.name]} |")
        lines.append("")
    return "\n".join(lines)


def endpoints_page() -> str:
    """Every endpoint with who may call it."""
    lines = ["# Endpoints\n", MADE, "Types and answers: `/docs` of a running city, or `cityloop openapi`.\n"]
    lines.append("| method | path | who | does |\n|---|---|---|---|")
    with TemporaryDirectory() as folder:
        parts = join(Settings(home=f"{folder}/home"))
        app = create_app(parts)
        rows = sorted({row for route in app.routes for row in endpoint_rows(route)})
        parts.close()
    return (
        "\n".join([*lines, *(f"| {method} | `{path}` | {who} | {does} |" for path, method, who, does in rows)]) + "\n"
    )


def endpoint_rows(route: Any) -> Iterator[tuple[str, str, str, str]]:
    """Path, method, who, what of each handler of a route; the framework's own pages are left out."""
    for handler in getattr(route, "route_handlers", []):
        if not isinstance(handler, HTTPRouteHandler) or not handler.fn.__module__.startswith("cityloop."):
            continue
        for method in handler.http_methods - {"OPTIONS"}:
            yield route.path, method, who_may(handler), cell(first_sentence(handler.fn))


def who_may(handler: HTTPRouteHandler) -> str:
    """The permission that a handler's guards ask for."""
    guards = handler.guards or ()
    named = [
        " or ".join(f"`{each}`" for each in (guard.permission, *getattr(guard, "also", ())))
        for guard in guards
        if hasattr(guard, "permission")
    ]
    return ", ".join(named) or ("anybody signed in" if guards else "anybody")


PAGES: dict[str, Callable[[], str]] = {
    "facts.md": facts_page,
    "errors.md": errors_page,
    "settings.md": settings_page,
    "limits.md": lambda: limits_page(MADE),
    "commands.md": commands_page,
    "tables.md": tables_page,
    "endpoints.md": endpoints_page,
    "permissions.md": permissions_page,
    "asvs.md": asvs_page,
    "lifecycle.md": lifecycle_page,
    "lifecycle.svg": lifecycle_picture,
    "orders.md": orders_page,
    "figures.md": figures_page,
    "pack_format.md": pack_format_page,
    "drill.md": drill_page,
}


def made() -> dict[str, str]:
    """Every page as it should be, by its place in the folder."""
    return {name: make() for name, make in PAGES.items()} | behaviour_pages()


def left_over(folder: Path, pages: Collection[str]) -> list[str]:
    """Pages of behaviour whose stories are gone."""
    there = [path.relative_to(folder).as_posix() for path in (folder / "behaviour").glob("*.md")]
    return sorted(set(there) - set(pages))


def stale(folder: Path = FOLDER) -> list[str]:
    """The pages that say other than the code, and those that nothing makes any more."""
    pages = made()
    other = [
        name for name, text in pages.items()
        if not (folder / name).exists() or (folder / name).read_text(encoding="utf-8") != text
    ]  # fmt: skip
    return other + left_over(folder, pages)


def main() -> None:
    """Write the pages, or with --check name the stale ones."""
    if "--check" in sys.argv:
        if names := stale():
            sys.exit(f"stale in docs/reference: {', '.join(names)}; run `make reference`")
        return
    pages = made()
    for name in left_over(FOLDER, pages):
        (FOLDER / name).unlink()
    for name, text in pages.items():
        (FOLDER / name).parent.mkdir(parents=True, exist_ok=True)
        (FOLDER / name).write_text(text, encoding="utf-8", newline="\n")
        print(f"docs/reference/{name}")


if __name__ == "__main__":
    main()
