"""What happens to money."""

from dataclasses import dataclass

from marketplace.kernel.facts import Fact


@dataclass(frozen=True, kw_only=True)
class _OfHold:
    """Something happened to a hold; amounts are in minor units."""

    hold_id: int
    reference: str
    subject: str
    payer_id: int
    payee_id: int
    amount_minor: int
    fee_minor: int
    currency: str


@dataclass(frozen=True, kw_only=True)
class PaymentHeld(_OfHold, Fact):
    """A payment arrived and waits in escrow."""


@dataclass(frozen=True, kw_only=True)
class PaymentReleased(_OfHold, Fact):
    """The payer let the payee have the money, less the fee."""


@dataclass(frozen=True, kw_only=True)
class PaymentRefunded(_OfHold, Fact):
    """The money went back to the payer."""


@dataclass(frozen=True, kw_only=True)
class PaymentFailed(_OfHold, Fact):
    """A payment did not go through; it may be tried again."""

    reason: str


@dataclass(frozen=True, kw_only=True)
class PaymentCancelled(_OfHold, Fact):
    """A payment that had not arrived is no longer wanted."""


@dataclass(frozen=True, kw_only=True)
class IntentUnwanted(_OfHold, Fact):
    """The provider should no longer take this payment."""


@dataclass(frozen=True, kw_only=True)
class IntentAwaited(_OfHold, Fact):
    """By now the provider should have opened this payment; `asked` counts how often that was looked after."""

    asked: int


@dataclass(frozen=True, kw_only=True)
class RefundRequested(_OfHold, Fact):
    """The provider is to be asked for a refund.

    `attempt` counts definite refusals and is part of the idempotency key; `asked` counts how often this
    attempt has been asked about.
    """

    attempt: int
    asked: int


@dataclass(frozen=True, kw_only=True)
class RefundDeclined(_OfHold, Fact):
    """The provider refused a refund; the money stays where it is."""

    reason: str


@dataclass(frozen=True, kw_only=True)
class _OfRequest:
    """Something happened to a payment request; the amount is in minor units."""

    request_id: int
    reference: str
    about: str | None
    payer_id: int
    payee_id: int
    amount_minor: int
    currency: str

    @property
    def request(self) -> str:
        """How messages refer to it: `payment_request:21`."""
        return f"payment_request:{self.request_id}"


@dataclass(frozen=True, kw_only=True)
class PaymentRequested(_OfRequest, Fact):
    """Somebody asked somebody else for money."""


@dataclass(frozen=True, kw_only=True)
class PaymentRequestPaid(_OfRequest, Fact):
    """What was asked for is paid, and is the payee's; the release of its hold is a fact of its own."""

    hold_id: int


@dataclass(frozen=True, kw_only=True)
class _OfWithdrawal:
    """Something happened to a withdrawal; amounts are in minor units."""

    withdrawal_id: int
    person_id: int
    amount_minor: int
    currency: str


@dataclass(frozen=True, kw_only=True)
class WithdrawalRequested(_OfWithdrawal, Fact):
    """The provider is to be asked to pay money out; `asked` counts how often it has been."""

    asked: int


@dataclass(frozen=True, kw_only=True)
class WithdrawalReturning(_OfWithdrawal, Fact):
    """A payout failed: the provider is to be asked to take its transfer back."""

    attempt: int
    asked: int


@dataclass(frozen=True, kw_only=True)
class WithdrawalCompleted(_OfWithdrawal, Fact):
    """Money arrived at somebody's bank."""


@dataclass(frozen=True, kw_only=True)
class WithdrawalFailed(_OfWithdrawal, Fact):
    """A withdrawal did not succeed; the money is available again."""

    reason: str


@dataclass(frozen=True, kw_only=True)
class PayoutAccountChanged(Fact):
    """Whether somebody can be paid out to has changed."""

    person_id: int
    payouts_enabled: bool


@dataclass(frozen=True, kw_only=True)
class PaymentMethodRemoved(Fact):
    """A card is kept no longer; the provider is to be told."""

    method_id: int
    person_id: int
    provider_reference: str


@dataclass(frozen=True, kw_only=True)
class ProviderReferenceLearned(Fact):
    """We know now what the provider calls something; news of it may have come before."""

    provider_reference: str
