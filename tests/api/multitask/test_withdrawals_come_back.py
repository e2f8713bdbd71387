"""A payout that fails comes back though the provider loses its answers: over HTTP, with Stripe's twin."""

import pytest

from marketplace.domains.payments import public as payments
from marketplace.domains.payments.service import receive
from tests.api.multitask.test_tasks import OFFER, TASK


@pytest.fixture
def lina(client, join):
    """Somebody with 120.00 and an account that takes payouts."""
    omar, lina = join("omar", "client"), join("lina", "freelancer")
    task = omar.post("/api/tasks/create/", TASK).json["id"]
    deal = lina.post(f"/api/tasks/{task}/apply/", OFFER).json["id"]
    omar.post(f"/api/tasks/applications/{deal}/accept/")
    intent = omar.post("/api/payments/intents/create/", {"application_id": deal}).json
    client.post(f"/sandbox/payments/{intent['intent_id']}", {"outcome": "succeeded"})
    omar.post(f"/api/payments/escrow/{intent['escrow_id']}/release/")
    account = lina.post("/api/payments/connect/create/").json["account_id"]
    client.post(f"/sandbox/payments/{account}", {"outcome": "succeeded"})
    client.post(f"/sandbox/payments/{account}", {"outcome": "failed"})
    return lina


def fail(client, fault):
    client.post("/sandbox/stripe/faults", {"operation": "transfer", "fault": fault, "times": 1})


def wait(client, seconds):
    client.post("/sandbox/clock", {"advance_seconds": seconds})


@pytest.mark.parametrize("hears", [True, False])
def test_a_reversal_whose_answer_was_lost_does_not_keep_the_money(client, lina, hears, monkeypatch):
    if not hears:
        # The provider's own word of the reversal is lost too.
        monkeypatch.delitem(receive._EFFECTS, "transfer.reversed")
    number = lina.post("/api/payments/withdrawals/create/", {"amount": "10.00"}).json["id"]
    wait(client, 0.5)
    assert payments.find_withdrawal(number).status == "processing"
    fail(client, "timeout_after")
    for seconds in (2, 301, 3601):
        wait(client, seconds)
        fail(client, "timeout_before")
    for _ in range(2):
        wait(client, 86_401)
    (shown,) = lina.get("/api/payments/withdrawals/").json["results"]
    assert shown["status"] == "failed"
    wallet = lina.get("/api/payments/wallet/").json
    assert (wallet["available_balance"], wallet["pending_balance"]) == ("120.00", "0.00")
    assert list(payments.verify()) == []
