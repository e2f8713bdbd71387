"""Connected accounts and the money on them: onboarding, transfers, payouts."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from marketplace.kernel.clock import clock
from marketplace.kernel.unit_of_work import UnitOfWork
from marketplace.providers.sandbox.events import PayoutUnderWay
from marketplace.providers.sandbox.models import SandboxObject
from marketplace.providers.sandbox.stripe import forms, store, webhooks
from marketplace.providers.sandbox.stripe.calls import Call
from marketplace.providers.sandbox.stripe.errors import StripeRefusal, no_such, outcome
from marketplace.providers.sandbox.stripe.rules import PAYOUT

SETTLES_AFTER = timedelta(seconds=1)
BANK_SAYS_NO = {
    "failure_code": "account_closed",
    "failure_message": "The bank account has been closed.",
}
DUE = ["external_account", "tos_acceptance.date"]


def create(unit: UnitOfWork, call: Call) -> dict[str, Any]:
    """Open an account, which cannot do anything before its holder completes it."""
    fields = {
        "type": str(call.params.get("type", "express")),
        "country": str(call.params.get("country", "US")).upper(),
        "email": call.params.get("email"),
        "default_currency": "usd",
        "business_type": None,
        "charges_enabled": False,
        "payouts_enabled": False,
        "details_submitted": False,
        "capabilities": {"transfers": "inactive"},
        "requirements": {"currently_due": DUE, "disabled_reason": "requirements.past_due"},
        "metadata": forms.metadata(call.params),
    }
    return store.create(unit, "account", fields, hidden={"balance": {}, "payouts_fail": False}).body


def complete(unit: UnitOfWork, row: SandboxObject) -> str:
    """Let the holder have completed the account; answers the event."""
    store.change(
        row,
        charges_enabled=True,
        payouts_enabled=True,
        details_submitted=True,
        capabilities={"transfers": "active"},
        requirements={"currently_due": [], "disabled_reason": None},
    )
    return webhooks.announce(unit, "account.updated", row.body, account=row.id)


def transfer(unit: UnitOfWork, call: Call) -> dict[str, Any]:
    """Move money from the platform to an account."""
    amount, currency = forms.amount(call.params), forms.currency(call.params)
    account = _account(unit, forms.text(call.params, "destination"), "destination")
    if account.body["capabilities"].get("transfers") != "active":
        raise outcome(
            "Your destination account needs to have the following capability enabled: transfers",
            "insufficient_capabilities_for_transfer",
        )
    _move(account, currency, amount)
    fields = {
        "amount": amount,
        "amount_reversed": 0,
        "currency": currency,
        "destination": account.id,
        "metadata": forms.metadata(call.params),
        "reversed": False,
    }
    return store.create(unit, "transfer", fields).body


def reverse_transfer(unit: UnitOfWork, call: Call) -> dict[str, Any]:
    """Take a transfer, or a part of it, back."""
    row = store.get_locked(unit, "transfer", call.ids["transfer"])
    left = row.body["amount"] - row.body["amount_reversed"]
    amount = forms.amount(call.params) if "amount" in call.params else left
    if left == 0 or amount > left:
        raise outcome(
            f"Transfer {row.id} has {left} left to reverse, not {amount or 'more'}.", param="amount"
        )
    account = _account(unit, row.body["destination"])
    _move(account, row.body["currency"], -amount)
    store.change(row, amount_reversed=row.body["amount_reversed"] + amount, reversed=amount == left)
    webhooks.announce(unit, "transfer.reversed", row.body, is_later=True)
    fields = {
        "amount": amount,
        "currency": row.body["currency"],
        "metadata": forms.metadata(call.params),
        "transfer": row.id,
    }
    return store.create(unit, "transfer_reversal", fields).body


def pay_out(unit: UnitOfWork, call: Call) -> dict[str, Any]:
    """Send an account's money to its bank, where it arrives a moment later, or does not."""
    if call.account is None:
        raise StripeRefusal("The sandbox pays out connected accounts only: send the Stripe-Account header.")
    amount, currency = forms.amount(call.params), forms.currency(call.params)
    account = _account(unit, call.account)
    if not account.body["payouts_enabled"]:
        raise outcome("Payouts are not enabled on this account.", "payouts_not_allowed")
    _move(account, currency, -amount)
    fields = {
        "amount": amount,
        "arrival_date": store.timestamp(),
        "currency": currency,
        "failure_code": None,
        "failure_message": None,
        "metadata": forms.metadata(call.params),
        "method": "standard",
        "status": PAYOUT.initial,
        "type": "bank_account",
    }
    row = store.create(unit, "payout", fields, account=account.id)
    unit.record(PayoutUnderWay(payout=row.id, account=account.id), due_at=clock.now() + SETTLES_AFTER)
    return row.body


def arrive(unit: UnitOfWork, row: SandboxObject, *, status: str) -> str:
    """Let a payout have reached the bank; answers the event."""
    return _end(unit, row, "payout.paid", {"status": status})


def fail(unit: UnitOfWork, row: SandboxObject, *, status: str) -> str:
    """Let the bank send a payout back to the account's balance; answers the event."""
    _move(_account(unit, str(row.account)), row.body["currency"], row.body["amount"])
    return _end(unit, row, "payout.failed", {"status": status, **BANK_SAYS_NO})


def _end(unit: UnitOfWork, row: SandboxObject, event: str, fields: Mapping[str, Any]) -> str:
    store.change(row, **fields)
    return webhooks.announce(unit, event, row.body, account=row.account)


def _account(unit: UnitOfWork, reference: str, param: str = "account") -> SandboxObject:
    row = store.find_locked(unit, "account", reference)
    if row is None:
        raise no_such("destination" if param == "destination" else "account", reference, param)
    return row


def _move(account: SandboxObject, currency: str, amount: int) -> None:
    balance: dict[str, int] = account.hidden["balance"]
    left = balance.get(currency, 0) + amount
    if left < 0:
        raise outcome(
            "You have insufficient funds in your Stripe account for this payout.", "balance_insufficient"
        )
    store.note(account, balance={**balance, currency: left})
