"""Orders of services and applications to projects: who may decide what, and what follows."""

import pytest

from marketplace.domains.accounts.public import Role
from marketplace.domains.deals.events import DealCancelled, DealRejected
from marketplace.domains.deals.public import find_contradictions
from marketplace.domains.notifications.public import Filter, list_notifications
from marketplace.kernel.pages import PageRequest
from tests.facts import facts_of
from tests.together import together

BASE = "/api/v1/gigs"
STATUSES = {"error": "Status must be one of ['accepted', 'rejected', 'cancelled']."}
FORBIDDEN = {"detail": "You do not have permission to perform this action."}


@pytest.fixture
def order(jane, service):
    body = {"service_id": service["id"], "message": "Excited to work, please start ASAP!"}
    answer = jane.post(f"{BASE}/service-orders/", body)
    assert answer.status_code == 201, answer.text
    return answer.json


@pytest.fixture
def application(john, proposal):
    return apply(john, proposal)


def apply(who, proposal):
    body = {"proposal_id": proposal["id"], "message": "I have built ten landing pages like this one."}
    answer = who.post(f"{BASE}/proposal-orders/", body)
    assert answer.status_code == 201, answer.text
    return answer.json


def decide(who, order, status, kind="service"):
    return who.patch(f"{BASE}/{kind}-orders/{order['id']}/", {"status": status})


def inbox(who):
    page = list_notifications(person_id=who.user["id"], wanted=Filter(), request=PageRequest())
    return [notification.message for notification in page.items]


def test_an_order_carries_the_service_as_it_was(john, jane, service, order):
    assert order["service"] == {
        "id": service["id"],
        "title": "Website Design",
        "price": 25000,
        "delivery_time": 10,
        "revisions": 3,
        "image": None,
    }
    assert (order["client"]["name"], order["freelancer"]["name"]) == ("jane", "john")
    assert order["message"] == "Excited to work, please start ASAP!"
    assert order["status"] == "pending"
    john.patch(f"{BASE}/services/{service['id']}/", {"title": "Dearer", "price": 99999, "delivery_time": 99})
    for who in (john, jane):
        (listed,) = who.get(f"{BASE}/service-orders/").json
        assert listed == order
    assert inbox(john) == ["jane ordered “Website Design”."]


def test_an_application_carries_the_project_as_it_was(john, jane, proposal, application):
    assert application["proposal"] == {
        "id": proposal["id"],
        "title": "Landing Page Design Required",
        "budget_min": 10000,
        "budget_max": 30000,
        "timeline_days": 7,
        "status": "open",
    }
    for who in (john, jane):
        assert who.get(f"{BASE}/proposal-orders/").json == [application]
    (own,) = jane.get(f"{BASE}/proposals/").json
    assert [freelancer["name"] for freelancer in own["applied_freelancers"]] == ["john"]
    assert inbox(jane) == ["john applied to your project “Landing Page Design Required”."]


@pytest.mark.parametrize("status", ["pending", "completed", "", None, 7, ["accepted"]])
def test_a_status_is_one_of_three(john, order, status):
    answer = decide(john, order, status)
    assert (answer.status_code, answer.json) == (400, STATUSES)
    assert john.patch(f"{BASE}/service-orders/{order['id']}/", {}).json == STATUSES


def test_nobody_accepts_themselves(john, proposal):
    body = {"proposal_id": proposal["id"], "status": "accepted"}
    assert john.post(f"{BASE}/proposal-orders/", body).json["status"] == "pending"
    refused = john.post(f"{BASE}/proposal-orders/", {**body, "status": "paid"})
    assert (refused.status_code, refused.json) == (400, STATUSES)


@pytest.mark.parametrize(
    ("kind", "steps"),
    [
        ("service", [("john", "accepted", 200), ("john", "accepted", 200), ("john", "rejected", 400)]),
        ("service", [("john", "rejected", 200), ("john", "accepted", 400), ("jane", "cancelled", 400)]),
        ("service", [("jane", "accepted", 403), ("jane", "rejected", 403), ("jane", "cancelled", 200)]),
        ("service", [("john", "accepted", 200), ("jane", "cancelled", 403), ("john", "cancelled", 200)]),
        ("service", [("john", "accepted", 200), ("jane", "accepted", 200), ("jane", "rejected", 403)]),
        ("service", [("john", "cancelled", 200), ("john", "cancelled", 200), ("john", "accepted", 400)]),
        ("proposal", [("john", "accepted", 403), ("john", "rejected", 403), ("jane", "accepted", 200)]),
        ("proposal", [("jane", "rejected", 200), ("john", "cancelled", 400)]),
        ("proposal", [("john", "cancelled", 200), ("jane", "accepted", 400)]),
        ("proposal", [("jane", "accepted", 200), ("john", "cancelled", 200)]),
        ("proposal", [("jane", "accepted", 200), ("jane", "cancelled", 200), ("jane", "cancelled", 200)]),
    ],
)
def test_each_side_decides_what_is_theirs(request, john, jane, kind, steps):
    made = request.getfixturevalue("order" if kind == "service" else "application")
    where = "pending"
    for name, status, code in steps:
        answer = decide({"john": john, "jane": jane}[name], made, status, kind)
        assert answer.status_code == code, (name, status, answer.json)
        if code == 200:
            where = status
            assert answer.json == {"id": made["id"], "status": status}
        elif code == 400:
            assert answer.json == {"error": f"Cannot change status from '{where}' to '{status}'."}
        else:
            assert answer.json == FORBIDDEN
    assert find_contradictions() == []


def test_strangers_find_no_order(enter, order, application):
    for who in (enter("other", Role.FREELANCER), enter("rival", Role.CLIENT)):
        assert decide(who, order, "cancelled").status_code == 404
        assert decide(who, application, "cancelled", "proposal").status_code == 404
        assert decide(who, application, "cancelled", "service").status_code == 404
        assert who.get(f"{BASE}/service-orders/").json == []
        assert who.get(f"{BASE}/proposal-orders/").json == []


def test_a_choice_turns_the_others_down_and_a_cancellation_opens_the_project_again(
    enter, john, jane, proposal, application
):
    other = enter("other", Role.FREELANCER)
    second = apply(other, proposal)
    assert decide(jane, application, "accepted", "proposal").status_code == 200
    (own,) = jane.get(f"{BASE}/proposals/").json
    assert (own["status"], own["selected_freelancer"]["name"]) == ("in_progress", "john")
    assert other.get(f"{BASE}/proposal-orders/").json[0]["status"] == "rejected"
    assert inbox(other)[0] == "Your application to “Landing Page Design Required” was not accepted."
    late = john.post(f"{BASE}/proposal-orders/", {"proposal_id": proposal["id"]})
    assert late.json == {"proposal_id": ["Proposal not found or not open."]}
    assert jane.get(f"{BASE}/explore-proposals/").json["count"] == 0
    refused = jane.patch(f"{BASE}/proposals/{proposal['id']}/", {"title": "Another"})
    assert refused.json == {"error": "Cannot update this proposal: it is in_progress."}
    assert decide(john, application, "cancelled", "proposal").status_code == 200
    (own,) = jane.get(f"{BASE}/proposals/").json
    assert (own["status"], own["selected_freelancer"]) == ("open", None)
    assert apply(other, proposal)["id"] != second["id"]
    assert find_contradictions() == []


def test_an_application_is_made_once_until_it_is_over(john, proposal, application):
    again = john.post(f"{BASE}/proposal-orders/", {"proposal_id": proposal["id"]})
    assert again.status_code == 400
    assert again.json == {"non_field_errors": ["You have already applied to this proposal."]}
    assert decide(john, application, "cancelled", "proposal").status_code == 200
    assert apply(john, proposal)["status"] == "pending"


def test_a_gig_may_be_ordered_again_and_again(jane, service, order):
    again = jane.post(f"{BASE}/service-orders/", {"service_id": service["id"]})
    assert again.status_code == 201
    assert [each["id"] for each in jane.get(f"{BASE}/service-orders/").json] == [
        again.json["id"],
        order["id"],
    ]


def test_what_is_deleted_cancels_what_waits_and_keeps_what_was_agreed(john, jane, service, order):
    waiting = jane.post(f"{BASE}/service-orders/", {"service_id": service["id"]}).json
    decide(john, order, "accepted")
    assert john.delete(f"{BASE}/services/{service['id']}/").status_code == 204
    kept = {each["id"]: each for each in jane.get(f"{BASE}/service-orders/").json}
    assert kept[order["id"]] == {**order, "status": "accepted", "updated_at": kept[order["id"]]["updated_at"]}
    assert kept[waiting["id"]]["status"] == "cancelled"
    assert inbox(jane)[0] == "The order of “Website Design” was cancelled."
    assert decide(john, order, "cancelled").status_code == 200
    assert find_contradictions() == []


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ({}, {"service_id": ["This field is required."]}),
        ({"service_id": 999}, {"service_id": ["Service not found or not available."]}),
        ({"service_id": "x"}, {"service_id": ["A valid integer is required."]}),
        (
            {"service_id": 1, "message": "x" * 2001},
            {"message": ["Ensure this field has no more than 2000 characters."]},
        ),
    ],
)
def test_an_order_that_makes_no_sense_is_refused_by_its_field(jane, body, told):
    answer = jane.post(f"{BASE}/service-orders/", body)
    assert (answer.status_code, answer.json) == (400, told)


def test_of_eight_freelancers_accepted_at_once_one_is_chosen(enter, jane, proposal):
    rivals = [enter(f"rival{number}", Role.FREELANCER) for number in range(8)]
    made = [apply(rival, proposal) for rival in rivals]
    answers = together(*(lambda one=one: decide(jane, one, "accepted", "proposal") for one in made))
    assert sorted(answer.status_code for answer in answers) == [200] + [400] * 7
    statuses = [each["status"] for each in jane.get(f"{BASE}/proposal-orders/").json]
    assert sorted(statuses) == ["accepted"] + ["rejected"] * 7
    assert len(facts_of(DealRejected)) == 7
    assert find_contradictions() == []


def test_of_eight_applications_of_one_freelancer_at_once_one_is_made(john, jane, proposal):
    body = {"proposal_id": proposal["id"]}
    answers = together(*[lambda: john.post(f"{BASE}/proposal-orders/", body)] * 8)
    assert sorted(answer.status_code for answer in answers) == [201] + [400] * 7
    assert len(jane.get(f"{BASE}/proposal-orders/").json) == 1


def test_an_order_that_is_accepted_and_cancelled_at_once_ends_in_one_of_both(john, jane, order):
    answers = together(lambda: decide(john, order, "accepted"), lambda: decide(jane, order, "cancelled"))
    codes = [answer.status_code for answer in answers]
    status = jane.get(f"{BASE}/service-orders/").json[0]["status"]
    # first taken back, or first accepted: then only the freelancer may call it off
    assert (codes, status) in [([400, 200], "cancelled"), ([200, 403], "accepted")]
    assert len(facts_of(DealCancelled)) == (status == "cancelled")


def test_a_gig_that_is_deleted_while_it_is_ordered_leaves_nothing_pending(john, jane, service):
    together(
        lambda: john.delete(f"{BASE}/services/{service['id']}/"),
        *[lambda: jane.post(f"{BASE}/service-orders/", {"service_id": service["id"]})] * 4,
    )
    assert {each["status"] for each in jane.get(f"{BASE}/service-orders/").json} <= {"cancelled"}
    assert find_contradictions() == []
