"""The API's documentation as one page of our own: nothing is fetched from anywhere else."""

from typing import Any

from litestar import Request
from litestar.openapi import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin, OpenAPIRenderPlugin
from msgspec import Struct

from cityloop.pages.screen import drawn

METHODS = ("get", "post", "put", "patch", "delete")


class Parameter(Struct, frozen=True, kw_only=True):
    """What a request may carry in its path, its question or its headers."""

    name: str
    where: str
    is_needed: bool
    kind: str
    says: str


class Endpoint(Struct, frozen=True, kw_only=True):
    """One way in."""

    method: str
    path: str
    anchor: str
    says: str
    parameters: tuple[Parameter, ...]
    bodies: tuple[tuple[str, str], ...]  # media type, name of the shape
    answers: tuple[tuple[str, str, str], ...]  # status, words, name of the shape


class Shape(Struct, frozen=True, kw_only=True):
    """An object that requests or answers are made of."""

    name: str
    says: str
    members: tuple[tuple[str, str, bool, str], ...]  # name, kind, whether needed, words


class PlainDocs(OpenAPIRenderPlugin):
    """A page that lists every way in and every shape."""

    def __init__(self) -> None:
        super().__init__(path="/")

    def render(self, request: Request, openapi_schema: dict[str, Any]) -> bytes:
        """The page."""
        return drawn(
            "docs.html", title=openapi_schema["info"]["title"], version=openapi_schema["info"]["version"],
            rooms=rooms_of(openapi_schema), shapes=shapes_of(openapi_schema),
            json=f"{request.app.openapi_config.path}/openapi.json", simulated=request.app.state.edge.policy().simulated,
        )  # fmt: skip


def docs_config(title: str, version: str) -> OpenAPIConfig:
    """`/docs` for people, `/docs/openapi.json` for programs."""
    return OpenAPIConfig(
        title=title, version=version, path="/docs", use_handler_docstrings=True,
        render_plugins=[PlainDocs(), JsonRenderPlugin(path="/openapi.json")],
    )  # fmt: skip


def rooms_of(schema: dict[str, Any]) -> dict[str, list[Endpoint]]:
    """The ways in, by what they are about: the first word of the path."""
    found: dict[str, list[Endpoint]] = {}
    for path, item in schema.get("paths", {}).items():
        words = [part for part in path.split("/") if part and part != "v1"]
        for method in METHODS:
            if method in item:
                found.setdefault(words[0] if words else "/", []).append(_endpoint(method, path, item[method]))
    return found


def shapes_of(schema: dict[str, Any]) -> list[Shape]:
    """Every shape, by name."""
    found = schema.get("components", {}).get("schemas", {})
    return [
        Shape(
            name=name, says=each.get("description", ""),
            members=tuple(
                (member, kind_of(of), member in each.get("required", ()), of.get("description", ""))
                for member, of in each.get("properties", {}).items()
            ) or tuple((str(value), "", False, "") for value in each.get("enum", ())),
        )
        for name, each in sorted(found.items())
    ]  # fmt: skip


def kind_of(schema: dict[str, Any]) -> str:
    """A schema in a word or two.

    >>> kind_of({"type": "array", "items": {"$ref": "#/components/schemas/Case"}})
    'list of Case'
    """
    if "$ref" in schema:
        return schema["$ref"].rpartition("/")[2]
    if several := schema.get("oneOf") or schema.get("anyOf"):
        return " or ".join(dict.fromkeys(kind_of(each) for each in several))
    if "const" in schema:
        return str(schema["const"])
    if schema.get("type") == "array":
        return f"list of {kind_of(schema.get('items', {}))}"
    kind = schema.get("type", "anything")
    named = " or ".join(kind) if isinstance(kind, list) else kind
    return f"{named} ({schema['format']})" if "format" in schema else named


def _endpoint(method: str, path: str, operation: dict[str, Any]) -> Endpoint:
    said = operation.get("requestBody", {}).get("content", {})
    return Endpoint(
        method=method.upper(), path=path, anchor=operation.get("operationId", f"{method}{path}"),
        says=operation.get("description") or operation.get("summary", ""),
        parameters=tuple(
            Parameter(
                name=each["name"], where=each["in"], is_needed=each.get("required", False),
                kind=kind_of(each.get("schema", {})), says=each.get("description", ""),
            )
            for each in operation.get("parameters", ())
        ),
        bodies=tuple((kind, kind_of(each.get("schema", {}))) for kind, each in said.items()),
        answers=tuple(
            (status, each.get("description", ""), _shape(each)) for status, each in operation.get("responses", {}).items()
        ),
    )  # fmt: skip


def _shape(answer: dict[str, Any]) -> str:
    return next((kind_of(each.get("schema", {})) for each in answer.get("content", {}).values()), "")
