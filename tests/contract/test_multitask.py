"""MultiTask against its documents: every endpoint is there, answers as they say, lets in whom it should."""

import json
import re

import pytest

from tests.api.documents import documents
from tests.contract.data import contract, differences, fill_in
from tests.contract.world import World

FACE = "multitask"
ENDPOINTS = contract(FACE)
VARIANTS = [
    pytest.param(endpoint, number, id=f"{endpoint.id}-{number}")
    for endpoint in ENDPOINTS
    for number in range(len(endpoint.bodies))
]
STRANGERS = ("nobody", "client", "freelancer", "admin")


@pytest.fixture
def world(app):
    return World(app)


def ask(world, endpoint, actor, body):
    """What somebody is answered who asks what the contract says."""
    options = {}
    if endpoint.is_signed:
        options = {"data": json.dumps(body), "content_type": "application/json"}
        options["headers"] = world.signature(body)
    elif body is not None:
        options = {"json": body}
    client = getattr(world, actor)
    return client._send(endpoint.method, fill_in(endpoint.path, world), **options)


def prepare(world, endpoint):
    for name in endpoint.needs:
        getattr(world, name)


def test_every_endpoint_of_the_contract_is_served_and_every_route_is_in_the_contract():
    described = documents()[FACE]["paths"]
    served = {
        (method.upper(), re.sub(r"\{\w+\}", "{}", path))
        for path, item in described.items()
        for method in item
        if method != "parameters"
    }
    assert served == {endpoint.rule for endpoint in ENDPOINTS}
    assert len(ENDPOINTS) == 101


@pytest.mark.parametrize(("endpoint", "number"), VARIANTS)
def test_an_endpoint_answers_as_documented(world, endpoint, number):
    prepare(world, endpoint)
    body = fill_in(endpoint.bodies[number], world)
    answer = ask(world, endpoint, endpoint.actor, body)
    assert answer.status_code == endpoint.status, answer.text
    if endpoint.answer is None:
        assert answer.data == b""
    else:
        assert differences(endpoint.answer, answer.json) == []


@pytest.mark.parametrize("endpoint", ENDPOINTS, ids=lambda endpoint: endpoint.id)
def test_an_endpoint_lets_in_whom_it_should(world, endpoint):
    assert {*STRANGERS} <= {*endpoint.access, endpoint.actor}
    prepare(world, endpoint)
    body = fill_in(endpoint.bodies[0], world)
    answers = {actor: ask(world, endpoint, actor, body).status_code for actor in endpoint.access}
    assert answers == endpoint.access
