"""Two people and their rooms."""

import pytest

from marketplace.domains.messaging import public as messaging
from tests.factories.messaging import deal_room
from tests.factories.people import person


@pytest.fixture
def sara(app):
    return person(username="sara", first_name="Sara", last_name="Haddad")


@pytest.fixture
def omar(app):
    return person(username="omar")


@pytest.fixture
def room_id(sara, omar):
    conversation, _ = messaging.open_direct(actor=sara, participant_id=omar.id)
    return conversation.id


@pytest.fixture
def deal_room_id(sara, omar):
    return deal_room(sara, omar, subject="gig_order:27")
