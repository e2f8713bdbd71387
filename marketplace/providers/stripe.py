"""Stripe, spoken to through its own client: the real one, or in development the sandbox's twin."""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import stripe
from typing_extensions import override

from marketplace.kernel.money import Money
from marketplace.kernel.settings import Settings
from marketplace.providers.payments import (
    Event,
    Method,
    OnboardingLink,
    OutcomeUnknown,
    Payment,
    PaymentProvider,
    Payout,
    PayoutAccount,
    Refund,
    Refused,
    Transfer,
)
from marketplace.providers.stripe_webhooks import read_event, webhook_secret

SANDBOX_PATH = "/sandbox/stripe"
SANDBOX_KEY = "sk_test_sandbox"
CONNECT_TIMEOUT_S = 3.05
READ_TIMEOUT_S = 20
# Stripe's client repeats a broken call under the same idempotency key. In the sandbox it does not, so that
# the faults which a test or a demo asks for are seen.
RETRIES = 2

# The provider said no and did nothing. All else (no connection, 5xx, 409, 429, a key used for another
# request, an answer that is not Stripe's) leaves open what has happened.
_DEFINITE = (
    stripe.AuthenticationError,
    stripe.CardError,
    stripe.InvalidRequestError,
    stripe.PermissionError,
)

stripe.enable_telemetry = False  # it would leave a file in the home directory and tell of the machine


class StripeProvider(PaymentProvider):
    """The provider that `marketplace.providers.payments` describes."""

    name = "stripe"

    def __init__(self, settings: Settings) -> None:
        """Connect lazily to `STRIPE_API_BASE`, to Stripe, or without a key to the sandbox's twin."""
        self.is_sandbox = settings.stripe_is_sandbox
        self._webhook_secret = webhook_secret(settings)
        twin = settings.public_url + SANDBOX_PATH if self.is_sandbox else stripe.DEFAULT_API_BASE
        self._client = stripe.StripeClient(
            settings.stripe_api_key or SANDBOX_KEY,
            base_addresses={"api": (settings.stripe_api_base or twin).rstrip("/")},
            max_network_retries=0 if self.is_sandbox else RETRIES,
            http_client=stripe.RequestsClient(timeout=(CONNECT_TIMEOUT_S, READ_TIMEOUT_S)),
        )

    @override
    def create_payment(
        self,
        amount: Money,
        *,
        metadata: Mapping[str, str],
        idempotency_key: str,
        customer_reference: str | None = None,
    ) -> Payment:
        asked: Any = {
            "amount": amount.minor,
            "currency": amount.currency.lower(),
            "automatic_payment_methods": {"enabled": True},
            "metadata": dict(metadata),
        }
        if customer_reference is not None:
            asked["customer"] = customer_reference
        with _asking():
            intent = self._client.v1.payment_intents.create(asked, {"idempotency_key": idempotency_key})
            return _payment(intent)

    @override
    def change_payment(self, reference: str, amount: Money, *, idempotency_key: str) -> Payment:
        with _asking():
            intent = self._client.v1.payment_intents.update(
                reference, {"amount": amount.minor}, {"idempotency_key": idempotency_key}
            )
            return _payment(intent)

    @override
    def cancel_payment(self, reference: str, *, idempotency_key: str) -> Payment:
        with _asking():
            intent = self._client.v1.payment_intents.cancel(
                reference, {}, {"idempotency_key": idempotency_key}
            )
            return _payment(intent)

    @override
    def get_payment(self, reference: str) -> Payment:
        with _asking():
            return _payment(self._client.v1.payment_intents.retrieve(reference))

    @override
    def refund(self, payment_reference: str, amount: Money, *, idempotency_key: str) -> Refund:
        with _asking():
            refund = self._client.v1.refunds.create(
                {"payment_intent": payment_reference, "amount": amount.minor},
                {"idempotency_key": idempotency_key},
            )
            return _refund(refund)

    @override
    def get_refund(self, reference: str) -> Refund:
        with _asking():
            return _refund(self._client.v1.refunds.retrieve(reference))

    @override
    def find_refund(self, payment_reference: str, amount: Money) -> Refund | None:
        with _asking():
            refunds = self._client.v1.refunds.list({"payment_intent": payment_reference, "limit": 100})
            return next((_refund(one) for one in refunds.data if one.amount == amount.minor), None)

    @override
    def create_customer(self, *, email: str, metadata: Mapping[str, str], idempotency_key: str) -> str:
        with _asking():
            customer = self._client.v1.customers.create(
                {"email": email, "metadata": dict(metadata)}, {"idempotency_key": idempotency_key}
            )
            return customer.id

    @override
    def attach_method(self, reference: str, *, customer_reference: str, idempotency_key: str) -> Method:
        with _asking():
            method = self._client.v1.payment_methods.attach(
                reference, {"customer": customer_reference}, {"idempotency_key": idempotency_key}
            )
            return _method(method)

    @override
    def detach_method(self, reference: str, *, idempotency_key: str) -> None:
        with _asking():
            self._client.v1.payment_methods.detach(reference, {}, {"idempotency_key": idempotency_key})

    @override
    def create_account(
        self, *, email: str, country: str, metadata: Mapping[str, str], idempotency_key: str
    ) -> PayoutAccount:
        with _asking():
            account = self._client.v1.accounts.create(
                {
                    "type": "express",
                    "email": email,
                    "country": country,
                    "capabilities": {"transfers": {"requested": True}},
                    # Money leaves the account when its holder asks, not when the calendar does.
                    "settings": {"payouts": {"schedule": {"interval": "manual"}}},
                    "metadata": dict(metadata),
                },
                {"idempotency_key": idempotency_key},
            )
            return _account(account)

    @override
    def get_account(self, reference: str) -> PayoutAccount:
        with _asking():
            return _account(self._client.v1.accounts.retrieve(reference))

    @override
    def onboarding_link(self, account_reference: str, *, return_url: str, refresh_url: str) -> OnboardingLink:
        with _asking():
            link = self._client.v1.account_links.create(
                {
                    "account": account_reference,
                    "return_url": return_url,
                    "refresh_url": refresh_url,
                    "type": "account_onboarding",
                }
            )
            return OnboardingLink(url=link.url, expires_at=datetime.fromtimestamp(link.expires_at, UTC))

    @override
    def transfer(
        self, amount: Money, *, account_reference: str, metadata: Mapping[str, str], idempotency_key: str
    ) -> Transfer:
        with _asking():
            transfer = self._client.v1.transfers.create(
                {
                    "amount": amount.minor,
                    "currency": amount.currency.lower(),
                    "destination": account_reference,
                    "metadata": dict(metadata),
                },
                {"idempotency_key": idempotency_key},
            )
            return _transfer(transfer)

    @override
    def reverse_transfer(self, transfer_reference: str, *, idempotency_key: str) -> None:
        with _asking():
            self._client.v1.transfers.reversals.create(
                transfer_reference, {}, {"idempotency_key": idempotency_key}
            )

    @override
    def get_transfer(self, reference: str) -> Transfer:
        with _asking():
            return _transfer(self._client.v1.transfers.retrieve(reference))

    @override
    def pay_out(
        self, amount: Money, *, account_reference: str, metadata: Mapping[str, str], idempotency_key: str
    ) -> Payout:
        with _asking():
            payout = self._client.v1.payouts.create(
                {
                    "amount": amount.minor,
                    "currency": amount.currency.lower(),
                    "metadata": dict(metadata),
                },
                {"idempotency_key": idempotency_key, "stripe_account": account_reference},
            )
            return _payout(payout)

    @override
    def get_payout(self, reference: str, *, account_reference: str) -> Payout:
        with _asking():
            return _payout(
                self._client.v1.payouts.retrieve(reference, options={"stripe_account": account_reference})
            )

    @override
    def read_event(self, body: bytes, signature: str) -> Event:
        return read_event(body, signature, secret=self._webhook_secret)


class _Configured:
    """The provider of this process."""

    def __init__(self) -> None:
        self._settings = Settings()
        self._provider: PaymentProvider | None = None

    def configure(self, settings: Settings) -> None:
        """Speak to Stripe as the settings say."""
        self._settings = settings
        self._provider = None

    def provider(self) -> PaymentProvider:
        """The provider, made at its first use."""
        if self._provider is None:
            self._provider = StripeProvider(self._settings)
        return self._provider

    def forget(self) -> None:
        """Make another in a forked child, which must not share its parent's connections."""
        self._provider = None

    @contextmanager
    def replaced(self, provider: PaymentProvider) -> Iterator[None]:
        """Let a test's own provider stand in."""
        before, self._provider = self._provider, provider
        try:
            yield
        finally:
            self._provider = before


_configured = _Configured()
configure = _configured.configure
provider = _configured.provider
replaced = _configured.replaced
os.register_at_fork(after_in_child=_configured.forget)


@contextmanager
def _asking() -> Iterator[None]:
    try:
        yield
    except _DEFINITE as error:
        raise Refused(error.user_message or str(error), code=error.code or "") from error
    except stripe.StripeError as error:
        raise OutcomeUnknown(str(error)) from error


def _payment(intent: stripe.PaymentIntent) -> Payment:
    return Payment(
        reference=intent.id,
        client_secret=intent.client_secret or "",
        status=intent.status,
        amount=Money(intent.amount, intent.currency.upper()),
    )


def _account(account: stripe.Account) -> PayoutAccount:
    return PayoutAccount(
        reference=account.id,
        charges_enabled=bool(account.charges_enabled),
        payouts_enabled=bool(account.payouts_enabled),
        details_submitted=bool(account.details_submitted),
    )


def _method(method: stripe.PaymentMethod) -> Method:
    card = method.card
    if card is None:
        return Method(reference=method.id, kind=method.type)
    return Method(
        reference=method.id,
        kind=method.type,
        brand=card.brand,
        last4=card.last4,
        exp_month=card.exp_month,
        exp_year=card.exp_year,
    )


def _refund(refund: stripe.Refund) -> Refund:
    return Refund(reference=refund.id, status=refund.status or "pending")


def _transfer(transfer: stripe.Transfer) -> Transfer:
    return Transfer(reference=transfer.id, is_reversed=transfer.amount_reversed >= transfer.amount)


def _payout(payout: stripe.Payout) -> Payout:
    return Payout(reference=payout.id, status=payout.status, failure_reason=payout.failure_message or "")
