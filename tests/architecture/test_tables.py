import pytest

from marketplace.kernel.database import Base
from marketplace.kernel.schema import load_models
from tests.architecture.checks import tables


@pytest.fixture(scope="module", autouse=True)
def every_model():
    load_models()
    Base.registry.configure()


def test_every_foreign_key_is_indexed():
    assert tables.unindexed_foreign_keys(Base.metadata) == []


def test_no_relationship_queries_behind_ones_back():
    assert tables.surprising_relationships(Base.registry.mappers) == []
