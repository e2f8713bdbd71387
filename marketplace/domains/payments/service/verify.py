"""Proving the books: every check is one statement, so it sees one moment, and answers what should not be."""

from collections.abc import Iterator

from sqlalchemy import text

from marketplace.domains.payments import queries, rules
from marketplace.domains.payments.errors import ProviderNotSetUp
from marketplace.domains.payments.queries import requests
from marketplace.domains.payments.service import pay_request
from marketplace.domains.payments.types import Finding, Hold, PaymentRequest, Withdrawal
from marketplace.kernel.clock import clock
from marketplace.kernel.reading import reading
from marketplace.providers import stripe
from marketplace.providers.payments import OutcomeUnknown, ProviderError, Refused

# Each statement answers sentences; none is the proof.
_CHECKS = {
    "balanced": """
        SELECT 'transaction ' || t.id || ' (' || t.natural_key || ') is not balanced'
        FROM ledger_transactions t
        WHERE (SELECT count(*) FROM ledger_entries e WHERE e.transaction_id = t.id) < 2
            OR EXISTS (SELECT FROM ledger_entries e WHERE e.transaction_id = t.id
                GROUP BY e.currency HAVING sum(e.amount_minor) <> 0)""",
    "balances": """
        SELECT 'account ' || a.id || ' (' || a.purpose || ') says ' || a.balance_minor || ', its entries '
            || coalesce(e.minor, 0)
        FROM ledger_accounts a LEFT JOIN (SELECT account_id, sum(amount_minor) AS minor FROM ledger_entries
            GROUP BY account_id) e ON e.account_id = a.id
        WHERE a.balance_minor <> coalesce(e.minor, 0)
            OR (a.balance_minor < 0 AND a.purpose <> 'provider')""",
    "currencies": """
        SELECT 'the accounts at ' || provider || ' in ' || currency || ' add up to ' || sum(balance_minor)
        FROM ledger_accounts GROUP BY provider, currency HAVING sum(balance_minor) <> 0""",
    "places": """
        SELECT 'transaction ' || t.id || ' (' || t.natural_key || ') moves money that lies at ' || a.provider
        FROM ledger_transactions t JOIN ledger_entries e ON e.transaction_id = t.id
            JOIN ledger_accounts a ON a.id = e.account_id
            LEFT JOIN holds h ON h.id = t.hold_id LEFT JOIN withdrawals w ON w.id = t.withdrawal_id
        WHERE a.provider <> coalesce(h.provider, w.provider)""",
    "holds": """
        SELECT 'hold ' || h.id || ' is ' || h.status || ' of ' || h.amount_minor || ', its account has '
            || coalesce(a.balance_minor, 0)
        FROM holds h LEFT JOIN ledger_accounts a ON a.hold_id = h.id
        WHERE coalesce(a.balance_minor, 0)
            <> CASE WHEN h.status IN ('held', 'refunding') THEN h.amount_minor ELSE 0 END""",
    "stories": """
        SELECT 'hold ' || h.id || ' is ' || h.status || ', its transactions are ' || coalesce(t.kinds, 'none')
        FROM holds h LEFT JOIN (SELECT hold_id, string_agg(kind, ' ' ORDER BY id) AS kinds
            FROM ledger_transactions GROUP BY hold_id) t ON t.hold_id = h.id
        WHERE coalesce(t.kinds, '') !~ CASE
            WHEN h.status IN ('held', 'refunding') THEN '^fund( refund refund_failed)*$'
            WHEN h.status = 'released' THEN '^fund( refund refund_failed)* release$'
            WHEN h.status = 'refunded' THEN '^fund( refund refund_failed)* refund$'
            ELSE '^$' END""",
    "releases": """
        SELECT 'hold ' || h.id || ' was released to ' || h.payee_id || ' with ' || coalesce(e.minor, 0)
            || ' instead of ' || h.amount_minor - h.fee_minor
        FROM holds h LEFT JOIN (SELECT t.hold_id, sum(e.amount_minor) AS minor FROM ledger_transactions t
            JOIN ledger_entries e ON e.transaction_id = t.id
            JOIN ledger_accounts a ON a.id = e.account_id AND a.purpose = 'available'
            WHERE t.kind = 'release' GROUP BY t.hold_id) e ON e.hold_id = h.id
        WHERE h.status = 'released' AND coalesce(e.minor, 0) <> h.amount_minor - h.fee_minor""",
    "pending": """
        SELECT 'person ' || coalesce(w.person_id, a.owner_id) || ' has withdrawals of '
            || coalesce(w.minor, 0) || ' under way, their account ' || coalesce(a.balance_minor, 0)
        FROM (SELECT person_id, provider, currency, sum(amount_minor) AS minor FROM withdrawals
            WHERE status IN ('pending', 'processing', 'returning') GROUP BY person_id, provider, currency) w
        FULL JOIN (SELECT * FROM ledger_accounts WHERE purpose = 'pending') a
            ON a.owner_id = w.person_id AND a.provider = w.provider AND a.currency = w.currency
        WHERE coalesce(w.minor, 0) <> coalesce(a.balance_minor, 0)""",
    "withdrawals": """
        SELECT 'withdrawal ' || w.id || ' is ' || w.status || ', its transactions are '
            || coalesce(t.kinds, 'none')
        FROM withdrawals w LEFT JOIN (SELECT withdrawal_id, string_agg(kind, ' ' ORDER BY id) AS kinds
            FROM ledger_transactions GROUP BY withdrawal_id) t ON t.withdrawal_id = w.id
        WHERE NOT coalesce(t.kinds, '') = ANY (CASE w.status
            WHEN 'completed' THEN ARRAY['withdraw payout']
            WHEN 'failed' THEN ARRAY['withdraw return', 'withdraw payout bounce return']
            WHEN 'returning' THEN ARRAY['withdraw', 'withdraw payout bounce']
            ELSE ARRAY['withdraw'] END)""",
    "requests": """
        SELECT 'payment request ' || r.id || ' is paid, its hold ' || coalesce(h.id || ' is ' || h.status
            || ' of ' || h.amount_minor || ' ' || h.currency || ' at ' || h.provider, 'is not there')
        FROM payment_requests r LEFT JOIN holds h ON h.id = r.hold_id
            AND h.reference = 'payment_request:' || r.id AND h.subject = r.reference
        WHERE r.status = 'paid' AND (h.status, h.payer_id, h.payee_id, h.amount_minor, h.currency)
            IS DISTINCT FROM ('released', r.payer_id, r.payee_id, r.amount_minor, r.currency)""",
    "events": """
        SELECT 'event ' || event_id || ' (' || type || ') waits for somebody: ' || note
        FROM provider_events WHERE outcome = 'flagged'""",
}
_TO_BE_PAID = frozenset({"succeeded"})


def verify(*, ask_provider: bool = True) -> Iterator[Finding]:
    """What is wrong with the books, in sentences; nothing when they are right."""
    for check, statement in _CHECKS.items():
        with reading() as connection:
            sentences = connection.scalars(text(f"{statement} ORDER BY 1")).all()
        yield from (Finding(check=check, sentence=sentence) for sentence in sentences)
    yield from _stuck()
    if ask_provider:
        for hold in queries.list_holds_at_stripe():
            yield from _differences(hold)
        for request in requests.list_payable_requests():
            yield from _unheard_of(request)


def _stuck() -> Iterator[Finding]:
    """What has been asked about so often that only somebody who looks at the provider can tell."""
    now = clock.now()
    for withdrawal in queries.list_open_withdrawals():
        if rules.is_overdue(withdrawal, now):
            yield Finding(check="stuck", sentence=_why_stuck(withdrawal))
    for hold in queries.list_refunds_under_way():
        if rules.is_refund_overdue(hold, now):
            since = hold.refund_requested_at or hold.created_at
            why = hold.failure or "nobody knows whether it was made; look at the provider"
            sentence = f"the refund of hold {hold.id} is under way since {since:%Y-%m-%d}: {why}"
            yield Finding(check="stuck", sentence=sentence)
    for hold in queries.list_unopened_holds():
        if rules.is_intent_overdue(hold, now):
            since = hold.created_at
            sentence = (
                f"nobody knows whether hold {hold.id} of {since:%Y-%m-%d} has a payment at the provider"
            )
            yield Finding(check="stuck", sentence=sentence)


def _why_stuck(withdrawal: Withdrawal) -> str:
    if rules.is_to_be_sent(withdrawal.status):
        return f"nobody knows whether withdrawal {withdrawal.id} has left; look at the provider"
    why = withdrawal.failure_reason or "the provider has not said how it ended"
    if rules.is_unanswered(withdrawal):
        why += "; the provider is no longer asked"
    return (
        f"withdrawal {withdrawal.id} is {withdrawal.status} since {withdrawal.status_since:%Y-%m-%d}: {why}"
    )


def _differences(hold: Hold) -> Iterator[Finding]:
    """Where the provider says something else about a payment than the books do."""
    try:
        payment = stripe.provider().get_payment(hold.provider_reference or "")
    except Refused as refusal:
        yield Finding(check="provider", sentence=f"the provider does not know hold {hold.id}: {refusal}")
        return
    except OutcomeUnknown as error:
        yield Finding(
            check="provider", sentence=f"the provider cannot be asked about hold {hold.id}: {error}"
        )
        return
    is_paid = payment.status in _TO_BE_PAID
    if is_paid == rules.is_pending(hold.status):
        sentence = f"hold {hold.id} is {hold.status}, its payment at the provider is {payment.status}"
        yield Finding(check="provider", sentence=sentence)
    elif is_paid and payment.amount != hold.amount:
        sentence = f"hold {hold.id} is of {hold.amount}, its payment at the provider of {payment.amount}"
        yield Finding(check="provider", sentence=sentence)


def _unheard_of(request: PaymentRequest) -> Iterator[Finding]:
    """Where Razorpay says that an unpaid request is paid."""
    order_reference = request.order_reference or ""
    try:
        is_paid = pay_request.set_up_provider().get_order(order_reference).is_paid
    except (ProviderError, ProviderNotSetUp) as error:
        sentence = f"the provider cannot be asked about payment request {request.id}: {error}"
        yield Finding(check="provider", sentence=sentence)
        return
    if is_paid:
        sentence = (
            f"payment request {request.id} is unpaid, its order {order_reference} at the provider is paid"
        )
        yield Finding(check="provider", sentence=sentence)
