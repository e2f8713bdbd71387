"""What is shown of people beside what they do."""

import pytest

from marketplace.domains.accounts import public as accounts
from marketplace.domains.deals import public as deals
from marketplace.domains.profiles import public as profiles
from marketplace.domains.profiles.models import ClientRow, FreelancerRow, ProfileRow
from marketplace.domains.profiles.public import Card
from marketplace.kernel.clock import clock
from marketplace.kernel.unit_of_work import unit_of_work
from tests.factories.people import PASSWORD, person
from tests.query_count import counted_queries

BARE = {"location": "", "picture": None, "freelancer_id": None, "title": "", "client_id": None}


@pytest.fixture
def sara(app):
    return person(username="sara", first_name="Sara", last_name="Haddad", city="Mumbai")


def card_of(someone):
    return profiles.cards_of([someone.id])[someone.id]


def test_somebody_without_a_profile_has_a_card(sara):
    assert card_of(sara) == Card(
        **{**BARE, "location": "Mumbai"}, person_id=sara.id, name="Sara Haddad", company_name=""
    )


def test_somebody_without_names_is_called_by_their_address(app):
    assert card_of(person(username="omar")).name == "omar"
    assert card_of(person(username="lina", last_name="Nasser")).name == "Nasser"


def test_a_card_says_which_profiles_somebody_has(sara):
    now = clock.now()
    with unit_of_work() as unit:
        unit.session.add(ProfileRow(person_id=sara.id))
        unit.session.flush()
        said = {"person_id": sara.id, "created_at": now, "updated_at": now}
        texts = {
            column.name: ""
            for column in ClientRow.__table__.c
            if not column.nullable and column.name not in {"id", *said}
        }
        kind = {"account_type": "business", "company_name": "TechStart"}
        freelancer = FreelancerRow(**said, title="Tailor")
        client = ClientRow(**said, **{**texts, **kind})
        unit.session.add_all([freelancer, client])
        unit.session.flush()
        card = card_of(sara)
    assert (card.freelancer_id, card.title) == (freelancer.id, "Tailor")
    assert (card.client_id, card.company_name) == (client.id, "TechStart")


def test_whoever_is_barred_or_gone_still_has_one(sara):
    accounts.suspend("sara")
    assert card_of(sara).name == "Sara Haddad"
    omar = person(username="omar", first_name="Omar")
    deals.delete_account(actor=omar, password=PASSWORD)
    assert card_of(omar) == Card(**BARE, person_id=omar.id, name=f"deleted user {omar.id}", company_name="")


@pytest.mark.parametrize("number", [1, 10])
def test_any_number_of_cards_costs_one_query(app, number):
    ids = [person().id for _ in range(number)]
    with counted_queries() as queries:
        assert set(profiles.cards_of([*ids, 999_999])) == set(ids)
    assert len(queries) == 1
    assert profiles.cards_of([]) == {}
