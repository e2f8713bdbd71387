"""A refund that failed after it was made: the money is in escrow again, and may go back once more.

The ledger keeps the refund and books its failure beside it, so a hold may have several of both.
"""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

KINDS = "'fund', 'release', 'refund', 'withdraw', 'payout', 'bounce', 'return'"
ONE_REFUND = (
    "natural_key IS NOT DISTINCT FROM CASE WHEN kind IN ('fund', 'release', 'refund')"
    " THEN kind || ':hold:' || hold_id ELSE kind || ':' || withdrawal_id END"
)
MANY_REFUNDS = (
    "CASE WHEN kind IN ('refund', 'refund_failed') THEN hold_id IS NOT NULL"
    " AND natural_key ~ ('^' || kind || ':hold:' || hold_id || '(:[1-9][0-9]*)?$')"
    " WHEN kind IN ('fund', 'release') THEN natural_key IS NOT DISTINCT FROM kind || ':hold:' || hold_id"
    " ELSE natural_key IS NOT DISTINCT FROM kind || ':' || withdrawal_id END"
)
# As in 0003, but for what takes the place of $REFUNDS$.
TRANSACTIONS = """
CREATE OR REPLACE FUNCTION ledger_check_transaction() RETURNS trigger LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    checked bigint;
BEGIN
    IF TG_TABLE_NAME = 'ledger_entries' THEN
        checked := NEW.transaction_id;
    ELSE
        checked := NEW.id;
    END IF;
    IF (SELECT count(*) < 2 FROM public.ledger_entries WHERE transaction_id = checked) OR EXISTS (
        SELECT FROM public.ledger_entries WHERE transaction_id = checked
        GROUP BY currency HAVING sum(amount_minor) <> 0
    ) THEN
        RAISE EXCEPTION 'transaction % of the ledger is not balanced', checked
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF EXISTS (
        SELECT FROM public.ledger_entries e
        JOIN public.ledger_accounts a ON a.id = e.account_id
        JOIN public.ledger_transactions t ON t.id = e.transaction_id
        LEFT JOIN public.holds h ON h.id = t.hold_id
        LEFT JOIN public.withdrawals w ON w.id = t.withdrawal_id
        WHERE t.id = checked AND NOT (
            (t.kind, a.purpose, sign(e.amount_minor)) IN (
                ('fund', 'provider', -1), ('fund', 'hold', 1),
                ('release', 'hold', -1), ('release', 'available', 1), ('release', 'fees', 1),
                $REFUNDS$
                ('withdraw', 'available', -1), ('withdraw', 'pending', 1),
                ('payout', 'pending', -1), ('payout', 'provider', 1),
                ('bounce', 'provider', -1), ('bounce', 'pending', 1),
                ('return', 'pending', -1), ('return', 'available', 1)
            )
            AND a.hold_id IS NOT DISTINCT FROM CASE a.purpose WHEN 'hold' THEN t.hold_id END
            AND (a.owner_id IS NULL OR a.owner_id = coalesce(h.payee_id, w.person_id))
            AND e.currency = coalesce(h.currency, w.currency)
            AND abs(e.amount_minor) <= coalesce(h.amount_minor, w.amount_minor)
        )
    ) THEN
        RAISE EXCEPTION 'transaction % of the ledger moves money as its kind does not', checked
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END
$$;
"""
REFUNDS = "('refund', 'hold', -1), ('refund', 'provider', 1),"
FAILED_REFUNDS = f"{REFUNDS} ('refund_failed', 'provider', -1), ('refund_failed', 'hold', 1),"
# As in 0003, but for what takes the place of $ENDS$.
HOLDS = """
CREATE OR REPLACE FUNCTION holds_guard() RETURNS trigger LANGUAGE plpgsql
    SET search_path = public, pg_temp AS $$
BEGIN
    IF (NEW.id, NEW.reference, NEW.subject, NEW.payer_id, NEW.payee_id, NEW.currency, NEW.created_at)
        IS DISTINCT FROM
        (OLD.id, OLD.reference, OLD.subject, OLD.payer_id, OLD.payee_id, OLD.currency, OLD.created_at)
        OR (OLD.provider_reference IS NOT NULL
            AND NEW.provider_reference IS DISTINCT FROM OLD.provider_reference)
        OR (OLD.funded_at IS NOT NULL AND (NEW.amount_minor, NEW.fee_minor, NEW.funded_at)
            IS DISTINCT FROM (OLD.amount_minor, OLD.fee_minor, OLD.funded_at))
        $ENDS$
        OR (OLD.called_off AND NOT NEW.called_off)
        OR ((NEW.status IN ('held', 'refunding', 'released', 'refunded')) <> (NEW.funded_at IS NOT NULL))
    THEN
        RAISE EXCEPTION 'hold % may not be changed in this way', OLD.id
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END
$$;
"""
REFUNDED_IS_THE_END = "OR (OLD.status IN ('released', 'refunded') AND NEW.status <> OLD.status)"
REFUNDED_MAY_FAIL = (
    "OR (OLD.status = 'released' AND NEW.status <> 'released')"
    " OR (OLD.status = 'refunded' AND NEW.status NOT IN ('refunded', 'held', 'refunding'))"
)


def upgrade() -> None:
    op.add_column("holds", sa.Column("refund_reference", sa.Text(), nullable=True))
    op.execute("GRANT UPDATE (refund_reference) ON holds TO marketplace_app")
    _replace("kind", f"kind IN ({KINDS}, 'refund_failed')")
    _replace("natural_key", MANY_REFUNDS)
    op.execute(TRANSACTIONS.replace("$REFUNDS$", FAILED_REFUNDS))
    op.execute(HOLDS.replace("$ENDS$", REFUNDED_MAY_FAIL))


def downgrade() -> None:
    # Once a refund has failed there is no way back: the ledger does not forget it.
    _replace("natural_key", ONE_REFUND)
    _replace("kind", f"kind IN ({KINDS})")
    op.execute(TRANSACTIONS.replace("$REFUNDS$", REFUNDS))
    op.execute(HOLDS.replace("$ENDS$", REFUNDED_IS_THE_END))
    op.drop_column("holds", "refund_reference")


def _replace(name: str, condition: str) -> None:
    op.drop_constraint(op.f(f"ck_ledger_transactions_{name}"), "ledger_transactions", type_="check")
    op.create_check_constraint(op.f(f"ck_ledger_transactions_{name}"), "ledger_transactions", condition)
