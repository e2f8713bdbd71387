"""A refund that waits for its bank, over HTTP, with Stripe's twin."""

import pytest

from marketplace.domains.payments import public as payments
from tests.api.multitask.test_tasks import OFFER, TASK

KEYED = {"headers": {"Idempotency-Key": "k-1"}}


@pytest.mark.parametrize(("outcome", "wanted"), [("succeeded", "refunded"), ("failed", "held")])
def test_an_escrow_is_refunded_once_the_bank_says_so(client, join, outcome, wanted):
    omar, lina = join("omar", "client"), join("lina", "freelancer")
    task = omar.post("/api/tasks/create/", TASK).json["id"]
    deal = lina.post(f"/api/tasks/{task}/apply/", OFFER).json["id"]
    omar.post(f"/api/tasks/applications/{deal}/accept/")
    intent = omar.post("/api/payments/intents/create/", {"application_id": deal}).json
    client.post(f"/sandbox/payments/{intent['intent_id']}", {"outcome": "succeeded"})
    escrow = f"/api/payments/escrow/{intent['escrow_id']}/"
    client.post("/sandbox/stripe/faults", {"operation": "refund", "fault": "pending", "times": 1})
    for _ in range(2):
        assert omar.post(f"{escrow}refund/", **KEYED).status_code == 503
    assert omar.get(escrow).json["status"] == "held"
    client.post("/sandbox/clock", {"advance_seconds": 301})
    assert omar.get(escrow).json["status"] == "held"
    reference = payments.find_hold(intent["escrow_id"]).refund_reference
    assert (
        client.post(f"/sandbox/payments/{reference}", {"outcome": outcome}).json["webhook"]["status"] == 200
    )
    shown = omar.get(escrow).json
    assert (shown["status"], shown["refunded_at"] is not None) == (wanted, wanted == "refunded")
    assert list(payments.verify()) == []
