"""Stripe's webhooks: their signature, and what can be read of what was signed.

Whatever is signed and names itself is an event: a provider repeats for days what is not taken in, so parts of
it that make no sense are left out, and the rest is kept.
"""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import stripe

from marketplace.kernel.clock import clock
from marketplace.kernel.settings import Settings
from marketplace.kernel.tokens import Tokens
from marketplace.providers.payments import Event, NotAnEvent, SignatureInvalid

# How old a signature may be, and how far ahead of ours the clock that dated it.
TOLERANCE = timedelta(minutes=5)
# An event is told at once or late, never before it happens; what says so is taken as happening now.
CLOCKS_DIFFER_BY = timedelta(days=1)
MAX_NAME = 255
_NOTHING = msgspec.Raw(b"null")


class _Envelope(msgspec.Struct):
    id: str
    type: str
    created: msgspec.Raw = _NOTHING
    account: msgspec.Raw = _NOTHING
    data: msgspec.Raw = _NOTHING


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
    names = (envelope.id, envelope.type)
    if not all(0 < len(name) <= MAX_NAME for name in names):
        raise NotAnEvent("an event has an id and a type")
    data, account = _read(envelope.data), _read(envelope.account)
    thing = data.get("object") if isinstance(data, Mapping) else None
    return Event(
        id=_storable(envelope.id),
        type=_storable(envelope.type),
        created_at=_moment(_read(envelope.created)),
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


def _read(raw: msgspec.Raw) -> Any:
    try:
        return _storable(msgspec.json.decode(raw))
    except (msgspec.DecodeError, ValueError, RecursionError):
        return None


def _moment(created: object) -> datetime:
    now = clock.now()
    if isinstance(created, bool) or not isinstance(created, int):
        return now
    latest = (now + CLOCKS_DIFFER_BY).timestamp()
    return datetime.fromtimestamp(created, UTC) if 0 <= created <= latest else now


def _storable(thing: Any) -> Any:
    """The same without NUL, which PostgreSQL does not take."""
    if isinstance(thing, str):
        return thing.replace("\0", "\N{REPLACEMENT CHARACTER}")
    if isinstance(thing, Mapping):
        return {_storable(name): _storable(value) for name, value in thing.items()}
    if isinstance(thing, list):
        return [_storable(value) for value in thing]
    return thing
