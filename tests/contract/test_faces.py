"""Each face against its documents: every endpoint is there, answers as they say, lets in whom it should."""

import json
import re

import pytest

from tests.api.documents import documents
from tests.contract.data import contract, differences, fill_in
from tests.contract.multitask import MultiTaskWorld
from tests.contract.skillconnect import SkillConnectWorld

WORLDS = {"multitask": MultiTaskWorld, "skillconnect": SkillConnectWorld}
# How many operations the documents speak of, and how many are ours beside them.
SIZES = {"multitask": 101, "skillconnect": 60 + 2}
ENDPOINTS = [(face, endpoint) for face in WORLDS for endpoint in contract(face)]
NAMES = [f"{face}-{endpoint.id}" for face, endpoint in ENDPOINTS]
VARIANTS = [
    pytest.param(face, endpoint, number, id=f"{face}-{endpoint.id}-{number}")
    for face, endpoint in ENDPOINTS
    for number in range(len(endpoint.bodies))
]
STRANGERS = ("nobody", "client", "freelancer", "admin")


@pytest.fixture
def world(app, face):
    return WORLDS[face](app)


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


@pytest.mark.parametrize("face", WORLDS)
def test_every_endpoint_of_the_contract_is_served_and_every_route_is_in_the_contract(face):
    described = documents()[face]["paths"]
    served = {
        (method.upper(), re.sub(r"\{\w+\}", "{}", path))
        for path, item in described.items()
        for method in item
        if method != "parameters"
    }
    assert served == {endpoint.rule for endpoint in contract(face)}
    assert len(contract(face)) == SIZES[face]


@pytest.mark.parametrize(("face", "endpoint", "number"), VARIANTS)
def test_an_endpoint_answers_as_documented(world, endpoint, number):
    prepare(world, endpoint)
    body = fill_in(endpoint.bodies[number], world)
    answer = ask(world, endpoint, endpoint.actor, body)
    assert answer.status_code == endpoint.status, answer.text
    if endpoint.answer is None:
        assert answer.data == b""
    else:
        assert differences(endpoint.answer, answer.json) == []


@pytest.mark.parametrize(("face", "endpoint"), ENDPOINTS, ids=NAMES)
def test_an_endpoint_lets_in_whom_it_should(world, endpoint):
    assert {*STRANGERS} <= {*endpoint.access, endpoint.actor}
    prepare(world, endpoint)
    body = fill_in(endpoint.bodies[0], world)
    answers = {actor: ask(world, endpoint, actor, body).status_code for actor in endpoint.access}
    assert answers == endpoint.access
