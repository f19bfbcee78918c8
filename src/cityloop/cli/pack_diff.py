"""`cityloop pack diff`: what differs between two packs, in words that people understand."""

from pathlib import Path
from typing import Annotated

import msgspec
import typer

from cityloop.cli.case import InLanguage, Language
from cityloop.cli.say import city, console
from cityloop.domain.policy import LimitUnit
from cityloop.domain.words import say
from cityloop.packs import PackInvalid
from cityloop.packs.book import NoPack
from cityloop.packs.diff import Change, differences
from cityloop.packs.layers import Layer, find_layers, unarchive
from cityloop.packs.reading import Pack, read_pack

DIGEST_CHARS_MIN = 8
IN_FORCE = "in-force"


def diff(
    old: Annotated[str, typer.Argument(help="A folder, the id of a shipped pack, a version's digest, or `in-force`.")],
    new: Annotated[str, typer.Argument(help="The same.")],
    as_json: Annotated[bool, typer.Option("--json", help="As JSON, a list of differences.")] = False,
    language: InLanguage = Language.en,
) -> None:
    """What differs between two packs. Exit code 0: nothing; 1: something.

    Example: cityloop pack diff in-force packs/my_city
    """
    found = differences(_pack(old), _pack(new))
    if as_json:
        typer.echo(msgspec.json.format(msgspec.json.encode(found)).decode())
    else:
        for change in found:
            console.print(told(change, language.value), highlight=False, markup=False)
        many = say("pack.diff.none" if not found else "pack.diff.many", language.value)
        console.print(many.format(many=len(found)), highlight=False, markup=False)
    raise typer.Exit(1 if found else 0)


def told(change: Change, language: str) -> str:
    """One difference as a sentence."""
    thing = say(f"pack.thing.{change.thing}", language)
    name = change.name.get(language) or next(iter(change.name.values()), "")
    what = f"{thing} {change.key}" + (f" ({name})" if name else "")
    was, now = (_limit(change, side, language) for side in (change.was, change.now))
    if change.how in ("added", "removed"):
        said = was or now
        return f"{what}: {say(f'pack.how.{change.how}', language)}" + (f", {said}" if said else "")
    if change.how == "moved":
        return f"{what}: {say('pack.how.moved', language).format(was=was)}"
    part = say(f"pack.part.{change.part}", language).removeprefix("pack.part.") + " " if change.part else ""
    return f"{what}: {part}{was or '∅'} -> {now or '∅'}"


def _limit(change: Change, said: str, language: str) -> str:
    """A limit in words; anything else as it is."""
    value, _, unit = said.partition(" ")
    if unit in tuple(LimitUnit):
        return f"{value} {say(f'limit.{unit}', language)}"
    return said


def _pack(named: str) -> Pack:
    """The pack of that name. Refuses with `PackInvalid`, and with `NoPack` where no version has the digest."""
    pack = read_pack(_layers(named))
    if pack.problems:
        raise PackInvalid(pack.problems)
    return pack


def _layers(named: str) -> tuple[Layer, ...]:
    hex_digits = len(named) >= DIGEST_CHARS_MIN and all(each in "0123456789abcdef" for each in named)
    if named != IN_FORCE and (Path(named).is_dir() or not hex_digits):
        return find_layers(Path(named) if Path(named).is_dir() else named)
    with city() as parts, parts.database.reading() as tx:
        digest = parts.book.in_force().digest if named == IN_FORCE else named
        found = tx.all(
            "SELECT digest, bytes FROM pack_version WHERE city = :city AND digest >= :low AND digest < :high",
            low=digest, high=digest + "g",
        )  # fmt: skip
    if len(found) != 1:
        raise NoPack(f"{len(found)} versions of the pack here begin with {digest}; write more of the digest.")
    return unarchive(bytes(found[0].bytes))
