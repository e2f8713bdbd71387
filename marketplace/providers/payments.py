"""What the house asks of a payment provider, whoever that is.

Every call that moves money takes an idempotency key derived from our own row: asking twice acts once. No call
is made inside a transaction. A call ends in a value, in `Refused` (a definite no: nothing happened) or
in `OutcomeUnknown` (time out, connection lost, 5xx: ask again, never repeat blindly without the same key).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from marketplace.kernel.money import Money


class ProviderError(Exception):
    """The provider did not do what it was asked."""


class Refused(ProviderError):
    """The provider said no; nothing happened. `code` is its word for why, the message is for a person."""

    def __init__(self, message: str, *, code: str = "") -> None:
        """Keep the provider's reason."""
        self.code = code
        super().__init__(message)


class OutcomeUnknown(ProviderError):
    """Nobody knows whether the provider acted: it timed out or broke."""


class SignatureInvalid(ProviderError):
    """A webhook is unsigned, forged or stale."""


class NotAnEvent(ProviderError):
    """A webhook is signed and yet tells of nothing."""


@dataclass(frozen=True, kw_only=True)
class Payment:
    """A payment intent. `status` is the provider's word (`requires_payment_method`, `succeeded`, ...)."""

    reference: str
    client_secret: str
    status: str
    amount: Money


@dataclass(frozen=True, kw_only=True)
class Refund:
    """Money on its way back to the payer: `pending`, `requires_action`, `succeeded`, `failed`, `canceled`.

    One that succeeded may yet fail: a bank sends it back.
    """

    reference: str
    status: str


@dataclass(frozen=True, kw_only=True)
class PayoutAccount:
    """A connected account that money can be paid out to."""

    reference: str
    charges_enabled: bool
    payouts_enabled: bool
    details_submitted: bool


@dataclass(frozen=True, kw_only=True)
class OnboardingLink:
    """A page of the provider where somebody completes their account."""

    url: str
    expires_at: datetime


@dataclass(frozen=True, kw_only=True)
class Transfer:
    """Money moved from the platform to a connected account, and perhaps all of it taken back."""

    reference: str
    is_reversed: bool = False


@dataclass(frozen=True, kw_only=True)
class Payout:
    """Money on its way to a bank: `pending`, `in_transit`, `paid`, `failed`, `canceled`."""

    reference: str
    status: str
    failure_reason: str = ""


@dataclass(frozen=True, kw_only=True)
class Method:
    """Something to pay with that the provider keeps: for a `card`, what may be shown of it."""

    reference: str
    kind: str
    brand: str = ""
    last4: str = ""
    exp_month: int = 0
    exp_year: int = 0


@dataclass(frozen=True, kw_only=True)
class Event:
    """A verified webhook: the event's id, its type, when it happened, and the object it is about.

    Whatever the object says came from outside: only that it can be stored is certain.
    """

    id: str
    type: str
    created_at: datetime
    account: str | None
    object: Mapping[str, Any]


class PaymentProvider(Protocol):
    """A provider of card payments and payouts."""

    name: str
    is_sandbox: bool

    def create_payment(
        self,
        amount: Money,
        *,
        metadata: Mapping[str, str],
        idempotency_key: str,
        customer_reference: str | None = None,
    ) -> Payment:
        """Open a payment intent; one of a customer may be paid with what the provider keeps of them."""
        ...

    def change_payment(self, reference: str, amount: Money, *, idempotency_key: str) -> Payment:
        """Change the amount of an unpaid intent."""
        ...

    def cancel_payment(self, reference: str, *, idempotency_key: str) -> Payment:
        """Cancel an unpaid intent."""
        ...

    def get_payment(self, reference: str) -> Payment:
        """Look an intent up."""
        ...

    def refund(self, payment_reference: str, amount: Money, *, idempotency_key: str) -> Refund:
        """Send a payment's money back to the payer."""
        ...

    def create_customer(self, *, email: str, metadata: Mapping[str, str], idempotency_key: str) -> str:
        """Make a customer, to whom ways of paying can be attached; answers their reference."""
        ...

    def attach_method(self, reference: str, *, customer_reference: str, idempotency_key: str) -> Method:
        """Keep a way of paying for a customer; what the provider calls it may differ from what was asked."""
        ...

    def detach_method(self, reference: str, *, idempotency_key: str) -> None:
        """Keep a way of paying no longer: it can never be used again."""
        ...

    def get_refund(self, reference: str) -> Refund:
        """Look a refund up."""
        ...

    def find_refund(self, payment_reference: str, amount: Money) -> Refund | None:
        """The newest refund of that amount of a payment, whoever made it."""
        ...

    def create_account(
        self, *, email: str, country: str, metadata: Mapping[str, str], idempotency_key: str
    ) -> PayoutAccount:
        """Open a connected account."""
        ...

    def get_account(self, reference: str) -> PayoutAccount:
        """Look a connected account up."""
        ...

    def onboarding_link(self, account_reference: str, *, return_url: str, refresh_url: str) -> OnboardingLink:
        """A one-time page where the account's holder completes it."""
        ...

    def transfer(
        self, amount: Money, *, account_reference: str, metadata: Mapping[str, str], idempotency_key: str
    ) -> Transfer:
        """Move money from the platform to a connected account."""
        ...

    def reverse_transfer(self, transfer_reference: str, *, idempotency_key: str) -> None:
        """Take a transfer back from a connected account whose payout failed."""
        ...

    def get_transfer(self, reference: str) -> Transfer:
        """Look a transfer up."""
        ...

    def pay_out(
        self, amount: Money, *, account_reference: str, metadata: Mapping[str, str], idempotency_key: str
    ) -> Payout:
        """Send a connected account's money to its bank."""
        ...

    def get_payout(self, reference: str, *, account_reference: str) -> Payout:
        """Look a payout up."""
        ...

    def read_event(self, body: bytes, signature: str) -> Event:
        """Verify a webhook's signature on its raw body and read it.

        Refuses with `SignatureInvalid`, or with `NotAnEvent` what is signed and makes no sense.
        """
        ...
