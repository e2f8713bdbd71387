"""The twin's webhooks: signed as Stripe signs, sent to the ordinary receiver, again until it says 2xx."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import msgspec
from stripe import WebhookSignature

from marketplace.kernel.clock import clock
from marketplace.kernel.unit_of_work import UnitOfWork, unit_of_work
from marketplace.providers.sandbox import deliveries
from marketplace.providers.sandbox.events import WebhookDue
from marketplace.providers.sandbox.stripe import store
from marketplace.providers.sandbox.stripe.house import house

# What an API call causes is told a moment later, so that the caller has noted the call's answer first.
LATER = timedelta(seconds=1)
API_VERSION = "2026-10-28.endive"


def announce(
    unit: UnitOfWork,
    kind: str,
    thing: Mapping[str, Any],
    *,
    account: str | None = None,
    is_later: bool = False,
) -> str:
    """Keep an event in the open transaction, to be sent right after it, or `is_later`; answers its id."""
    fields = {
        "type": kind,
        "api_version": API_VERSION,
        "data": {"object": dict(thing)},
        "pending_webhooks": 1,
        "request": {"id": None, "idempotency_key": None},
        **({"account": account} if account else {}),
    }
    event = store.create(unit, "event", fields, hidden={"status": None})
    unit.record(WebhookDue(event_id=event.id), due_at=clock.now() + LATER if is_later else None)
    return event.id


def send(fact: WebhookDue) -> None:
    """Tell the receiver of an event; raises when it has to be told again."""
    status = _post(store.retrieve("event", fact.event_id))
    with unit_of_work() as unit:
        store.note(store.get_locked(unit, "event", fact.event_id), status=status)
    deliveries.check(fact.event_id, status)


def await_delivery(event_id: str) -> int | None:
    """What the receiver answered, as `deliveries.wait` does."""
    return deliveries.wait(lambda: store.retrieve_hidden("event", event_id)["status"])


def _post(event: Mapping[str, Any]) -> int:
    payload = msgspec.json.encode(event).decode()
    signature = WebhookSignature.generate_signature_header(
        payload, house.webhook_secret, int(clock.real_now().timestamp())
    )
    headers = {"Content-Type": "application/json; charset=utf-8", "Stripe-Signature": signature}
    return deliveries.post(house.webhook_url, payload.encode(), headers)
