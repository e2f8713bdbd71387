"""Stripe's webhooks: their signature, and what can be read of what was signed."""

from collections.abc import Mapping
from datetime import timedelta

import msgspec
import stripe

from marketplace.kernel.clock import clock
from marketplace.kernel.settings import Settings
from marketplace.kernel.tokens import Tokens
from marketplace.providers.payments import Event, NotAnEvent, SignatureInvalid
from marketplace.providers.webhooks import NOTHING, is_name, moment, read, storable

# How old a signature may be, and how far ahead of ours the clock that dated it.
TOLERANCE = timedelta(minutes=5)


class _Envelope(msgspec.Struct):
    id: str
    type: str
    created: msgspec.Raw = NOTHING
    account: msgspec.Raw = NOTHING
    data: msgspec.Raw = NOTHING


def webhook_secret(settings: Settings) -> str | None:
    """What webhooks are signed with; in development a secret that comes from `SECRET_KEY` stands in."""
    if settings.stripe_webhook_secret or settings.is_production:
        return settings.stripe_webhook_secret
    own = Tokens()
    own.configure(settings)
    return own.sign("stripe-webhook", "secret")


def read_event(body: bytes, signature: str, *, secret: str | None) -> Event:
    """Verify a webhook and read it; refuses what is not signed, or signed and no event."""
    _verify(body, signature, secret)
    try:
        envelope = msgspec.json.decode(body, type=_Envelope)
    except (msgspec.DecodeError, ValueError, RecursionError) as error:
        raise NotAnEvent(str(error)) from error
    if not (is_name(envelope.id) and is_name(envelope.type)):
        raise NotAnEvent("an event has an id and a type")
    data, account = read(envelope.data), read(envelope.account)
    thing = data.get("object") if isinstance(data, Mapping) else None
    return Event(
        id=storable(envelope.id),
        type=storable(envelope.type),
        created_at=moment(read(envelope.created)),
        account=account if isinstance(account, str) else None,
        object=thing if isinstance(thing, Mapping) else {},
    )


def _verify(body: bytes, signature: str, secret: str | None) -> None:
    try:
        stripe.WebhookSignature.verify_header(body, signature, secret)
        # Stripe's own check of the age lets the future pass.
        signed_at = next(part for part in signature.split(",") if part.startswith("t=")).removeprefix("t=")
        age_s = clock.real_now().timestamp() - int(signed_at)
    # Beside its own error, Stripe's code lets a body or header that is no text fail as it may.
    except (stripe.SignatureVerificationError, ValueError, TypeError, OverflowError) as error:
        raise SignatureInvalid(str(error)) from error
    if abs(age_s) > TOLERANCE.total_seconds():
        raise SignatureInvalid(f"signed {age_s:.0f} s ago")
