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
from tests.api.world import fill

CASES = 100
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
KNOWN = {"integer": st.sampled_from([1, 2]), "string": st.sampled_from(["sara", "omar"])}
EVERY_OPERATION = [pytest.param(operation, id=str(operation)) for operation in operations()]
OPEN = [pytest.param(operation, id=str(operation)) for operation in operations() if operation.is_open]


@cache
def schema_of(face):
    return schemathesis.openapi.from_dict(documents()[face])


def cases_of(operation):
    """What fits the document and what does not; in half of it the path leads to something that is there."""
    described = schema_of(operation.face)[operation.path][operation.method]
    in_path = {
        parameter["name"]: KNOWN[parameter["schema"]["type"]]
        for parameter in operation.parameters
        if parameter["in"] == "path"
    }
    modes = [GenerationMode.POSITIVE]
    if operation.parameters or operation.body:
        modes.append(GenerationMode.NEGATIVE)
    cases = st.one_of([described.as_strategy(generation_mode=mode) for mode in modes])
    return st.tuples(cases, st.fixed_dictionaries(in_path) if in_path else st.none(), st.booleans())


def send_all(operation, app, token):
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
        case, known, is_known = drawn
        if known and is_known:
            case.path_parameters = known
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        case.call_and_validate(app=app, headers=headers, checks=CHECKS)

    send()


@pytest.mark.parametrize("operation", EVERY_OPERATION)
def test_a_person_is_answered_as_documented(operation, app):
    send_all(operation, app, fill(app).token)


@pytest.mark.parametrize("operation", OPEN)
def test_somebody_unknown_is_answered_as_documented(operation, app):
    fill(app)
    send_all(operation, app, None)
