"""The small world of the tests that try every operation, told once a worker."""

import pytest

from tests.api.world import World, fill, sign_in


@pytest.fixture(scope="session")
def worlds():
    """The world, once somebody has asked for it."""
    return []


@pytest.fixture
def sara(app, owner, own_tables, worlds):
    """Sara in a fresh small world, who is both sides of it."""
    if worlds:
        worlds[0].restore(owner)
    else:
        fill(app)
        worlds.append(World.remembered(owner, own_tables))
    return sign_in(app, "sara")
