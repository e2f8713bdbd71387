import msgspec
import pytest
from apispec import APISpec

from marketplace.api import openapi


def struct(name, **fields):
    return msgspec.defstruct(name, list(fields.items()))


@pytest.fixture
def spec():
    return APISpec(title="x", version="1", openapi_version="3.1.0")


def test_a_struct_is_described_once(spec):
    thing = struct("Thing", id=int)
    assert openapi.register_struct(spec, thing) == openapi.register_struct(spec, thing)
    assert list(spec.components.schemas) == ["Thing"]


def test_two_structs_of_one_name_are_refused(spec):
    openapi.register_struct(spec, struct("Thing", id=int))
    with pytest.raises(ValueError, match="two structs of one document are called Thing"):
        openapi.register_struct(spec, struct("Thing", id=str))
