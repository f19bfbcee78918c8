"""The steps of a story in the words of a reader: `given`, `when`, `then`, `refused`, from the test's own source."""

import ast
from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby

from msgspec import Struct
from scripts.story_verbs import DEEDS, SIGHTS

WIDTH = 116
GIVEN = frozenset({"report", "at", "later", "adopt", "sit", "call_case"})
WITH = {
    "kind": "of {}", "cell": "in {}", "at": "at {}", "channel": "by {}", "by": "by {}", "joins": "near {}",
    "joins_ppm": "{} ppm sure that it is the same", "recurs": "where {} was closed", "note": "noting {}", "match": "having seen version {}",
    "post": "by the post {}", "reason": "because of {}", "minutes": "{} minutes", "length": "for {}", "until": "until {}", "plan": "with the plan {}", "place": "at {}", "photos": "with {}",
    "came_in": "that came in at {}", "closed": "closed at {}", "deadline": "to be done by {}", "unit": "with {}",
    "state": "which is {}", "words": "saying {}", "ended": "ended with {}", "done": "done at {}", "sent": "sent at {}",
    "without_assist": "without waiting for help: {}", "level": "at the level {}", "cleared_by": "put right on the spot by {}",
    "their_number": "under their number {}", "addressed": "to {}",
    "urgency": "with urgency {}", "code": "with the code {}", "phone": "with the number {}", "says": "saying {}", "doing": "doing {}", "seen": "having seen version {}", "key": "with the key {}", "lang": "in {}",
    "q": "with the words {}", "view": "in the view {}", "waits": "waiting for {}", "lamp": "with the lamp {}", "mark": "with the mark {}",
    "reasons": "as {}",
    "params": "with {}", "json": "with {}", "headers": "with {}", "files": "with {}", "content": "with {}",
}  # fmt: skip
SWITCHES = {
    ("sure", False): "the machine is not sure", ("sure", True): "the machine is sure",
    ("passed", True): "it passes", ("passed", False): "it fails",
    ("found", True): "it is there", ("found", False): "nothing is there",
    ("down", True): "down", ("down", False): "back", ("simulated", True): "as a made-up one",
    ("unverified", True): "though it was not verified",
    ("kind", None): "of no class", ("cell", None): "in no place", ("by", None): "by nobody", ("by", ""): "by nobody",
}  # fmt: skip
COMPARED = {
    ast.Eq: "is", ast.NotEq: "is not", ast.Is: "is", ast.IsNot: "is not", ast.In: "is in", ast.NotIn: "is not in",
    ast.Lt: "is less than", ast.LtE: "is at most", ast.Gt: "is more than", ast.GtE: "is at least",
}  # fmt: skip
TOWN = ("world", "town", "field", "school")
SPOKEN = {True: "yes", False: "no", None: "nothing"}
NAMED = {"DONE": "“what was done”", "CODE": "7G2KD9QW4X1M", "OTHER": "5HPT3V0NQ8ZR"}


class Marked(ast.NodeTransformer):
    """Marks what differs from case to case, ‹so›: what a story is told for, and what a loop goes through."""

    def __init__(self, names: set[str]):
        self.names = names

    def visit_Name(self, node: ast.Name) -> ast.Name:
        return ast.Name(f"‹{node.id}›") if node.id in self.names else node


class Step(Struct, frozen=True):
    """One line of a story: its lead word, and what it says."""

    lead: str
    text: str


def told(story: ast.FunctionDef, remarks: Mapping[int, str], *, given: bool = False) -> str:
    """A story's steps as a block. `given` marks all as how things stand."""
    loops = [node.target for node in ast.walk(story) if isinstance(node, ast.For | ast.comprehension)]
    names = {each.id for loop in loops for each in ast.walk(loop) if isinstance(each, ast.Name)}
    names |= {each.arg for each in story.args.args} - {*TOWN, "monkeypatch"}
    lines = list(steps_of([Marked(names).visit(each) for each in story.body], remarks))
    later = False
    for place, step in enumerate(lines):
        later |= step.lead not in ("given", "each", "let")
        if given or (later and step.lead == "given"):
            lines[place] = Step("given" if given else "when", step.text)
    return block(lines)


def steps_of(body: Iterable[ast.stmt], remarks: Mapping[int, str]) -> Iterator[Step]:
    """What the statements say, with their remarks (by line of the source)."""
    last = 0
    for node in body:
        above = [remarks[line] for line in range(last + 1, node.lineno) if last and line in remarks]
        last = node.end_lineno or node.lineno
        if isinstance(node, ast.Return) or (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)):
            continue  # the docstring; what a fixture hands on
        found = list(_steps(node, remarks))
        simple = not isinstance(node, ast.With | ast.For)
        beside = [remarks[line] for line in range(node.lineno, last + 1) if simple and line in remarks]
        if more := [each for each in (*above, *beside) if each != "fmt: skip"]:
            found[0] = Step(found[0].lead, f"{found[0].text}   ({'; '.join(more)})")
        yield from found


def _steps(node: ast.stmt, remarks: Mapping[int, str]) -> Iterator[Step]:
    match node:
        case ast.Assert(test=test):
            yield from (Step("then", each) for each in _claims(test))
        case ast.Expr(value=ast.Call() as call) if name := _of_town(call, DEEDS):
            yield Step("given" if name in GIVEN else "when", words(call))
        case ast.Expr(value=ast.Call() as call) if _of_town(call, SIGHTS):
            yield Step("when", f"see the {words(call)}")
        case ast.Expr(
            value=ast.Call(func=ast.Call(func=ast.Name(id="getattr"), args=[_, deed]), args=args, keywords=more)
        ):
            with_ = ", ".join(_with(each) for each in more)
            yield Step("when", f"{words(deed)} {', '.join(map(words, args))} {with_}")
        case ast.Expr(value=ast.Call(func=ast.Attribute(value=ast.Name(id="monkeypatch")), args=[_, name, value])):
            yield Step("given", f"{words(name)} is {words(value)}")
        case ast.Expr(value=ast.Call(func=ast.Attribute(value=kept, attr="append"), args=[what])):
            yield Step("let", f"{words(kept)} be added to: {_one(what)}")
        case ast.With(items=[ast.withitem(context_expr=ast.Call() as call)]) if _of_town(call, {"refuses": ""}):
            inner = "; ".join(step.text for step in steps_of(node.body, remarks))
            yield Step("refused", f"{inner}   [{words(call.args[0])}]")
        case ast.For(target=target, iter=values):
            yield Step("each", _loop(target, values))
            yield from (Step(step.lead, f"  {step.text}") for step in steps_of(node.body, remarks))
        case ast.Assign(targets=[target], value=value):
            yield from (Step("let", f"{one} be {other}") for one, other in _pairs(target, value))
        case _:
            yield from (Step("do", line) for line in ast.unparse(node).splitlines())


def _loop(target: ast.expr, values: ast.expr) -> str:
    if isinstance(values, ast.Call) and ast.unparse(values.func) == "range":
        return f"{words(values.args[0])} times:"
    listed = ", ".join(values.value) if isinstance(values, ast.Constant) else words(values)
    return f"{words(target)} of {listed}:"


def _claims(test: ast.expr) -> Iterator[str]:
    """What is claimed, one claim a line: pairs are told apart."""
    match test:
        case ast.Compare(left=ast.Tuple() as seen, ops=[ast.Eq()], comparators=[ast.Tuple() as wanted]):
            yield from (f"{one} is {other}" for one, other in _pairs(seen, wanted))
        case ast.Attribute() | ast.Name():
            yield f"{words(test)} is yes"
        case _:
            yield words(test)


def _pairs(one: ast.expr, other: ast.expr) -> Iterator[tuple[str, str]]:
    """Two expressions in words; two tuples part by part."""
    if isinstance(one, ast.Tuple) and isinstance(other, ast.Tuple):
        yield from ((words(left), words(right)) for left, right in zip(one.elts, other.elts, strict=True))
    else:
        yield words(one), words(other)


def words(node: ast.expr) -> str:
    """An expression as a reader says it; what has no words stays as it is written."""
    match node:
        case ast.Constant(value=value):
            return _constant(value)
        case ast.JoinedStr(values=parts):
            return "".join(_piece(each) for each in parts)
        case ast.Name(id=name):
            return NAMED.get(name, name.replace("_", " ").strip() or "whatever")
        case ast.Attribute(value=ast.Name(id="f"), attr=name):
            return name
        case ast.Attribute(value=ast.Call(func=ast.Name(id="type"), args=[what]), attr="__name__"):
            return f"{words(what)} › name"
        case ast.Attribute(value=value, attr=name):
            return f"{words(value)} › {name.replace('_', ' ')}"
        case ast.Subscript(value=value, slice=place):
            return f"{words(value)} › {_place(place)}"
        case ast.Compare(left=left, ops=[op], comparators=[right]) if type(op) in COMPARED:
            return f"{words(left)} {COMPARED[type(op)]} {words(right)}"
        case ast.UnaryOp(op=ast.Not(), operand=inner):
            return f"not {words(inner)}"
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            return f"{words(left)} and {words(right)}"
        case ast.BinOp(left=left, op=ast.Mult(), right=right):
            return f"{words(right)} times {words(left)}"
        case ast.IfExp(test=test, body=body, orelse=other):
            return f"{words(body)} if {words(test)}, else {words(other)}"
        case ast.Tuple(elts=parts) | ast.List(elts=parts) | ast.Set(elts=parts):
            return ", ".join(_one(each) for each in parts) or "none"
        case ast.Dict(keys=keys, values=values) if all(keys):
            return ", ".join(f"{words(k)}: {words(v)}" for k, v in zip(keys, values, strict=True) if k) or "nothing"
        case ast.ListComp(elt=what, generators=[loop]) | ast.SetComp(elt=what, generators=[loop]):
            return f"{_one(what)} {_for_each(loop)}"
        case ast.DictComp(key=key, value=value, generators=[loop]):
            return f"{words(key)}: {words(value)} {_for_each(loop)}"
        case ast.Call():
            return _call(node)
    return ast.unparse(node)


def _call(call: ast.Call) -> str:
    """What is asked, of the town or of Python."""
    if name := _of_town(call, DEEDS | SIGHTS):
        return _called((DEEDS | SIGHTS)[name], call)
    match call:
        case ast.Call(func=ast.Name(id="len"), args=[what]):
            return f"how many {words(what)}"
        case ast.Call(func=ast.Name(id="sorted"), args=[what]):
            return f"{words(what)}, sorted"
        case ast.Call(func=ast.Name(id="str"), args=[what]):
            return words(what)
        case ast.Call(func=ast.Name(id=name), args=[], keywords=[]):
            return f"a {name.replace('_', ' ')}"
        case ast.Call(func=ast.Attribute(value=value, attr="count"), args=[what]):
            return f"how often {words(what)} stands in {words(value)}"
        case ast.Call(func=ast.Attribute(value=value, attr="startswith"), args=[what]):
            return f"beginning of {words(value)} is {words(what)}"
        case ast.Call(func=ast.Attribute(value=value, attr="json" | "read" as name), args=[]):
            return f"{words(value)} › body"
    return ast.unparse(call)


def _for_each(loop: ast.comprehension) -> str:
    where = "".join(f" where {words(each)}" for each in loop.ifs)
    return f"for each {_loop(loop.target, loop.iter).removesuffix(':')}{where}"


def _piece(part: ast.expr) -> str:
    if isinstance(part, ast.Constant):
        return str(part.value)
    inner = words(part.value) if isinstance(part, ast.FormattedValue) else words(part)
    return inner if inner.startswith("‹") else "{" + inner + "}"


def _place(place: ast.expr) -> str:
    """Where in a list, or under which name."""
    match place:
        case ast.Constant(value=int(number)):
            return f"no. {number + 1}"
        case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=1)):
            return "last"
        case ast.Slice(lower=ast.Constant(value=int(number)), upper=None):
            return f"from no. {number + 1}"
    return words(place).replace("_", " ")


def _one(node: ast.expr) -> str:
    """One of several: what has parts itself goes in brackets."""
    return f"({words(node)})" if isinstance(node, ast.Tuple | ast.List | ast.Dict) else words(node)


def _constant(value: object) -> str:
    """A word as it is; what holds more than one, or nothing, in quotes."""
    if isinstance(value, bool) or value is None:
        return SPOKEN[value]
    if not isinstance(value, str):
        return f"{value:,}" if isinstance(value, int) and value >= 10_000 else f"{value}"
    bare = value and (" " not in value or value[:4].isdigit())
    return value if bare else f"“{value}”"


def _called(template: str, call: ast.Call) -> str:
    """A deed or a sight: its sentence, then what it was given."""
    given = [words(each) for each in call.args]
    if template.endswith(" {1}") and len(given) < 2:  # nobody was named
        template = template.rpartition(" ")[0].removesuffix(" to").removesuffix(":")
    said = template.format(*given)
    more = given[1 + template.count("{1}") :] if "{0}" in template else given
    switches = [each for keyword in call.keywords if (each := _switch(keyword))]
    more += [_with(keyword) for keyword in call.keywords if not _switch(keyword)]
    return ", ".join([" ".join([said, *more[:1]]), *more[1:], *switches])


def _switch(keyword: ast.keyword) -> str:
    """Yes or no, as a reader says it; nothing for what is no such question."""
    known = isinstance(keyword.value, ast.Constant) and keyword.arg
    return SWITCHES.get((keyword.arg, keyword.value.value), "") if known else ""  # type: ignore[attr-defined]


def _with(keyword: ast.keyword) -> str:
    if keyword.arg is None:
        return f"as {words(keyword.value)}"
    return WITH.get(keyword.arg, keyword.arg.replace("_", " ") + " {}").format(words(keyword.value))


def _of_town(call: ast.expr, known: Mapping[str, str]) -> str:
    """The name of what is asked of the town, if it has words; else nothing."""
    if not isinstance(call, ast.Call):
        return ""
    town, _, name = ast.unparse(call.func).partition(".")
    return name if town in TOWN and name in known else ""


def block(steps: Iterable[Step]) -> str:
    """The steps as a block: a lead word stands once where several lines share it, long lines go on below."""
    out = []
    for lead, group in groupby(steps, key=lambda step: step.lead):
        for place, step in enumerate(group):
            first, *rest = _wrapped(step.text, WIDTH - 9)
            out.append(f"{lead if not place else '':<9}{first}")
            out += [f"{'':<13}{line}" for line in rest]
    return "\n".join(out)


def _wrapped(text: str, width: int) -> list[str]:
    """A text in lines, broken at commas or spaces; what it begins with stays."""
    lines, rest = [], text
    while len(rest) > width:
        cut = max(rest.rfind(", ", 40, width), rest.rfind("; ", 40, width)) + 1 or rest.rfind(" ", 40, width)
        if cut <= 0:
            break
        lines.append(rest[:cut])
        rest, width = rest[cut:].lstrip(), WIDTH - 13
    return [*lines, rest]
