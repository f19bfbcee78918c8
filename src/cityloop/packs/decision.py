"""The duty table 权责清单: a GoRules JDM decision, compiled once, asked in microseconds."""

import re
from typing import Any

import msgspec
import zen
from msgspec import Struct

from cityloop.packs.values import Wrong

INPUTS = {
    "major": 'scheme/kind/major code, e.g. "gbt30428_2_2013/event/01"',
    "class": 'scheme/kind/code of the minor class, e.g. "gbt30428_2_2013/event/0110"',
    "fine": 'the same with the two digits of a fine class, where the case has one, e.g. "gbt30428_2_2013/event/011003"',
    "level": 'the level whose desk asks: "city", "district" or "street"',
    "area": 'community of the place, 12 digits; startsWith($, "990101") asks for a district',
    "hour": "hour of the city's day, 0 to 23",
    "workday": "true on a working day of the city's calendar",
    "load": "open tasks in the street of the place",
}
OUTPUTS = {
    "unit_kind": "the kind of unit that must act",
    "level": "the level at which that unit stands",
    "assist": "kinds of units that help, a list",
    "limit.value": "time limit instead of the rule's, the number; empty keeps the rule's",
    "limit.unit": "its unit",
    "source.document": "the document the row was taken from",
    "source.clause": "where in it",
    "source.date": "its date",
}
NEEDED = ("unit_kind", "level", "source.document", "source.clause", "source.date")
HIT_POLICIES = ("collect", "first")


class DutyRow(Struct, frozen=True, kw_only=True):
    """A row of the table: its id, its conditions and its answers as expressions, by field."""

    id: str
    index: int
    asks: dict[str, str]
    says: dict[str, str]


class JdmTable:
    """A decision that is ready to run."""

    def __init__(self, content: dict[str, Any]) -> None:
        """Refuses with `Wrong` where the engine cannot compile it."""
        try:
            compiled = zen.ZenDecisionContent(msgspec.json.encode(with_row_names(content)).decode())
            # a loader that hands over the compiled content: create_decision would compile at every call
            self._engine = zen.ZenEngine({"loader": lambda _: compiled})
            self._engine.evaluate("duties", {})
        except RuntimeError as error:
            raise Wrong(
                f"the engine refuses the table: {_cause(error)}", "open it in the JDM editor and save it"
            ) from None

    def decide(self, given: dict[str, Any]) -> list[dict[str, Any]]:
        """The matching rows in the table's order, each with its outputs, `row` and `source`."""
        result: Any = self._engine.evaluate("duties", given)["result"]
        return result if isinstance(result, list) else [result] if result else []


def _cause(error: RuntimeError) -> str:
    said = str(error).split("Stack backtrace")[0]
    return re.sub(r"\s+", " ", said).strip()[:200]


def table_of(content: Any) -> dict[str, Any]:
    """The one decision table of the file; refuses with `Wrong`."""
    nodes = content.get("nodes") if isinstance(content, dict) else None
    tables = [
        node["content"]
        for node in (nodes if isinstance(nodes, list) else [])
        if isinstance(node, dict) and node.get("type") == "decisionTableNode" and isinstance(node.get("content"), dict)
    ]
    if len(tables) != 1:
        raise Wrong(f"{len(tables)} decision tables instead of one", "keep input, one decision table, output")
    table = tables[0]
    for part in ("inputs", "outputs", "rules"):
        if not isinstance(table.get(part), list) or not all(isinstance(each, dict) for each in table[part]):
            raise Wrong(f"the table has no list {part}", "open it in the JDM editor and save it")
    if table.get("hitPolicy") not in HIT_POLICIES:
        raise Wrong(f"hit policy {table.get('hitPolicy')!r} is unknown", "use collect or first")
    return table


def columns_of(table: dict[str, Any], part: str) -> dict[str, str]:
    """Column id -> field."""
    return {str(each.get("id")): str(each.get("field")) for each in table[part]}


def rows_of(table: dict[str, Any]) -> list[DutyRow]:
    """The rows with their expressions by field."""
    inputs, outputs = columns_of(table, "inputs"), columns_of(table, "outputs")
    return [
        DutyRow(
            id=str(rule.get("_id", "")),
            index=index,
            asks={field: str(rule.get(id) or "").strip() for id, field in inputs.items()},
            says={field: str(rule.get(id) or "").strip() for id, field in outputs.items()},
        )
        for index, rule in enumerate(table["rules"])
    ]


def with_row_names(content: dict[str, Any]) -> dict[str, Any]:
    """The content with one more output, `row`, that says which row answered."""
    table = table_of(content)
    named = {
        **table,
        "outputs": [*table["outputs"], {"id": "_row", "name": "row", "field": "row"}],
        "rules": [{**rule, "_row": msgspec.json.encode(str(rule.get("_id", ""))).decode()} for rule in table["rules"]],
    }
    nodes = [{**node, "content": named} if node.get("content") is table else node for node in content["nodes"]]
    return {**content, "nodes": nodes}


def literal(expression: str) -> Any:
    """The value of an expression that needs no input; None if it has none."""
    try:
        return zen.evaluate_expression(expression, {}) if expression else None
    except RuntimeError:
        return None


def expression_fault(expression: str, asks: bool) -> str | None:
    """Why the engine cannot read an expression: a broken one would silently never match."""
    if not expression:
        return None
    try:  # zen.validate_unary_expression judges by the other grammar, so compile
        (zen.compile_unary_expression if asks else zen.compile_expression)(expression)
    except RuntimeError as error:
        found = re.search(r'"source":"([^"]*)"', str(error))
        return found[1] if found else _cause(error)
    return None
