"""Razorpay's webhooks: their signature, and what can be read of what was signed."""

import hashlib
from collections.abc import Mapping
from typing import Any

import msgspec
from razorpay.errors import SignatureVerificationError
from razorpay.utility import Utility

from marketplace.providers.payments import Event, NotAnEvent, SignatureInvalid
from marketplace.providers.webhooks import NOTHING, is_name, moment, read, storable


class _Envelope(msgspec.Struct):
    event: str
    created_at: msgspec.Raw = NOTHING
    account_id: msgspec.Raw = NOTHING
    payload: msgspec.Raw = NOTHING


def read_event(body: bytes, signature: str, *, event_id: str, secret: str | None) -> Event:
    """Verify a webhook and read it; refuses what is not signed, or signed and no event.

    Its object holds the things it tells of by kind: `payment`, `order`, `refund`. One without an id has the
    hash of its body for one: the same told twice is still one event.
    """
    _verify(body, signature, secret)
    try:
        envelope = msgspec.json.decode(body, type=_Envelope)
    except (msgspec.DecodeError, ValueError, RecursionError) as error:
        raise NotAnEvent(str(error)) from error
    if not is_name(envelope.event):
        raise NotAnEvent("an event has a type")
    account = read(envelope.account_id)
    return Event(
        id=storable(event_id) if is_name(event_id) else hashlib.sha256(body).hexdigest(),
        type=storable(envelope.event),
        created_at=moment(read(envelope.created_at)),
        account=account if isinstance(account, str) else None,
        object=_things(read(envelope.payload)),
    )


def _verify(body: bytes, signature: str, secret: str | None) -> None:
    if not secret:
        raise SignatureInvalid("there is no secret to verify it with")
    try:
        Utility().verify_webhook_signature(body.decode(), signature, secret)
    # Beside its own error, Razorpay's code lets a body or header that is no text fail as it may.
    except (SignatureVerificationError, TypeError, ValueError) as error:
        raise SignatureInvalid(str(error)) from error


def _things(payload: Any) -> dict[str, Any]:
    if not isinstance(payload, Mapping):
        return {}
    told = {kind: thing.get("entity") for kind, thing in payload.items() if isinstance(thing, Mapping)}
    return {kind: entity for kind, entity in told.items() if isinstance(entity, Mapping)}
