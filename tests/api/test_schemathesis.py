"""Every operation of every document against the running application, with cases made of the document."""

from functools import cache

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.api.documents import documents, operations

CASES = 100
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
KNOWN = {"integer": st.sampled_from([1, 2]), "string": st.sampled_from(["sara", "omar"])}
EVERY_OPERATION = [pytest.param(operation, id=str(operation)) for operation in operations()]


@cache
def schema_of(face, *, guesses_tokens):
    generation = {"with-security-parameters": guesses_tokens}
    config = schemathesis.Config.from_dict({"generation": generation})
    return schemathesis.openapi.from_dict(documents()[face], config=config)


def cases_of(operation):
    """What fits the document and what does not; in half of it the path leads to something that is there."""
    schema = schema_of(operation.face, guesses_tokens=operation.is_open)
    described = schema[operation.path][operation.method]
    in_path = {
        parameter["name"]: KNOWN[parameter["schema"]["type"]]
        for parameter in operation.parameters
        if parameter["in"] == "path"
    }
    modes = [GenerationMode.POSITIVE]
    if operation.parameters or operation.body:
        modes.append(GenerationMode.NEGATIVE)
    cases = st.one_of([described.as_strategy(generation_mode=mode) for mode in modes])
    # the number keeps apart what is the same: where nothing can be sent but one request, it is sent as often
    return st.tuples(cases, st.fixed_dictionaries(in_path) if in_path else st.none(), st.integers(1, CASES))


@pytest.mark.parametrize("operation", EVERY_OPERATION)
def test_everybody_is_answered_as_documented(operation, app, sara):
    """A person and, where it lets them in, somebody unknown: to make a case takes longer than to send it."""
    known = {"Authorization": f"Bearer {sara.token}"}
    unknown = [{}] if operation.is_open else []

    @settings(
        max_examples=CASES,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate, Phase.shrink],
        suppress_health_check=list(HealthCheck),
    )
    @given(drawn=cases_of(operation))
    def send(drawn):
        case, in_path, number = drawn
        if in_path and number % 2:
            case.path_parameters = in_path
        for headers in (known, *unknown):
            case.call_and_validate(app=app, headers=headers, checks=CHECKS)

    send()
