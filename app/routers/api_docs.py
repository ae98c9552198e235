"""The description of the API as a page for people, drawn from the same OpenAPI document programs read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.routers.deps import Reader
from app.routers.pages import render

router = APIRouter()
_METHODS = ("get", "post", "put", "patch", "delete")
Schema = dict[str, Any]


@dataclass(frozen=True, slots=True)
class ShownField:
    """One parameter, or one field of a body."""

    name: str
    type: str
    required: bool
    place: str


@dataclass(frozen=True, slots=True)
class Operation:
    """One call: what it does, what it takes, what it answers."""

    id: str
    method: str
    path: str
    description: str
    fields: list[ShownField]
    answers: list[str]


@router.get("/api/docs")
def show_docs(request: Request, _visitor: Reader) -> Response:
    """Every call of the API with its parameters and fields."""
    document: Schema = request.app.openapi()
    groups: dict[str, list[Operation]] = {}
    for operation, tag in _operations(document):
        groups.setdefault(tag, []).append(operation)
    return render(request, "api/docs.html", document=document, groups=sorted(groups.items()))


def _operations(document: Schema) -> Iterator[tuple[Operation, str]]:
    for path, calls in document["paths"].items():
        for method in _METHODS:
            call = calls.get(method)
            if call is None:
                continue
            fields = [*_parameters(document, call), *_body(document, call)]
            operation = Operation(
                id=call["operationId"],
                method=method.upper(),
                path=path,
                description=call.get("description", ""),
                fields=fields,
                answers=sorted(call.get("responses", {})),
            )
            yield operation, (call.get("tags") or ["weitere"])[0]


def _parameters(document: Schema, call: Schema) -> Iterator[ShownField]:
    for each in call.get("parameters", []):
        if each["in"] in {"path", "query"}:
            yield ShownField(
                each["name"], _type_of(document, each.get("schema", {})), each.get("required", False), each["in"]
            )


def _body(document: Schema, call: Schema) -> Iterator[ShownField]:
    content = call.get("requestBody", {}).get("content", {})
    for schema in (each.get("schema", {}) for each in content.values()):
        schema = _resolved(document, schema)
        required = set(schema.get("required", []))
        for name, each in schema.get("properties", {}).items():
            yield ShownField(name, _type_of(document, each), name in required, "body")


def _type_of(document: Schema, schema: Schema) -> str:
    """The type in a few words: `uuid`, `text`, `a | b`, `[uuid]`, `{code, title}`."""
    schema = _resolved(document, schema)
    if "enum" in schema:
        return " | ".join(str(each) for each in schema["enum"])
    if "const" in schema:
        return str(schema["const"])
    if "anyOf" in schema:
        kinds = [_type_of(document, each) for each in schema["anyOf"] if each.get("type") != "null"]
        return " | ".join(dict.fromkeys(kinds))
    if schema.get("type") == "array":
        return f"[{_type_of(document, schema.get('items', {}))}]"
    if "properties" in schema:
        return "{" + ", ".join(schema["properties"]) + "}"
    return str(schema.get("format") or schema.get("type", "object"))


def _resolved(document: Schema, schema: Schema) -> Schema:
    reference = schema.get("$ref")
    if reference is None:
        return schema
    found: Schema = document["components"]["schemas"][reference.rsplit("/", 1)[-1]]
    return found
