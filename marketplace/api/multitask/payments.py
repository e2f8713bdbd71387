"""`/api/payments/`: payout accounts, cards, the wallet, withdrawals, escrow, the provider's webhook."""

from typing import Any

from flask import request

from marketplace.api.authentication import current_person, public, signed_in
from marketplace.api.blueprint import Made
from marketplace.api.limits import limited
from marketplace.api.multitask.dialect import CURRENCY, blueprint, page_of, page_request
from marketplace.api.multitask.schemas.payment_methods import PaymentMethodIn, PaymentMethodOut
from marketplace.api.multitask.schemas.payments import (
    ConnectAccountOut,
    EscrowOut,
    IntentIn,
    IntentOut,
    OnboardingIn,
    OnboardingOut,
    Received,
    TransactionOut,
    WalletOut,
    WithdrawalIn,
    WithdrawalOut,
)
from marketplace.api.paging import Paged
from marketplace.domains.deals import errors as deals_errors
from marketplace.domains.deals import public as deals
from marketplace.domains.payments import errors
from marketplace.domains.payments import public as money
from marketplace.kernel.money import Money
from marketplace.kernel.pages import Page
from marketplace.kernel.process import NotYours, WrongState

payments = blueprint("Payments", "payments", "Payout accounts, cards, escrow, wallet and withdrawals.")
SIGNATURE = "Stripe-Signature"


@payments.post("/connect/create/")
@signed_in()
@limited("money")
@payments.answers(201, ConnectAccountOut, existing=200)
@payments.refuses(errors.PayoutAccountRefused, errors.ProviderUnavailable)
def create_account() -> Made[ConnectAccountOut]:
    """Open a payout account."""
    account, is_new = money.open_payout_account(actor=current_person())
    return Made(ConnectAccountOut.of(account), is_new)


@payments.post("/connect/onboarding/")
@signed_in()
@limited("money")
@payments.takes(OnboardingIn)
@payments.answers(200, OnboardingOut)
@payments.refuses(errors.OriginNotAllowed, errors.PayoutAccountRefused, errors.ProviderUnavailable)
def create_onboarding(back: dict[str, str | None]) -> OnboardingOut:
    """Get the provider's page where one completes the payout account, which is opened if need be."""
    return OnboardingOut.of(money.open_onboarding(actor=current_person(), **back))


@payments.get("/connect/status/")
@signed_in()
@payments.answers(200, ConnectAccountOut)
def get_account_status() -> ConnectAccountOut:
    """Whether one has a payout account and can be paid out."""
    return ConnectAccountOut.of(money.get_payout_account(actor=current_person()))


@payments.get("/wallet/")
@signed_in()
@payments.answers(200, WalletOut)
def get_wallet() -> WalletOut:
    """One's balances."""
    return WalletOut.of(money.get_wallet(person_id=current_person().id, currency=CURRENCY))


@payments.get("/wallet/transactions/")
@signed_in()
@payments.answers(200, Paged[TransactionOut])
def list_transactions() -> Page[TransactionOut]:
    """The movements of one's money, newest first."""
    page = money.list_lines(person_id=current_person().id, currency=CURRENCY, page=page_request())
    return page_of(page, TransactionOut.of)


@payments.get("/withdrawals/")
@signed_in()
@payments.answers(200, Paged[WithdrawalOut])
def list_withdrawals() -> Page[WithdrawalOut]:
    """One's withdrawals, newest first."""
    page = money.list_withdrawals(person_id=current_person().id, page=page_request())
    return page_of(page, WithdrawalOut.of)


@payments.post("/withdrawals/create/")
@signed_in()
@limited("money")
@payments.takes(WithdrawalIn)
@payments.answers(201, WithdrawalOut)
@payments.refuses(errors.AmountTooLarge, errors.InsufficientFunds, errors.PayoutsNotEnabled)
def create_withdrawal(amount: Money) -> WithdrawalOut:
    """Have an amount paid out to one's bank."""
    return WithdrawalOut.of(money.withdraw(actor=current_person(), amount=amount))


@payments.get("/payment-methods/")
@signed_in()
@payments.answers(200, Paged[PaymentMethodOut])
def list_methods() -> Page[PaymentMethodOut]:
    """The cards that one keeps for paying, newest first."""
    page = money.list_payment_methods(person_id=current_person().id, page=page_request())
    return page_of(page, PaymentMethodOut.of)


@payments.post("/payment-methods/create/")
@signed_in()
@limited("money")
@payments.takes(PaymentMethodIn)
@payments.answers(201, PaymentMethodOut, existing=200)
@payments.refuses(errors.PaymentMethodRefused, errors.ProviderUnavailable)
def create_method(body: dict[str, Any]) -> Made[PaymentMethodOut]:
    """Keep a card that the provider's form has taken in; the first one is the default."""
    method, is_new = money.add_payment_method(actor=current_person(), **body)
    return Made(PaymentMethodOut.of(method), is_new)


@payments.delete("/payment-methods/<id:method_id>/delete/")
@signed_in()
@payments.answers(204)
@payments.refuses(errors.PaymentMethodNotFound)
def delete_method(method_id: int) -> None:
    """Keep a card no longer; the newest of the others takes the default one's place."""
    money.remove_payment_method(actor=current_person(), method_id=method_id)


@payments.post("/payment-methods/<id:method_id>/set-default/")
@signed_in()
@limited("money")
@payments.answers(200, PaymentMethodOut)
@payments.refuses(errors.PaymentMethodNotFound)
def set_default_method(method_id: int) -> PaymentMethodOut:
    """Let a card be the default one."""
    return PaymentMethodOut.of(money.set_default_method(actor=current_person(), method_id=method_id))


@payments.post("/intents/create/")
@signed_in()
@limited("money")
@payments.takes(IntentIn)
@payments.answers(201, IntentOut, existing=200)
@payments.refuses(
    deals_errors.UnknownApplication,
    deals_errors.NothingAccepted,
    deals_errors.NotTogether,
    deals_errors.NotAccepted,
    deals_errors.NotYourDeal,
    errors.AmountBelowAgreed,
    errors.AmountTooLarge,
    errors.AlreadyFunded,
    errors.BeingPaid,
    errors.OtherTerms,
    errors.HoldMoved,
    errors.PaymentRefused,
    errors.ProviderUnavailable,
)
def create_intent(body: dict[str, Any]) -> Made[IntentOut]:
    """Open the payment of an accepted application; repeated while it is unpaid, it finds the same one."""
    intent = deals.fund(actor=current_person(), **body)
    return Made(IntentOut.of(intent), intent.is_new)


@payments.post("/escrow/<id:escrow_id>/release/")
@signed_in()
@limited("money")
@payments.answers(200, EscrowOut)
@payments.refuses(errors.HoldNotFound, NotYours, deals_errors.NotDue, WrongState)
def release_escrow(escrow_id: int) -> EscrowOut:
    """Let the freelancer have the money, less the platform's fee."""
    return EscrowOut.of(deals.release(actor=current_person(), hold_id=escrow_id))


@payments.post("/escrow/<id:escrow_id>/refund/")
@signed_in()
@limited("money")
@payments.answers(200, EscrowOut)
@payments.refuses(
    errors.HoldNotFound,
    deals_errors.TooLateToRefund,
    errors.RefundRefused,
    errors.RefundUnderWay,
    WrongState,
)
def refund_escrow(escrow_id: int) -> EscrowOut:
    """Give the money back; its owner may until the work is taken as done, the freelancer at any time."""
    return EscrowOut.of(deals.refund(actor=current_person(), hold_id=escrow_id))


@payments.get("/escrow/<id:escrow_id>/")
@signed_in()
@payments.answers(200, EscrowOut)
@payments.refuses(errors.HoldNotFound)
def get_escrow(escrow_id: int) -> EscrowOut:
    """An escrow, for its client, its freelancer and the staff."""
    return EscrowOut.of(money.get_hold(actor=current_person(), hold_id=escrow_id, kind="application"))


@payments.post("/webhooks/stripe/")
@public
@payments.answers(200, Received)
@payments.refuses(errors.BadSignature, errors.NotAnEvent)
def receive_webhook() -> Received:
    """Take an event of the payment provider in; its signature is checked on the raw body."""
    money.receive_webhook(body=request.get_data(), signature=request.headers.get(SIGNATURE, ""))
    return Received()
