"""Each face's OpenAPI document: valid, whole, and true to its own schemas."""

import json

import jsonschema
import pytest
from openapi_spec_validator import validate

from marketplace.app import FACES
from tests.api.documents import documents, operations

OPERATIONS = [pytest.param(operation, id=str(operation)) for operation in operations()]
IDEMPOTENT = {"409", "422"}


@pytest.mark.parametrize("face", FACES, ids=lambda face: face.name)
def test_every_face_has_a_valid_document(face):
    document = documents()[face.name]
    validate(document)
    assert document["openapi"].startswith("3.1")
    assert document["info"]["title"] == face.title
    assert document["info"]["description"] == face.description


@pytest.mark.parametrize("face", documents())
def test_every_declared_tag_is_used_and_explained(face):
    document = documents()[face]
    used = {
        tag for operation in operations() if operation.face == face for tag in operation.described["tags"]
    }
    assert [tag["name"] for tag in document["tags"]] == list(
        dict.fromkeys(tag["name"] for tag in document["tags"])
    )
    assert {tag["name"] for tag in document["tags"]} == used
    assert all(tag["description"].endswith(".") for tag in document["tags"])


@pytest.mark.parametrize("face", documents())
def test_every_component_is_used(face):
    text = json.dumps(documents()[face])
    schemas = documents()[face]["components"]["schemas"]
    assert [name for name in schemas if f'"#/components/schemas/{name}"' not in text] == []


def test_operations_are_named_once():
    names = [operation.described["operationId"] for operation in operations()]
    assert len(names) == len(set(names))
    assert all(
        operation.described["operationId"].startswith(f"{operation.face}_") for operation in operations()
    )


@pytest.mark.parametrize("operation", OPERATIONS)
def test_an_operation_says_what_it_does_and_whom_it_lets_in(operation):
    described = operation.described
    assert described["summary"].endswith(".")
    assert len(described["tags"]) == 1
    assert described["security"] in ([], [{"bearer": []}], [{}, {"bearer": []}])
    if not operation.is_open:
        assert "401" in described["responses"]
    if "Only for" in described.get("description", ""):
        assert "403" in described["responses"]


@pytest.mark.parametrize("operation", OPERATIONS)
def test_an_operation_names_its_parameters(operation):
    in_path = {parameter["name"] for parameter in operation.parameters if parameter["in"] == "path"}
    assert in_path == {part[1:-1] for part in operation.path.split("/") if part.startswith("{")}
    assert all(parameter["schema"] for parameter in operation.parameters)
    names = [parameter["name"] for parameter in operation.parameters]
    assert len(names) == len(set(names))
    if in_path:
        assert "404" in operation.described["responses"]


@pytest.mark.parametrize("operation", OPERATIONS)
def test_an_operation_says_how_it_refuses(operation):
    responses = operation.described["responses"]
    assert "429" in responses
    if operation.body is not None:
        assert {"400", "413", "415"} <= set(responses)
    if operation.method == "post" and operation.described["security"]:
        assert set(responses) >= IDEMPOTENT
        assert any(parameter["name"] == "Idempotency-Key" for parameter in operation.parameters)
    assert all(answer["description"] for answer in responses.values())


@pytest.mark.parametrize("operation", OPERATIONS)
def test_an_operation_has_an_example_of_every_answer_that_is_one(operation):
    for status, answer in operation.described["responses"].items():
        if status == "204":
            assert "content" not in answer
            continue
        for media_type, content in answer["content"].items():
            assert content["schema"]
            if media_type == "application/json":
                _check(operation, content)


@pytest.mark.parametrize(
    "operation", [pytest.param(operation, id=str(operation)) for operation in operations() if operation.body]
)
def test_an_operation_has_an_example_of_its_body_that_is_one(operation):
    _check(operation, operation.described["requestBody"]["content"]["application/json"])


def _check(operation, content):
    schema = content["schema"] | {"components": documents()[operation.face]["components"]}
    checker = jsonschema.FormatChecker(["date-time", "date", "email"])
    jsonschema.Draft202012Validator(schema, format_checker=checker).validate(content["example"])
