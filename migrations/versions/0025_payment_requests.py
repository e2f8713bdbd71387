"""Payment requests, paid through Razorpay, and books that say at which provider money lies.

All money so far lies at Stripe. From now on a transaction moves money at one provider alone: a withdrawal
from one can never be paid with what lies at another.
"""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

PLACED = ("ledger_accounts", "holds", "withdrawals")
# As in 0016, but for what takes the place of $PLACE$.
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
                ('refund', 'hold', -1), ('refund', 'provider', 1),
                ('refund_failed', 'provider', -1), ('refund_failed', 'hold', 1),
                ('withdraw', 'available', -1), ('withdraw', 'pending', 1),
                ('payout', 'pending', -1), ('payout', 'provider', 1),
                ('bounce', 'provider', -1), ('bounce', 'pending', 1),
                ('return', 'pending', -1), ('return', 'available', 1)
            )
            AND a.hold_id IS NOT DISTINCT FROM CASE a.purpose WHEN 'hold' THEN t.hold_id END
            AND (a.owner_id IS NULL OR a.owner_id = coalesce(h.payee_id, w.person_id))
            AND e.currency = coalesce(h.currency, w.currency)
            $PLACE$
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
ONE_PLACE = "AND a.provider = coalesce(h.provider, w.provider)"
# Money is moved by entries, never by saying that it lies elsewhere.
STAYS = """
CREATE TRIGGER {table}_keep_provider BEFORE UPDATE ON {table} FOR EACH ROW
    WHEN (NEW.provider IS DISTINCT FROM OLD.provider) EXECUTE FUNCTION ledger_refuse_change();
"""
# What was asked for stays as it was asked, and what is paid or called off stays so.
REQUESTS = """
CREATE FUNCTION payment_requests_guard() RETURNS trigger LANGUAGE plpgsql
    SET search_path = public, pg_temp AS $$
BEGIN
    IF (NEW.id, NEW.reference, NEW.about, NEW.payer_id, NEW.payee_id, NEW.amount_minor, NEW.currency,
        NEW.description, NEW.created_at)
        IS DISTINCT FROM
        (OLD.id, OLD.reference, OLD.about, OLD.payer_id, OLD.payee_id, OLD.amount_minor, OLD.currency,
        OLD.description, OLD.created_at)
        OR (OLD.asked_at IS NOT NULL AND NEW.asked_at IS DISTINCT FROM OLD.asked_at)
        OR (OLD.order_reference IS NOT NULL AND NEW.order_reference IS DISTINCT FROM OLD.order_reference)
        OR OLD.status <> 'pending'
    THEN
        RAISE EXCEPTION 'payment request % may not be changed in this way', OLD.id
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER payment_requests_guard BEFORE UPDATE ON payment_requests
    FOR EACH ROW EXECUTE FUNCTION payment_requests_guard();
CREATE TRIGGER payment_requests_begin BEFORE INSERT ON payment_requests FOR EACH ROW
    WHEN (NEW.status <> 'pending') EXECUTE FUNCTION ledger_refuse_change();
CREATE TRIGGER payment_requests_stay BEFORE DELETE OR TRUNCATE ON payment_requests
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse_change();

CREATE FUNCTION payment_requests_check_hold() RETURNS trigger LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM public.holds h WHERE h.id = NEW.hold_id AND h.status = 'released'
            AND (h.reference, h.subject, h.payer_id, h.payee_id, h.amount_minor, h.currency)
            = ('payment_request:' || NEW.id, NEW.reference, NEW.payer_id, NEW.payee_id, NEW.amount_minor,
            NEW.currency)
    ) THEN
        RAISE EXCEPTION 'payment request % is not paid by hold %', NEW.id, NEW.hold_id
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END
$$;
CREATE CONSTRAINT TRIGGER payment_requests_agree AFTER UPDATE ON payment_requests
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.status = 'paid')
    EXECUTE FUNCTION payment_requests_check_hold();
"""
PRIVILEGES = """
REVOKE ALL ON payment_requests FROM PUBLIC, marketplace_app;
REVOKE ALL ON FUNCTION payment_requests_guard, payment_requests_check_hold FROM PUBLIC;
GRANT SELECT, INSERT ON payment_requests TO marketplace_app;
GRANT UPDATE (status, asked_at, order_reference, hold_id, paid_at) ON payment_requests TO marketplace_app;
GRANT INSERT (provider) ON ledger_accounts TO marketplace_app;
"""


def upgrade() -> None:
    for table in PLACED:
        op.add_column(table, sa.Column("provider", sa.Text(), server_default="stripe", nullable=False))
        op.alter_column(table, "provider", server_default=None)
        op.create_check_constraint(op.f(f"ck_{table}_provider"), table, "provider IN ('stripe', 'razorpay')")
        op.execute(STAYS.format(table=table))
    _index_accounts("provider")
    op.execute(TRANSACTIONS.replace("$PLACE$", ONE_PLACE))
    op.create_table(
        "payment_requests",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("about", sa.Text(), nullable=True),
        sa.Column("payer_id", sa.BigInteger(), nullable=False),
        sa.Column("payee_id", sa.BigInteger(), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("order_reference", sa.Text(), nullable=True),
        sa.Column("hold_id", sa.BigInteger(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("paid_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "status IN ('pending', 'paid', 'cancelled')", name=op.f("ck_payment_requests_status")
        ),
        sa.CheckConstraint(
            "amount_minor BETWEEN 1 AND 1000000000000000", name=op.f("ck_payment_requests_amount")
        ),
        sa.CheckConstraint("currency ~ '^[A-Z]{3}$'", name=op.f("ck_payment_requests_currency")),
        sa.CheckConstraint("payer_id <> payee_id", name=op.f("ck_payment_requests_two_people")),
        sa.CheckConstraint(
            "(status = 'paid') = (hold_id IS NOT NULL) AND (status = 'paid') = (paid_at IS NOT NULL)",
            name=op.f("ck_payment_requests_paid"),
        ),
        sa.ForeignKeyConstraint(["payer_id"], ["users.id"], name=op.f("fk_payment_requests_payer_id")),
        sa.ForeignKeyConstraint(["payee_id"], ["users.id"], name=op.f("fk_payment_requests_payee_id")),
        sa.ForeignKeyConstraint(["hold_id"], ["holds.id"], name=op.f("fk_payment_requests_hold_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payment_requests")),
        sa.UniqueConstraint("order_reference", name=op.f("uq_payment_requests_order_reference")),
        sa.UniqueConstraint("hold_id", name=op.f("uq_payment_requests_hold_id")),
    )
    for name in ("payer", "payee"):
        op.create_index(f"ix_payment_requests_{name}", "payment_requests", [f"{name}_id", "id"])
    op.create_index(
        "ix_payment_requests_about",
        "payment_requests",
        ["about"],
        postgresql_where=sa.text("about IS NOT NULL"),
    )
    op.create_index(
        "ix_payment_requests_payable",
        "payment_requests",
        ["id"],
        postgresql_where=sa.text("status = 'pending' AND order_reference IS NOT NULL"),
    )
    for statements in (REQUESTS, PRIVILEGES):
        op.execute(statements)


def downgrade() -> None:
    # Once money lies at Razorpay there is no way back: the ledger does not forget it.
    op.drop_table("payment_requests")
    for function in ("payment_requests_check_hold", "payment_requests_guard"):
        op.execute(f"DROP FUNCTION {function}()")
    op.execute(TRANSACTIONS.replace("$PLACE$", ""))
    _index_accounts()
    for table in PLACED:
        op.create_check_constraint(op.f(f"ck_{table}_only_stripe"), table, "provider = 'stripe'")
        op.execute(f"DROP TRIGGER {table}_keep_provider ON {table}")
        op.drop_column(table, "provider")


def _index_accounts(*place: str) -> None:
    """Let a person, and the house, have one account for each purpose and currency, and each of these."""
    for name, owner, condition in (
        ("owner", ["owner_id"], "owner_id IS NOT NULL"),
        ("house", [], "owner_id IS NULL AND hold_id IS NULL"),
    ):
        op.drop_index(f"uq_ledger_accounts_{name}", "ledger_accounts")
        op.create_index(
            f"uq_ledger_accounts_{name}",
            "ledger_accounts",
            [*owner, *place, "purpose", "currency"],
            unique=True,
            postgresql_where=sa.text(condition),
        )
