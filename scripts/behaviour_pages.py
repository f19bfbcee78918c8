"""Makes docs/reference/behaviour from tests/spec: the specification, printed as the manual. Read, never run."""

import ast
import io
import tokenize
from collections.abc import Iterator, Mapping
from pathlib import Path

from scripts.story_words import told, words

SPEC = Path(__file__).resolve().parents[1] / "tests" / "spec"
# In the order of the loop; what concerns all of it comes last. A house test sees that none is missing.
ORDER = (
    "devices", "device_health", "observing", "alarms",
    "the_straight_way", "joining", "parting", "around_here", "looking_again", "relatives", "copies", "hot_issues", "verifying", "filing", "completing", "dispatching",
    "redispatching", "another_unit", "assisting", "urging", "supervising", "whistling", "instructing", "transferring",
    "the_map", "the_wall",
    "self_handling", "handling", "stages", "approvals", "putting_off", "voiding", "inspecting", "comparing", "calling_back",
    "doing_again", "replying", "appealing", "scoring", "excluding", "publishing", "made_numbers", "causes", "importing", "clocks", "fine_classes", "queue", "case_page", "console", "what_helped", "second_look", "searching", "desks", "who_may", "who_reads_names", "on_behalf",
    "hotline", "order_deeds", "callers", "knowledge", "keys", "webhooks", "trying_a_pack", "trying_a_remedy", "learning", "how_proposals_fare", "on_duty", "at_work", "census", "surveying", "bulletins", "correcting", "portraits", "no_way", "what_strangers_see",
)  # fmt: skip
MADE = "*Made from `{}` by `make reference`; a test fails when this page is stale.*\n"
INTRO = """# Behaviour

{made}
What a city does, told in stories. Each story is a test: it runs on SQLite and on PostgreSQL, and what stands here is what
was tried, no more and no less. The town is called `mini` and lies in [tests/packs/mini](../../../tests/packs/mini): two
districts, cells `a1` to `e1`, a handful of units; it is nine o'clock on an ordinary Monday where a story says nothing else.

How to read the steps: **given** is how things stand, **when** what somebody does, **then** what must be so, **refused**
what the city says no to, with the code of the [refusal](../errors.md) in brackets and nothing changed. `r1`, `r2` are the
reports of a story. Who acts is named by post; where nobody is named, the usual one acts.
"""


def behaviour_pages(spec: Path = SPEC) -> dict[str, str]:
    """Every page by its place in docs/reference: the contents, then a page a file of stories."""
    trees = {name: (spec / f"test_{name}.py").read_text(encoding="utf-8") for name in ORDER}
    pages = {f"behaviour/{name}.md": page(name, text) for name, text in trees.items()}
    return {"behaviour/README.md": contents(trees)} | pages


def contents(texts: Mapping[str, str]) -> str:
    """The table of contents, by file in the order of the loop."""
    out = [INTRO.format(made=MADE.format("tests/spec"))]
    for name, text in texts.items():
        tree = ast.parse(text)
        out.append(f"## [{headline(tree)}]({name}.md)\n")
        out += [f"- [{title(story.name)}]({name}.md#{anchor(title(story.name))})" for story in stories(tree)]
        out.append("")
    return "\n".join(out)


def page(name: str, text: str) -> str:
    """The stories of one file, as they stand in it."""
    tree, remarks = ast.parse(text), remarks_of(text)
    source = f"tests/spec/test_{name}.py"
    head, _, rest = (ast.get_docstring(tree) or "").partition("\n\n")
    _, _, promise = head.partition(": ")
    out = [f"# {headline(tree)}\n", MADE.format(source), f"{promise[:1].upper()}{promise[1:]}\n"]
    out = [each for each in out if each.strip()] + ([f"{rest}\n"] if rest else [])
    out.append(f"[All behaviour](README.md) · [the source of this page](../../../{source})\n")
    for given in settings(tree):
        out.append(f"## Given for every story here\n\n{ast.get_docstring(given) or ''}\n\n{fenced(given, remarks, given=True)}\n")
    for story in stories(tree):
        out.append(f"## {title(story.name)}\n\n{ast.get_docstring(story) or ''}\n")
        out += list(tables(story))
        out.append(f"{fenced(story, remarks)}\n")
    return "\n".join(out)


def stories(tree: ast.Module) -> list[ast.FunctionDef]:
    """The stories of a file, in its order."""
    return [each for each in tree.body if isinstance(each, ast.FunctionDef) and each.name.startswith("test_")]


def settings(tree: ast.Module) -> list[ast.FunctionDef]:
    """What a file's stories begin with: its fixtures."""
    found = [each for each in tree.body if isinstance(each, ast.FunctionDef)]
    return [each for each in found if any(ast.unparse(mark) == "pytest.fixture" for mark in each.decorator_list)]


def headline(tree: ast.Module) -> str:
    """What a file is about: its docstring up to the colon."""
    return (ast.get_docstring(tree) or "").partition(":")[0].strip(".")


def title(name: str) -> str:
    """A story's name as a sentence."""
    said = name.removeprefix("test_").replace("_", " ")
    return said[:1].upper() + said[1:]


def anchor(text: str) -> str:
    """Where a heading is found in its page."""
    return text.lower().replace(" ", "-")


def fenced(story: ast.FunctionDef, remarks: Mapping[int, str], *, given: bool = False) -> str:
    """The steps of a story, as a block."""
    return f"```text\n{told(story, remarks, given=given)}\n```"


def tables(story: ast.FunctionDef) -> Iterator[str]:
    """What a story is told for: a table a list of cases."""
    for mark in reversed(story.decorator_list):
        if not (isinstance(mark, ast.Call) and ast.unparse(mark.func) == "pytest.mark.parametrize"):
            continue
        asked, values = mark.args[:2]
        names = [words(each) for each in asked.elts] if isinstance(asked, ast.Tuple) else [words(asked)]
        rows = [row.elts if len(names) > 1 else [row] for row in values.elts]
        if len(names) == 1:
            yield f"For each {names[0]}: {', '.join(words(row[0]) for row in rows)}.\n"
            continue
        yield f"| {' | '.join(names)} |\n|{'---|' * len(names)}"
        yield from (f"| {' | '.join(words(each) for each in row)} |" for row in rows)
        yield ""


def remarks_of(text: str) -> dict[int, str]:
    """The comments of a source, by their line."""
    tokens = tokenize.generate_tokens(io.StringIO(text).readline)
    return {each.start[0]: each.string.lstrip("# ") for each in tokens if each.type == tokenize.COMMENT}
