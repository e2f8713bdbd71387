"""Contracts: who offers, who agrees, how far the work has come."""

import pytest

from marketplace.domains.accounts.public import Role
from marketplace.domains.deals.public import find_contradictions
from tests.together import together

BASE = "/api/v1/messaging"
GIGS = "/api/v1/gigs"
FORBIDDEN = {"detail": "You do not have permission to perform this action."}
NOT_FOUND = {"detail": "Not found."}
TERMS = {"amount": 20000, "deadline": "2025-11-01", "terms": "100% upon completion"}


@pytest.fixture
def order(jane, service):
    return jane.post(f"{GIGS}/service-orders/", {"service_id": service["id"]}).json


@pytest.fixture
def application(john, proposal):
    return john.post(f"{GIGS}/proposal-orders/", {"proposal_id": proposal["id"]}).json


@pytest.fixture
def contract(john, order):
    """A contract that John offered."""
    return offer(john, order)


def offer(who, order, kind="service", **changes):
    answer = who.post(f"{BASE}/contracts/", {"order_type": kind, "order_id": order["id"], **TERMS, **changes})
    assert answer.status_code == 201, answer.text
    return answer.json


def change(who, contract, **changes):
    return who.patch(f"{BASE}/contracts/{contract['id']}/", changes)


def answer(who, contract, word):
    return who.post(f"{BASE}/contracts/{contract['id']}/{word}/")


def where(who, contract):
    (found,) = [each for each in who.get(f"{BASE}/contracts/").json if each["id"] == contract["id"]]
    return found["status"], found["workflow_status"]


def test_a_contract_is_answered_as_it_was_offered(john, jane, order, contract):
    assert contract == {
        "id": contract["id"],
        **TERMS,
        "status": "pending",
        "workflow_status": "draft",
        "service_order": order["id"],
        "proposal_order": None,
        "created_by": john.user["id"],
        "created_at": contract["created_at"],
        "updated_at": contract["created_at"],
    }
    for who in (john, jane):
        assert who.get(f"{BASE}/contracts/").json == [contract]


def test_lists_are_narrowed_to_an_order(john, jane, order, application, contract):
    other = offer(jane, application, "proposal", deadline=None, terms="")
    assert (other["proposal_order"], other["deadline"], other["terms"]) == (application["id"], None, "")
    for query, found in [
        ("", [other, contract]),
        ("?order_type=service", [contract]),
        (f"?order_id={application['id']}", [other]),
        (f"?order_type=service&order_id={application['id']}", []),
    ]:
        assert john.get(f"{BASE}/contracts/{query}").json == found
    wrong = john.get(f"{BASE}/contracts/?order_type=serviceorder")
    assert (wrong.status_code, wrong.json) == (400, {"order_type": "Must be 'service' or 'proposal'."})


@pytest.mark.parametrize(
    ("sent", "told"),
    [
        ({"order_type": "serviceorder"}, {"order_type": "Must be 'service' or 'proposal'."}),
        ({"order_type": None}, {"order_type": "Must be 'service' or 'proposal'."}),
        ({"order_id": 999}, {"order_id": "Order not found."}),
        ({"order_type": "proposal"}, {"order_id": "Order not found."}),
        ({"amount": 0}, {"amount": "Amount must be greater than zero."}),
        ({"amount": "-5"}, {"amount": "Amount must be greater than zero."}),
        ({"amount": "much"}, {"amount": "A valid number is required."}),
        ({"deadline": "soon"}, {"deadline": "Not a valid date."}),
        ({"terms": "x" * 10_001}, {"terms": "Ensure this field has no more than 10000 characters."}),
    ],
)
def test_a_contract_that_makes_no_sense_is_refused_by_its_field(john, order, sent, told):
    body = {"order_type": "service", "order_id": order["id"], **TERMS, **sent}
    refused = john.post(f"{BASE}/contracts/", body)
    assert (refused.status_code, refused.json) == (400, told)
    assert john.get(f"{BASE}/contracts/").json == []


def test_what_can_be_asked_for_a_service_can_be_agreed_on(john, jane, order):
    contract = offer(john, order, amount=99_999_999.99)
    assert change(john, contract, amount=25_000_000).json["amount"] == 25_000_000
    refused = change(john, contract, amount=100_000_000)
    told = {"amount": "Ensure this value is less than or equal to 99999999.99."}
    assert (refused.status_code, refused.json) == (400, told)


def test_strangers_see_and_make_no_contract(enter, order, contract):
    body = {"order_type": "service", "order_id": order["id"], **TERMS}
    for who in (enter("other", Role.FREELANCER), enter("rival", Role.CLIENT)):
        refused = who.post(f"{BASE}/contracts/", body)
        assert (refused.status_code, refused.json) == (403, FORBIDDEN)
        for answered in (change(who, contract, amount=1), answer(who, contract, "accept")):
            assert (answered.status_code, answered.json) == (404, NOT_FOUND)
        assert who.get(f"{BASE}/contracts/").json == []


def test_an_order_that_is_over_has_no_new_contract(john, order):
    john.patch(f"{GIGS}/service-orders/{order['id']}/", {"status": "rejected"})
    refused = john.post(f"{BASE}/contracts/", {"order_type": "service", "order_id": order["id"], **TERMS})
    assert (refused.status_code, refused.json) == (
        400,
        {"order_id": "This order was turned down or called off."},
    )


def test_the_other_side_agrees_and_nobody_else(john, jane, contract):
    for word in ("accept", "reject"):
        refused = answer(john, contract, word)
        assert (refused.status_code, refused.json) == (403, FORBIDDEN)
    agreed = answer(jane, contract, "accept")
    assert agreed.status_code == 200
    assert (agreed.json["status"], agreed.json["workflow_status"]) == ("accepted", "in_progress")
    again = answer(jane, contract, "accept")
    assert (again.status_code, again.json["status"]) == (200, "accepted")
    late = answer(jane, contract, "reject")
    assert (late.status_code, late.json) == (400, {"error": "Only a pending contract can be rejected."})
    assert answer(john, contract, "accept").status_code == 403


def test_what_was_read_may_be_sent_back_with_a_change(john, jane, contract):
    changed = john.patch(f"{BASE}/contracts/{contract['id']}/", {**contract, "amount": 25000})
    assert (changed.status_code, changed.json["amount"]) == (200, 25000)
    assert change(jane, contract, status="pending", workflow_status="draft").json == changed.json
    agreed = jane.patch(f"{BASE}/contracts/{contract['id']}/", {**changed.json, "status": "accepted"}).json
    assert (agreed["status"], agreed["workflow_status"]) == ("accepted", "in_progress")
    sent = john.patch(f"{BASE}/contracts/{contract['id']}/", {**agreed, "workflow_status": "submitted"})
    assert (sent.status_code, where(jane, contract)) == (200, ("accepted", "submitted"))


def test_terms_are_the_makers_while_they_are_pending(john, jane, contract):
    refused = change(jane, contract, amount=1)
    assert (refused.status_code, refused.json) == (403, FORBIDDEN)
    assert change(john, contract, amount=25000.5, deadline=None).json["amount"] == 25000.5
    assert change(jane, contract, status="accepted").status_code == 200
    frozen = change(john, contract, amount=30000)
    told = "The terms of a contract can be changed only while it is pending."
    assert (frozen.status_code, frozen.json) == (400, {"error": told})
    assert change(john, contract, amount=25000.5).status_code == 200


@pytest.mark.parametrize(
    ("steps", "end"),
    [
        (
            [("john", "submitted", 200), ("jane", "in_progress", 200), ("john", "submitted", 200)],
            "submitted",
        ),
        ([("jane", "completed", 200), ("jane", "completed", 200), ("john", "submitted", 400)], "completed"),
        ([("john", "completed", 403), ("jane", "submitted", 403), ("jane", "draft", 403)], "in_progress"),
        ([("john", "submitted", 200), ("jane", "completed", 200)], "completed"),
        ([("john", "in_progress", 200), ("jane", "in_progress", 200)], "in_progress"),
    ],
)
def test_work_goes_from_hand_to_hand(john, jane, contract, steps, end):
    answer(jane, contract, "accept")
    for name, stage, code in steps:
        told = change({"john": john, "jane": jane}[name], contract, workflow_status=stage)
        assert told.status_code == code, (name, stage, told.json)
    assert where(jane, contract) == ("accepted", end)


def test_work_does_not_begin_before_a_yes(john, jane, contract):
    refused = change(jane, contract, workflow_status="completed")
    told = "Cannot change workflow_status from 'draft' to 'completed'."
    assert (refused.status_code, refused.json) == (400, {"error": told})


def test_a_contract_is_cancelled_by_its_maker_and_later_by_either(john, jane, order):
    first, second, third = (offer(john, order) for _ in range(3))
    assert change(jane, first, status="cancelled").status_code == 403
    assert change(john, first, status="cancelled").json["workflow_status"] == "cancelled"
    answer(jane, second, "accept")
    assert change(jane, second, status="cancelled").json["status"] == "cancelled"
    answer(jane, third, "accept")
    change(jane, third, workflow_status="completed")
    late = change(john, third, status="cancelled")
    told = "The work of this contract is done: it cannot be cancelled any more."
    assert (late.status_code, late.json) == (400, {"error": told})


def test_a_contract_that_is_done_completes_the_project(john, jane, proposal, application):
    jane.patch(f"{GIGS}/proposal-orders/{application['id']}/", {"status": "accepted"})
    contract = offer(john, application, "proposal")
    answer(jane, contract, "accept")
    change(jane, contract, workflow_status="completed")
    assert jane.get(f"{GIGS}/proposals/").json[0]["status"] == "completed"
    assert jane.get(f"{GIGS}/proposal-orders/").json[0]["status"] == "accepted"
    late = john.patch(f"{GIGS}/proposal-orders/{application['id']}/", {"status": "cancelled"})
    assert late.status_code == 400
    assert find_contradictions() == []


def test_an_order_that_is_called_off_takes_its_contracts_along(john, jane, order):
    john.patch(f"{GIGS}/service-orders/{order['id']}/", {"status": "accepted"})
    pending, agreed, done = (offer(john, order) for _ in range(3))
    answer(jane, agreed, "accept")
    john.patch(f"{GIGS}/service-orders/{order['id']}/", {"status": "cancelled"})
    assert where(jane, pending) == where(jane, agreed) == where(jane, done) == ("cancelled", "cancelled")


def test_both_sides_read_of_contracts_in_their_conversation(john, jane, order, contract):
    answer(jane, contract, "accept")
    (talk,) = john.get(f"{BASE}/conversations/").json
    assert (talk["order_type"], talk["order_id"]) == ("serviceorder", order["id"])
    said = john.get(f"{BASE}/conversations/{talk['id']}/messages/").json
    assert [(each["message_type"], each["sender_id"]) for each in said] == [
        ("contract", john.user["id"]),
        ("contract", jane.user["id"]),
    ]


def test_of_an_acceptance_a_rejection_and_a_cancellation_at_once_one_wins(john, jane, contract):
    answers = together(
        lambda: answer(jane, contract, "accept"),
        lambda: answer(jane, contract, "reject"),
        lambda: change(john, contract, amount=1),
    )
    status, stage = where(jane, contract)
    assert stage == {"accepted": "in_progress", "rejected": "cancelled"}[status]
    assert sorted(each.status_code for each in answers[:2]) == [200, 400]
    agreed = john.get(f"{BASE}/contracts/").json[0]["amount"]
    assert agreed == (1 if answers[2].status_code == 200 else 20000)


def test_a_project_costs_what_its_contract_says_once_that_is_agreed(john, jane, application):
    contract = offer(john, application, "proposal")
    prices = [jane.get(f"{BASE}/conversations/").json[0]["service_price"]]
    answer(jane, contract, "accept")
    prices.append(jane.get(f"{BASE}/conversations/").json[0]["service_price"])
    assert prices == ["$10000-$30000", "$20000"]


def test_what_was_paid_for_is_not_cancelled(john, jane, client, order, contract):
    answer(jane, contract, "accept")
    talk = john.get(f"{BASE}/conversations/").json[0]["id"]
    asked = john.post(
        f"{BASE}/payment-requests/", {"contract": contract["id"], "conversation_id": talk, "amount": 20000}
    ).json
    razorpay = jane.post(f"{BASE}/payments/{asked['id']}/create-razorpay-order/").json["order_id"]
    assert client.post(f"/sandbox/payments/{razorpay}", {"outcome": "succeeded"}).status_code == 200
    late = change(jane, contract, status="cancelled")
    told = "Money was paid for this contract: it cannot be cancelled any more."
    assert (late.status_code, late.json) == (400, {"error": told})
