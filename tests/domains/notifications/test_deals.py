"""What people are told of their deals."""

import pytest

from marketplace.domains.deals import public as deals
from marketplace.domains.notifications import public as notifications
from marketplace.domains.notifications.public import Filter
from marketplace.kernel.pages import PageRequest
from tests.factories.people import application, person, task


@pytest.fixture
def client(app):
    return person(username="amira")


@pytest.fixture
def freelancer(app):
    return person(username="karim", first_name="Karim", last_name="Freelancer")


@pytest.fixture
def listing(client):
    return task(client)


@pytest.fixture
def applied(freelancer, listing):
    return application(freelancer, listing)


def told(reader):
    """What is in somebody's inbox, oldest first."""
    page = notifications.list_notifications(person_id=reader.id, wanted=Filter(), request=PageRequest())
    return [(one.type.value, one.message, one.data) for one in reversed(page.items)]


def test_an_owner_is_told_who_applied(client, freelancer, listing, applied):
    assert told(client) == [
        (
            "new_application",
            "Karim Freelancer applied to your task “Assemble a wardrobe”.",
            {"task_id": listing.id, "application_id": applied.id},
        )
    ]
    assert told(freelancer) == []


def test_the_chosen_and_the_others_are_told(client, freelancer, listing, applied):
    rival = person()
    other = application(rival, listing)
    deals.accept(actor=client, application_id=applied.id)
    assert told(freelancer) == [
        (
            "application_accepted",
            "Your application to “Assemble a wardrobe” was accepted.",
            {"task_id": listing.id, "application_id": applied.id},
        )
    ]
    assert told(rival) == [
        (
            "application_rejected",
            "Your application to “Assemble a wardrobe” was not accepted.",
            {"task_id": listing.id, "application_id": other.id},
        )
    ]


def test_the_chosen_is_told_that_the_work_is_done_and_both_what_the_other_thinks(
    client, freelancer, listing, applied
):
    deals.accept(actor=client, application_id=applied.id)
    deals.complete(actor=client, task_id=listing.id)
    deals.review(actor=client, task_id=listing.id, rating=5, comment="Quick.")
    deals.review(actor=freelancer, task_id=listing.id, rating=4, comment="Clear.")
    assert [kind for kind, _, _ in told(freelancer)] == [
        "application_accepted",
        "task_completed",
        "review_received",
    ]
    assert [kind for kind, _, _ in told(client)] == ["new_application", "review_received"]
    assert told(client)[1][1] == "Karim Freelancer rated you 4 of 5 for “Assemble a wardrobe”."


def test_the_chosen_is_told_that_the_task_was_called_off(client, freelancer, listing, applied):
    deals.accept(actor=client, application_id=applied.id)
    deals.cancel(actor=client, task_id=listing.id)
    assert told(freelancer)[1] == (
        "task_cancelled",
        "The task “Assemble a wardrobe” was cancelled.",
        {"task_id": listing.id},
    )


def test_a_task_called_off_before_anybody_was_chosen_tells_applicants_alone(
    client, freelancer, listing, applied
):
    deals.cancel(actor=client, task_id=listing.id)
    assert [kind for kind, _, _ in told(freelancer)] == ["application_rejected"]
