"""The twin's webhooks: signed as Razorpay signs, sent to the ordinary receiver."""

import hashlib
import hmac
from collections.abc import Mapping
from typing import Any

import msgspec

from marketplace.kernel.unit_of_work import UnitOfWork, unit_of_work
from marketplace.providers.sandbox import deliveries
from marketplace.providers.sandbox.events import RazorpayWebhookDue
from marketplace.providers.sandbox.razorpay import store
from marketplace.providers.sandbox.razorpay.house import house

ACCOUNT = "acc_sandbox"


def announce(unit: UnitOfWork, kind: str, things: Mapping[str, Any]) -> str:
    """Keep an event in the open transaction, to be sent right after it; answers its id."""
    fields = {
        "account_id": ACCOUNT,
        "event": kind,
        "contains": list(things),
        "payload": {name: {"entity": dict(thing)} for name, thing in things.items()},
        "created_at": store.timestamp(),
    }
    event = store.create(unit, "event", fields, hidden={"status": None})
    unit.record(RazorpayWebhookDue(event_id=event.id))
    return event.id


def send(fact: RazorpayWebhookDue) -> None:
    """Tell the receiver of an event; raises when it has to be told again."""
    status = _post(fact.event_id)
    with unit_of_work() as unit:
        event = store.find_locked(unit, "event", fact.event_id)
        if event is not None:
            event.hidden = {"status": status}
    deliveries.check(fact.event_id, status)


def await_delivery(event_id: str) -> int | None:
    """What the receiver answered, as `deliveries.wait` does."""
    return deliveries.wait(lambda: store.retrieve_status(event_id))


def sign(text: bytes, secret: str) -> str:
    """Razorpay's signature."""
    return hmac.new(secret.encode(), text, hashlib.sha256).hexdigest()


def _post(event_id: str) -> int:
    body = msgspec.json.encode(store.retrieve("event", event_id))
    headers = {
        "Content-Type": "application/json",
        "X-Razorpay-Event-Id": event_id,
        "X-Razorpay-Signature": sign(body, house.webhook_secret),
    }
    return deliveries.post(house.webhook_url, body, headers)
