"""Every move of the one lifecycle table is told in a story, is drawn in the picture, and is refused in a story too."""

import ast
from collections.abc import Iterable, Iterator, Mapping

import pytest
from scripts.lifecycle_page import lifecycle_page
from scripts.lifecycle_picture import arrows, lifecycle_picture
from tests.trees import parsed

from cityloop.domain.lifecycle import MOVES, Move, State
from cityloop.pages.moves import DEEDS

FORBIDDEN = "lifecycle.move_forbidden"
ANYWHERE = {move.name for move in MOVES if set(State) <= set(move.before)}
# what stories call a deed of people: the verb of `World`, and the move that it asks for
VERBS = {
    "accept": "accept", "ask_verify": "ask_verify", "verify": "verify", "file": "file", "refuse": "refuse",
    "join": "merge", "move": "move_level", "dispatch": "dispatch", "sign": "sign", "give_back": "return",
    "finish": "finish", "name_inspector": "ask_inspection", "inspect": "inspect", "ask": "ask_approval",
    "agree": "grant", "reach": "reach_stage", "deny": "deny", "withdraw": "withdraw", "settle": "resume",
    "reassign": "reassign", "ask_assist": "ask_assist", "sign_assist": "sign_assist", "finish_assist": "finish_assist",
    "urge": "urge", "supervise": "supervise", "answer": "answer", "ask_answer_again": "ask_answer_again",
    "accept_answer": "accept_answer", "instruct": "instruct", "whistle": "whistle", "report_in": "report_in",
    "end_whistle": "end_whistle", "rate": "rate", "transfer": "transfer", "finish_transfer": "finish_transfer",
    "return_transfer": "return_transfer", "uphold": "uphold", "dismiss": "dismiss", "complete": "complete",
    "part": "part",
}  # fmt: skip


@pytest.fixture(scope="module")
def spec(repo) -> Mapping[str, str]:
    """The stories as text, by file."""
    return {path.stem: path.read_text() for path in sorted((repo / "tests/spec").glob("test_*.py"))}


def untold(moves: Iterable[Move], texts: Iterable[str]) -> list[str]:
    """Moves whose fact no story names, as `f.Fact` or in what was told."""
    named = {word for text in texts for node in ast.walk(parsed(text)) for word in _words(node)}
    return [
        f"{move.name}: no story in tests/spec tells of {move.fact}; write one that ends with it"
        for move in moves
        if move.fact not in named
    ]


def never_refused(moves: Iterable[Move], texts: Iterable[str], deeds: Iterable[str]) -> list[str]:
    """Moves that people ask for and no story sees refused, because the case is elsewhere; one that may begin anywhere is
    refused for what else it needs."""
    trees = [parsed(text) for text in texts]
    tried = {VERBS.get(verb, verb) for tree in trees for verb in _refused(tree, FORBIDDEN)}
    tried |= ANYWHERE & {VERBS.get(verb, verb) for tree in trees for verb in _refused(tree, "")}
    return [
        f"{move.name}: no story asks for it from where it may not begin; write one with "
        f"`with world.refuses({FORBIDDEN!r})`, and name World's verb for it in VERBS of {__name__}"
        for move in moves
        if move.name in set(deeds) - tried
    ]


def undrawn(moves: Iterable[Move], picture: str) -> list[str]:
    """Moves that the picture leaves out."""
    return [f"{move.name}: the picture does not show it" for move in moves if f'data-move="{move.name}"' not in picture]


def _words(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    if isinstance(node, ast.Attribute):
        yield node.attr


def _refused(tree: ast.AST, code: str) -> Iterator[str]:
    """The verbs that are refused with a code, or with any; those of a loop over names too."""
    for story in (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)):
        looped = {
            word for loop in ast.walk(story) if isinstance(loop, ast.For) for each in ast.walk(loop.iter) for word in _words(each)
        }  # fmt: skip
        for block in (node for node in ast.walk(story) if isinstance(node, ast.With) and _refuses(node, code)):
            for call in (node for node in ast.walk(block) if isinstance(node, ast.Call)):
                if isinstance(call.func, ast.Attribute):
                    yield call.func.attr
                elif isinstance(call.func, ast.Name) or ast.unparse(call.func).startswith("getattr("):
                    yield from looped


def _refuses(block: ast.With, code: str) -> bool:
    asked = f"refuses({code!r})" if code else ".refuses("
    return any(asked in ast.unparse(each.context_expr) for each in block.items)


def test_every_move_is_told_in_a_story(spec):
    """What no story tells was never tried on both engines, and is not in the manual."""
    assert untold(MOVES, spec.values()) == []


def test_every_move_of_people_is_refused_in_a_story(spec):
    """The table is worth what it forbids."""
    assert never_refused(MOVES, spec.values(), DEEDS) == []


def test_every_verb_asks_for_a_move():
    """A verb whose move is gone would hide a hole."""
    assert set(VERBS.values()) <= {move.name for move in MOVES} & set(DEEDS)


def test_every_move_and_state_is_in_the_picture_and_in_the_table(repo):
    """The picture is made from the table, so neither can be behind; the file that is shown is the one that is made."""
    picture, page = lifecycle_picture(), lifecycle_page()
    assert undrawn(MOVES, picture) == []
    assert [state for state in State if f'data-state="{state}"' not in picture] == []
    assert [move.name for move in MOVES if f"| `{move.name}` |" not in page] == []
    assert (repo / "docs/reference/lifecycle.svg").read_text(encoding="utf-8") == picture


def test_the_picture_draws_no_line_over_a_state():
    """A line that runs through a box is read as ending there."""
    assert [each.name for each in arrows() if each.crosses] == []


def test_planted_faults_are_seen():
    move = Move(name="fly", fact="CaseFlown", before=(State.handling,), after=None, who=MOVES[0].who)
    assert len(untold([move], ['world.story("r1") == ["CaseFiled"]'])) == 1
    assert untold([move], ['assert world.fact("r1", f.CaseFlown)']) == []
    story = "def test_a(world):\n    with world.refuses({}):\n        world.fly('r1')\n"
    assert never_refused([move], [story.format(repr(FORBIDDEN))], ["fly"]) == []
    assert len(never_refused([move], [story.format("'not_allowed'")], ["fly"])) == 1
    assert never_refused([move], [], []) == []
    anywhere = next(each for each in MOVES if each.name == "rate")
    for verb, left in (("rate", 0), ("report", 1)):
        told = story.format("'handle.score_wrong'").replace("fly", verb)
        assert len(never_refused([anywhere], [told], ["rate"])) == left
    loop = f"def test_a(world):\n    for deed in ('fly', 'x'):\n        with world.refuses({FORBIDDEN!r}):\n            getattr(world, deed)('r1')\n"
    assert never_refused([move], [loop], ["fly"]) == []
    assert len(undrawn([move], "<svg/>")) == 1
