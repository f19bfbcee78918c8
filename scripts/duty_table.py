"""A duty table as GoRules JDM: one table between the case and its duty, as the pack format has it."""

from collections.abc import Sequence
from typing import Any

INPUTS = ("class", "major", "level", "area", "hour", "workday", "load")


def duty_table(outputs: Sequence[str], rules: Sequence[dict[str, str]]) -> dict[str, Any]:
    """The whole decision; the rows of `rules` name their cells `in-` and `out-` with the column."""
    table = {
        "hitPolicy": "collect",
        "passThrough": False,
        "inputs": [{"id": f"in-{each}", "name": each, "field": each} for each in INPUTS],
        "outputs": [{"id": f"out-{each}", "name": each, "field": each} for each in outputs],
        "rules": list(rules),
    }
    duties = {"id": "duties", "name": "duties", "type": "decisionTableNode", "position": {"x": 380, "y": 120}}
    nodes = [
        {"id": "in", "name": "case", "type": "inputNode", "position": {"x": 80, "y": 120}},
        {**duties, "content": table},
        {"id": "out", "name": "duty", "type": "outputNode", "position": {"x": 680, "y": 120}},
    ]
    edges = [
        {"id": f"{source}-{target}", "sourceId": source, "targetId": target, "type": "edge"}
        for source, target in (("in", "duties"), ("duties", "out"))
    ]
    return {"contentType": "application/vnd.gorules.decision", "nodes": nodes, "edges": edges}
