"""Old facts, raised on reading. Their bytes stay as they were written."""

from collections.abc import Callable
from typing import Any

# a work order's call-back had codes of its own once, beside those of our own call-backs
_SAID = {
    "solved": {"unsolved": "not"}, "satisfied": {"basically": "mostly", "unsatisfied": "not", "unrated": "none"},
}  # fmt: skip


def _said_alike(told: dict[str, Any]) -> dict[str, Any]:
    """What a caller said to the hotline, in the words of every verdict."""
    return told | {name: codes.get(told[name], told[name]) for name, codes in _SAID.items() if told.get(name)}


def _called_back_2(fact: dict[str, Any]) -> dict[str, Any]:
    return _said_alike(fact)


def _message_kept_2(fact: dict[str, Any]) -> dict[str, Any]:
    return fact | {"body": _said_alike(fact["body"])}


def _understood_2(fact: dict[str, Any]) -> dict[str, Any]:
    return fact | {"request": None}


def _understood_3(fact: dict[str, Any]) -> dict[str, Any]:
    join = fact.get("join")
    return {name: value for name, value in fact.items() if name != "join"} | {"joins": [join] if join else []}


def _understood_4(fact: dict[str, Any]) -> dict[str, Any]:
    return fact | {"copied": []}


UPCAST: dict[tuple[str, int], Callable[[dict[str, Any]], dict[str, Any]]] = {  # (type, version) -> one version up
    ("ReportUnderstood", 1): _understood_2,
    ("ReportUnderstood", 2): _understood_3,
    ("ReportUnderstood", 3): _understood_4,
    ("WorkOrderCalledBack", 1): _called_back_2,
    ("WorkOrderMessageKept", 1): _message_kept_2,
}
