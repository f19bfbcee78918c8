"""What templates ask of a case beyond its fields: its rule, its steps, and what its forms choose from."""

from collections.abc import Sequence
from itertools import groupby
from typing import Any

from jinja2 import Environment
from msgspec.structs import replace

from cityloop.domain.permission import Permission
from cityloop.domain.policy import ProblemClass, Unit
from cityloop.domain.words import WORDS
from cityloop.pages.case import CaseView, RuleView
from cityloop.pages.copies import copy_view
from cityloop.pages.telling import GLYPHS, Step, Teller, step_of

SAID_CHARS = 24  # of a report in a list to choose from


def steps_of(sheet: Any, tell: Teller) -> list[Step] | None:
    """The story in words, time running downwards; None where the reader may not read facts."""
    if sheet.story is None:
        return None
    found, known = [], None
    for told in sheet.story:
        step = step_of(told, tell)
        named = next((line for line in step.lines if line[0] == tell.word("says.class")), None)
        if named == known:  # said before, and the same still
            step = replace(step, lines=tuple(line for line in step.lines if line != named))
        known = named or known
        found.append(step)
    return found


def rule_of(view: CaseView, tell: Teller) -> RuleView | None:
    """The rule that the case was filed under; before that, the one proposed for its class, or its class's usual one."""
    if view.rule:
        return view.rule
    proposed = next((each.rule for each in view.proposals if view.class_key in (None, each.class_key)), None)
    rules = tell.policy.rules_of_class.get(view.class_key, ()) if view.class_key else ()
    usual = next((each for each in rules if each.is_default), rules[0] if rules else None)
    known = tell.policy.rule_by_code.get(proposed, usual) if proposed else usual
    if known is None:
        return None
    return RuleView(
        code=known.code, limit=known.limit, source=known.source, file_condition=known.file_condition,
        close_condition=known.close_condition,
    )  # fmt: skip


def by_kind(choices: Sequence[tuple[str, str]]) -> list[tuple[str, list[tuple[str, str]]]]:
    """What can be asked for and why, `kind:reason` with its words, kind by kind."""
    return [(kind, list(each)) for kind, each in groupby(choices, key=lambda choice: choice[0].partition(":")[0])]


def appeals_open(view: CaseView, tell: Teller) -> list[tuple[str, str]]:
    """The appeals that wait for a decision: number and words."""
    return [
        (each.number or "", f"{tell.unit(each.unit)} · {tell.word(each.says[0])}")
        for each in view.orders
        if each.kind == "appeal" and "appeal.state.open" in each.says
    ]


def reports_joined(view: CaseView, tell: Teller) -> list[tuple[str, str]]:
    """The reports that can leave the case, the last first: id, and when, whence and what they say."""
    return [
        (each.id, f"{tell.short(each.received_at)} {tell.word(f'channel.{each.channel}')} {(each.text or '')[:SAID_CHARS]}")
        for each in reversed(view.reports)
        if each.id != view.report_id
    ]


OF_CASE = {"appeal": appeals_open, "report": reports_joined}  # what a form's field chooses from, as the case holds it


def kinds_of(tell: Teller) -> list[tuple[str, list[ProblemClass]]]:
    """The classes by major class, as a list to choose from."""
    found: dict[str, list[ProblemClass]] = {}
    for each in tell.policy.classes:
        if each.key in tell.policy.rules_of_class:
            found.setdefault(tell.of(each.major_name), []).append(each)
    return list(found.items())


def handlers_of(tell: Teller) -> list[Unit]:
    """The units that can be made answerable: those with a post that handles."""
    policy = tell.policy
    able = {
        post.unit for post in policy.posts if Permission.case_handle.value in policy.role_by_id[post.role].permissions
    }
    return [unit for unit in policy.units if unit.id in able]


def teach(templates: Environment) -> None:
    """Let templates use these."""
    templates.globals.update(
        steps_of=steps_of, rule_of=rule_of, kinds_of=kinds_of, by_kind=by_kind, handlers_of=handlers_of, glyphs=GLYPHS, words=WORDS,
        of_case=OF_CASE,
    )  # fmt: skip
    templates.filters.update(told=lambda why, tell: tell.reason(why), unit=lambda id, tell: tell.unit(id), copied=copy_view)
