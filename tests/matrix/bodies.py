"""A body that each endpoint reads without complaint: the least that its schema asks, and by hand what a schema cannot say."""

import json
from typing import Any

JSON, FORM = "application/json", "multipart/form-data"
BOUNDARY = "matrix"


class Bodies:
    """Bodies by method and path, made from the OpenAPI file."""

    def __init__(self, schema: dict[str, Any]):
        self.paths = schema["paths"]
        self.parts = schema["components"]["schemas"]

    def of(self, method: str, path: str, value: dict[str, Any] | None = None) -> tuple[bytes, dict[str, str]]:
        """The body and the headers that say what it is; nothing where none is asked. `value` is laid over it."""
        if method == "GET":
            return b"", {}
        asked = self.paths.get(path, {}).get(method.lower(), {}).get("requestBody", {}).get("content", {})
        by_hand = BY_HAND.get(f"{method} {path}", {}) | (value or {})
        if not asked:
            return (json.dumps(by_hand).encode(), {"content-type": JSON}) if by_hand or method != "DELETE" else (b"", {})
        kind = JSON if JSON in asked else next(iter(asked))
        value = self.least(asked[kind]["schema"]) | by_hand
        if kind == JSON:
            return json.dumps(value).encode(), {"content-type": JSON}
        return _form(value), {"content-type": f"{FORM}; boundary={BOUNDARY}"}

    def least(self, schema: dict[str, Any]) -> Any:
        """The least value of a schema."""
        if "$ref" in schema:
            return self.least(self.parts[schema["$ref"].rpartition("/")[2]])
        if "default" in schema:
            return schema["default"]
        if "enum" in schema:
            return schema["enum"][0]
        for choice in ("oneOf", "anyOf", "allOf"):
            if choice in schema:
                return self.least(schema[choice][0])
        kind = schema.get("type", "object")
        kind = kind[0] if isinstance(kind, list) else kind
        if kind == "object":
            return {name: self.least(part) for name, part in schema.get("properties", {}).items() if name in schema.get("required", ())}
        if kind == "array":
            return [self.least(schema["items"]) for _ in range(max(1, schema.get("minItems", 0)))]
        if kind == "string":
            return {"date": "2026-03-12", "date-time": "2026-03-12T02:00:00Z"}.get(schema.get("format", ""), "some words")
        return {"integer": 1, "number": 1.0, "boolean": True, "null": None}[kind]


BY_HAND: dict[str, dict[str, Any]] = {
    "POST /v1/callbacks/{id}/verdict": {"solved": "solved", "satisfied": "satisfied"},
}
QUERIES = {
    "GET /v1/survey/tasks/{task_id}/invitations": "form=none&object=none",
    "GET /v1/survey/tasks/{task_id}/words": "form=none&object=none",
}


def _form(value: dict[str, Any]) -> bytes:
    lines = []
    for name, each in value.items():
        for one in each if isinstance(each, list) else [each]:
            plain = one if isinstance(one, str) else json.dumps(one)
            lines.append(f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{plain}\r\n')
    return ("".join(lines) + f"--{BOUNDARY}--\r\n").encode()
