"""How a bulletin reads: a document made of answers, in one language, by rules alone; the same answers give the same."""

from collections.abc import Callable, Iterator
from datetime import date

from cityloop.domain.policy import Policy
from cityloop.domain.telling import Telling
from cityloop.printing import Block, Document
from cityloop.stages.evaluate.model import Period
from cityloop.stages.evaluate.model.bulletin import PERIOD, About, AboutWrong, Kind, Material
from cityloop.stages.evaluate.rules.asking import major_of
from cityloop.stages.evaluate.rules.bulletin import sections
from cityloop.stages.evaluate.rules.bulletin.assessing import AGAINST, LATE_MAX, assessment, organ_of
from cityloop.stages.evaluate.rules.bulletin.desk import Desk
from cityloop.stages.evaluate.rules.bulletin.scored import schemes_of
from cityloop.stages.evaluate.rules.periods import days_of, name_of_period

__all__ = ["AGAINST", "LATE_MAX", "about_of", "composed", "schemes_of", "title_of"]


def about_of(
    kind: Kind, language: str, on: date, policy: Policy, *, area: str = "", class_key: str = "", scheme: str = ""
) -> About:
    """What a bulletin is about: the whole calendar period of its kind around a day.

    Refuses with `AboutWrong`.
    """
    if language not in policy.settings.languages:
        raise AboutWrong(f"This city writes no {language[:10]!r}; take one of {', '.join(policy.settings.languages)}.")
    if kind is Kind.theme and not (area or class_key):
        raise AboutWrong("A theme is about a class or an area; give class= or area=.")
    if kind is not Kind.theme and class_key:
        raise AboutWrong(f"Only a theme is about a class, and this is a {kind}; leave class= out, or ask for a theme.")
    if scheme and kind is not Kind.assessment:
        raise AboutWrong(f"Only an assessment scores, and this is a {kind}; leave scheme= out, or ask for an assessment.")
    if scheme and scheme not in schemes_of(policy):
        known = ", ".join(schemes_of(policy)) or "none"
        raise AboutWrong(f"No scheme {scheme[:60]!r} scores units or areas; take one of {known}.")
    first, last = days_of(PERIOD[kind], on)
    return About(
        kind=kind, language=language, first_day=first, last_day=last, area=area, class_key=class_key, scheme=scheme
    )  # fmt: skip


def composed(about: About, material: Material, policy: Policy) -> Document:
    """The document. Pure: no clock, no chance; what it says follows from the answers and the pack."""
    desk = Desk(about=about, tell=Telling(policy=policy, language=about.language))
    answer = material.units
    foot = desk.word("foot", when=desk.tell.when(answer.as_of), seq=f"{answer.seq:,}", pack=answer.pack[:12])
    days = desk.word("days", first=about.first_day, last=about.last_day, days=answer.days, working=answer.working_days)
    return Document(
        language=about.language, organ=organ_of(desk), title=title_of(about, desk.tell), about=days + (desk.word("running") if answer.running else ""),
        number=_number(desk), is_official=about.kind is Kind.assessment, blocks=tuple(WRITTEN[about.kind](desk, material)), foot=foot,
        page_of=desk.word("page_of", page="{page}", pages="{pages}"), mark=desk.word("simulated") if answer.simulated else "",
        address=policy.settings.public_url.rstrip("/"), as_of=answer.as_of,
    )  # fmt: skip


def title_of(about: About, tell: Telling) -> str:
    """What a bulletin is called: its kind and period, and what it is about."""
    place = tell.policy.area_by_code.get(about.area)
    named = [tell.of(place.name)] if place else [about.area] if about.area else []
    if about.scheme:
        scheme = tell.policy.scoring.schemes.get(about.scheme)
        named.append(tell.of(scheme.name) if scheme else about.scheme)
    if about.class_key:
        known = tell.policy.class_by_key.get(about.class_key)
        major = next((each.major_name for each in tell.policy.classes if major_of(each.key) == about.class_key), None)
        named.append(tell.of(known.name if known else major) or about.class_key)
    of = ("·" if tell.language == "zh" else ", ").join(named)
    return tell.word(
        f"bulletin.title.{about.kind}", period=_period(about, tell), of=of,
        of_area="" if not named else (f"（{of}）" if tell.language == "zh" else f" ({of})"),
    )  # fmt: skip


def _period(about: About, tell: Telling) -> str:
    first = about.first_day
    week = first.isocalendar()
    year = week.year if PERIOD[about.kind] is Period.week else first.year
    return tell.word(f"bulletin.period.{PERIOD[about.kind]}", y=year, m=first.month, d=first.day, w=week.week, name=name_of_period(PERIOD[about.kind], first))


def _number(desk: Desk) -> str:
    """Its number among those of its kind in the year: that of its day, week or month."""
    first = desk.about.first_day
    week = first.isocalendar()
    year, number = first.year, first.month
    if PERIOD[desk.about.kind] is Period.week:
        year, number = week.year, week.week
    elif PERIOD[desk.about.kind] is Period.day:
        number = first.timetuple().tm_yday
    return desk.word("number", kind=desk.word(f"kind.{desk.about.kind}"), year=year, n=number)


def _periodic(desk: Desk, material: Material) -> Iterator[Block]:
    """日报、周报、月报."""
    yield from sections.whole(desk, material)
    yield from sections.course(desk, material)
    yield from sections.units(desk, material)
    yield from sections.classes(desk, material)
    yield from sections.streets(desk, material)
    yield from sections.channels(desk, material)
    yield from sections.counted(desk, material, tuple(dict.fromkeys((*sections.OVERVIEW, *sections.UNITS, *sections.CLASSES))))


def _theme(desk: Desk, material: Material) -> Iterator[Block]:
    """专报: one matter through the loop."""
    yield from sections.whole(desk, material, "loop", sections.LOOP)
    yield from sections.course(desk, material)
    if not desk.about.class_key:
        yield from sections.classes(desk, material)
    yield from sections.streets(desk, material)
    yield from sections.units(desk, material)
    yield from sections.channels(desk, material)
    yield from sections.counted(desk, material, tuple(dict.fromkeys((*sections.LOOP, *sections.UNITS))))


WRITTEN: dict[Kind, Callable[[Desk, Material], Iterator[Block]]] = {
    Kind.daily: _periodic, Kind.weekly: _periodic, Kind.monthly: _periodic, Kind.assessment: assessment, Kind.theme: _theme,
}  # fmt: skip
