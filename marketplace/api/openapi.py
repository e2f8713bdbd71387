"""From declared answers to the OpenAPI document: components, examples."""

from collections.abc import Iterable, Mapping
from typing import Any

import msgspec
from apispec import APISpec
from marshmallow import Schema

REFERENCE = "#/components/schemas/{name}"
_PLAIN_EXAMPLES: dict[str, Any] = {
    "string": "string",
    "integer": 1,
    "number": 0.5,
    "boolean": True,
    "object": {},
}


def register_struct(spec: APISpec, kind: type[Any]) -> dict[str, Any]:
    """Add a struct and what it holds to the components; answers the reference to it."""
    (reference,), components = msgspec.json.schema_components([kind], ref_template=REFERENCE)
    for name, schema in components.items():
        if spec.components.schemas.get(name, schema) != schema:
            message = f"two structs of one document are called {name}"
            raise ValueError(message)
        if name not in spec.components.schemas:
            spec.components.schema(name, schema)
    return reference


def example_of(schema: Mapping[str, Any], components: Mapping[str, Any]) -> Any:
    """An example of a JSON schema, made of its fields' examples."""
    if "$ref" in schema:
        return example_of(components[schema["$ref"].rsplit("/", 1)[1]], components)
    for key in ("examples", "enum"):
        if schema.get(key):
            return schema[key][0]
    if schema.get("anyOf"):
        return example_of(schema["anyOf"][0], components)
    if "properties" in schema:
        return {name: example_of(field, components) for name, field in schema["properties"].items()}
    if schema.get("type") == "array":
        return [example_of(schema["items"], components)]
    return _PLAIN_EXAMPLES.get(schema.get("type", "string"))


def example_of_input(schema: Schema) -> dict[str, Any]:
    """An example of a request body: the example of each field that has one."""
    return {
        field.data_key or name: field.metadata["example"]
        for name, field in schema.fields.items()
        if "example" in field.metadata
    }


def sentences(errors: Iterable[type[Exception]]) -> str:
    """What a group of refusals says, for the document."""
    return " ".join(dict.fromkeys((error.__doc__ or "").split("\n", 1)[0] for error in errors))
