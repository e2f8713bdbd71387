"""What people do outside the API: the payer pays, the holder completes the account, the bank settles."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from marketplace.kernel.money import Money
from marketplace.kernel.unit_of_work import UnitOfWork, unit_of_work
from marketplace.providers.sandbox.acts import Acted, NothingWithThatReference, Outcome, Shown
from marketplace.providers.sandbox.events import PayoutUnderWay
from marketplace.providers.sandbox.models import SandboxObject
from marketplace.providers.sandbox.stripe import accounts, payments, store, webhooks
from marketplace.providers.sandbox.stripe.rules import BANK, PAYER, PAYMENT, PAYOUT, REFUND


def act(reference: str, outcome: Outcome) -> Acted:
    """Let a person or a bank act; answers once the receiver of the webhook has been told."""
    with unit_of_work() as unit:
        row = _find(unit, reference)
        event, status = _ACTS[row.kind](unit, row, outcome)
    return Acted(reference=reference, status=status, webhook_status=webhooks.await_delivery(event))


def settle(fact: PayoutUnderWay) -> None:
    """Let a payout reach the bank, unless its account was told to fail or somebody ended it before."""
    with unit_of_work() as unit:
        account = store.get_locked(unit, "account", fact.account)
        row = store.get_locked(unit, "payout", fact.payout, account=fact.account)
        if PAYOUT.is_final(row.body["status"]):
            return
        _end_payout(unit, row, Outcome.FAILED if account.hidden["payouts_fail"] else Outcome.SUCCEEDED)


def list_payments(most: int) -> list[Shown]:
    """The newest payments; an open one waits for its payer."""
    return [
        _show(body, is_open=bool(PAYMENT.allowed(state=body["status"], actors=PAYER)))
        for body in store.list_newest("payment_intent", most)
    ]


def list_payouts(most: int) -> list[Shown]:
    """The newest payouts; an open one is on its way."""
    return [
        _show(body, is_open=not PAYOUT.is_final(body["status"])) for body in store.list_newest("payout", most)
    ]


def _show(body: Mapping[str, Any], *, is_open: bool) -> Shown:
    return Shown(
        reference=body["id"],
        amount=Money(body["amount"], body["currency"].upper()),
        status=body["status"],
        is_open=is_open,
        failure_reason=body.get("failure_message") or "",
    )


def _find(unit: UnitOfWork, reference: str) -> SandboxObject:
    if not store.is_id(reference):
        raise NothingWithThatReference
    known = unit.session.execute(
        select(SandboxObject.kind, SandboxObject.account).where(
            SandboxObject.id == reference, SandboxObject.kind.in_(_ACTS)
        )
    ).one_or_none()
    if known is None:
        raise NothingWithThatReference
    if known.account:
        store.get_locked(unit, "account", known.account)  # the account first, as everywhere
    return store.get_locked(unit, known.kind, reference, account=known.account)


def _end_payment(unit: UnitOfWork, row: SandboxObject, outcome: Outcome) -> tuple[str, str]:
    action, end = _PAYMENT_ENDS[outcome]
    status = PAYMENT.decide(action, state=row.body["status"], actors=PAYER)
    return end(unit, row, status=status), status


def _end_payout(unit: UnitOfWork, row: SandboxObject, outcome: Outcome) -> tuple[str, str]:
    action, end = _PAYOUT_ENDS[outcome]
    status = PAYOUT.decide(action, state=row.body["status"], actors=BANK)
    return end(unit, row, status=status), status


def _end_refund(unit: UnitOfWork, row: SandboxObject, outcome: Outcome) -> tuple[str, str]:
    action, end = _REFUND_ENDS[outcome]
    status = REFUND.decide(action, state=row.body["status"], actors=BANK)
    return end(unit, row, status=status), status


def _end_account(unit: UnitOfWork, row: SandboxObject, outcome: Outcome) -> tuple[str, str]:
    payouts_fail = outcome is Outcome.FAILED
    store.note(row, payouts_fail=payouts_fail)
    if payouts_fail:
        return webhooks.announce(unit, "account.updated", row.body, account=row.id), "payouts_fail"
    return accounts.complete(unit, row), "complete"


_PAYMENT_ENDS = {Outcome.SUCCEEDED: ("pay", payments.pay), Outcome.FAILED: ("decline", payments.decline)}
_PAYOUT_ENDS = {Outcome.SUCCEEDED: ("arrive", accounts.arrive), Outcome.FAILED: ("fail", accounts.fail)}
_REFUND_ENDS = {
    Outcome.SUCCEEDED: ("arrive", payments.refund_arrives),
    Outcome.FAILED: ("fail", payments.refund_fails),
}
_ACTS = {
    "payment_intent": _end_payment,
    "account": _end_account,
    "payout": _end_payout,
    "refund": _end_refund,
}
