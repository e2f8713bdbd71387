"""Whoever names a price hears at once whether it can be paid."""

import pytest
import sqlalchemy as sa

from tests.api.multitask.test_tasks import OFFER, TASK

INTENTS = "/api/payments/intents/create/"
MOST = "999999.99"
SAID = ["Ensure this value is less than or equal to 999999.99."]


@pytest.fixture
def omar(join):
    return join("omar", "client")


@pytest.fixture
def lina(join):
    return join("lina", "freelancer")


@pytest.fixture
def task(omar):
    return omar.post("/api/tasks/create/", TASK).json["id"]


@pytest.mark.parametrize("amount", ["1000000.00", 1_000_000, "10000000000000.00"])
def test_a_price_is_at_most_what_can_be_paid(omar, lina, task, amount):
    posted = omar.post("/api/tasks/create/", {**TASK, "budget": amount})
    changed = omar.patch(f"/api/tasks/{task}/update/", {"budget": amount})
    for answer in (posted, changed):
        assert (answer.status_code, answer.json) == (400, {"budget": SAID})
    for field in ("bid_amount", "offered_price"):
        offer = {"proposal": "I can", field: amount}
        answer = lina.post(f"/api/tasks/{task}/apply/", offer)
        assert (answer.status_code, answer.json) == (400, {field: SAID})
    withdrawn = lina.post("/api/payments/withdrawals/create/", {"amount": amount})
    assert (withdrawn.status_code, withdrawn.json) == (400, {"amount": SAID})


def test_the_highest_price_can_be_paid(client, omar, lina):
    task = omar.post("/api/tasks/create/", {**TASK, "budget": MOST}).json["id"]
    deal = lina.post(f"/api/tasks/{task}/apply/", {"proposal": "I can", "bid_amount": MOST}).json["id"]
    omar.post(f"/api/tasks/applications/{deal}/accept/")
    above = omar.post(INTENTS, {"application_id": deal, "amount": "1000000"})
    assert (above.status_code, above.json) == (400, {"amount": SAID})
    intent = omar.post(INTENTS, {"application_id": deal})
    assert (intent.status_code, intent.json["amount"]) == (201, MOST)
    assert (
        client.post(f"/sandbox/payments/{intent.json['intent_id']}", {"outcome": "succeeded"}).status_code
        == 200
    )


def test_a_price_that_was_agreed_before_there_was_a_limit_is_refused_when_it_is_paid(omar, lina, task, owner):
    deal = lina.post(f"/api/tasks/{task}/apply/", OFFER).json["id"]
    omar.post(f"/api/tasks/applications/{deal}/accept/")
    with owner.connect() as connection:
        connection.execute(sa.text("UPDATE deals SET price_minor = 100000000, price_max_minor = 100000000"))
    answer = omar.post(INTENTS, {"application_id": deal})
    assert answer.status_code == 400
    said = "The amount may not be above 999999.99, which is what can be paid at once."
    assert answer.json == {"amount": [said]}


def test_filters_may_be_higher(client):
    assert client.get("/api/tasks/?max_budget=5000000").status_code == 200
