"""The ledger, escrow, withdrawals, payout accounts and the provider's events.

The database keeps the books by itself. The application's role may add to the ledger and nothing else: an
entry moves its account's balance by a trigger; at the commit each transaction must have two entries or more,
sum to zero in each currency, and move money only as its kind does; a hold's account must have what the hold's
status says, and a person's pending account what their open withdrawals say.

The functions run with their owner's rights, so nobody else may execute them: whoever could, could hang them
on a temporary table of their own.
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

APPEND_ONLY = """
CREATE FUNCTION ledger_refuse_change() RETURNS trigger LANGUAGE plpgsql
    SET search_path = public, pg_temp AS $$
BEGIN
    RAISE EXCEPTION 'this is not done to rows of % (%)', TG_TABLE_NAME, TG_OP
        USING ERRCODE = 'integrity_constraint_violation';
END
$$;
CREATE TRIGGER ledger_entries_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger_entries
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse_change();
CREATE TRIGGER ledger_transactions_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger_transactions
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse_change();
CREATE TRIGGER ledger_accounts_stay BEFORE DELETE OR TRUNCATE ON ledger_accounts
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse_change();
CREATE TRIGGER holds_stay BEFORE DELETE OR TRUNCATE ON holds
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse_change();
CREATE TRIGGER withdrawals_stay BEFORE DELETE OR TRUNCATE ON withdrawals
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse_change();
CREATE TRIGGER provider_events_stay BEFORE DELETE OR TRUNCATE ON provider_events
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse_change();
"""
# An entry may only join a transaction that this very database transaction has written.
SEAL = """
CREATE FUNCTION ledger_note_xact() RETURNS trigger LANGUAGE plpgsql
    SET search_path = public, pg_temp AS $$
BEGIN
    NEW.xact_id := pg_current_xact_id()::text::bigint;
    RETURN NEW;
END
$$;
CREATE TRIGGER ledger_transactions_note_xact BEFORE INSERT ON ledger_transactions
    FOR EACH ROW EXECUTE FUNCTION ledger_note_xact();
"""
# The accounts are locked in one order everywhere, the house's own last: no deadlock, short waits.
BALANCES = """
CREATE FUNCTION ledger_move_balances() RETURNS trigger LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF TG_RELID <> 'public.ledger_entries'::regclass THEN
        RAISE EXCEPTION 'balances follow the entries of the ledger alone';
    END IF;
    IF EXISTS (
        SELECT FROM added JOIN public.ledger_transactions t ON t.id = added.transaction_id
        WHERE t.xact_id <> pg_current_xact_id()::text::bigint
    ) THEN
        RAISE EXCEPTION 'nothing is added to an earlier transaction of the ledger'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    PERFORM FROM public.ledger_accounts WHERE id IN (SELECT account_id FROM added)
        ORDER BY purpose IN ('fees', 'provider'), id FOR NO KEY UPDATE;
    UPDATE public.ledger_accounts a SET balance_minor = a.balance_minor + moved.minor
        FROM (SELECT account_id, sum(amount_minor) AS minor FROM added GROUP BY account_id) moved
        WHERE a.id = moved.account_id;
    RETURN NULL;
END
$$;
CREATE TRIGGER ledger_entries_move_balances AFTER INSERT ON ledger_entries
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION ledger_move_balances();

CREATE FUNCTION ledger_guard_account() RETURNS trigger LANGUAGE plpgsql
    SET search_path = public, pg_temp AS $$
BEGIN
    IF (NEW.id, NEW.owner_id, NEW.hold_id, NEW.purpose, NEW.currency)
        IS DISTINCT FROM (OLD.id, OLD.owner_id, OLD.hold_id, OLD.purpose, OLD.currency)
        OR pg_trigger_depth() < 2
    THEN
        RAISE EXCEPTION 'an account of the ledger is changed by its entries alone'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER ledger_accounts_guard BEFORE UPDATE ON ledger_accounts
    FOR EACH ROW EXECUTE FUNCTION ledger_guard_account();
"""
# Which accounts a kind of transaction takes from (-1) and adds to (1), and whose they are.
BALANCED = """
CREATE FUNCTION ledger_check_transaction() RETURNS trigger LANGUAGE plpgsql
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
CREATE CONSTRAINT TRIGGER ledger_entries_balanced AFTER INSERT ON ledger_entries
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION ledger_check_transaction();
CREATE CONSTRAINT TRIGGER ledger_transactions_balanced AFTER INSERT ON ledger_transactions
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION ledger_check_transaction();
"""
# A hold says whether its money is here; its account must agree, and both change in one commit.
HOLDS = """
CREATE FUNCTION holds_guard() RETURNS trigger LANGUAGE plpgsql
    SET search_path = public, pg_temp AS $$
BEGIN
    IF (NEW.id, NEW.reference, NEW.subject, NEW.payer_id, NEW.payee_id, NEW.currency, NEW.created_at)
        IS DISTINCT FROM
        (OLD.id, OLD.reference, OLD.subject, OLD.payer_id, OLD.payee_id, OLD.currency, OLD.created_at)
        OR (OLD.provider_reference IS NOT NULL
            AND NEW.provider_reference IS DISTINCT FROM OLD.provider_reference)
        OR (OLD.funded_at IS NOT NULL AND (NEW.amount_minor, NEW.fee_minor, NEW.funded_at)
            IS DISTINCT FROM (OLD.amount_minor, OLD.fee_minor, OLD.funded_at))
        OR (OLD.status IN ('released', 'refunded') AND NEW.status <> OLD.status)
        OR (OLD.called_off AND NOT NEW.called_off)
        OR ((NEW.status IN ('held', 'refunding', 'released', 'refunded')) <> (NEW.funded_at IS NOT NULL))
    THEN
        RAISE EXCEPTION 'hold % may not be changed in this way', OLD.id
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER holds_guard BEFORE UPDATE ON holds FOR EACH ROW EXECUTE FUNCTION holds_guard();
CREATE TRIGGER holds_begin BEFORE INSERT ON holds FOR EACH ROW
    WHEN (NEW.status <> 'pending' OR NEW.funded_at IS NOT NULL OR NEW.released_at IS NOT NULL
        OR NEW.refunded_at IS NOT NULL)
    EXECUTE FUNCTION ledger_refuse_change();

CREATE FUNCTION holds_check_account() RETURNS trigger LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    checked bigint;
BEGIN
    IF TG_TABLE_NAME = 'holds' THEN
        checked := NEW.id;
    ELSE
        checked := NEW.hold_id;
    END IF;
    IF EXISTS (
        SELECT FROM public.holds h LEFT JOIN public.ledger_accounts a ON a.hold_id = h.id
        WHERE h.id = checked AND coalesce(a.balance_minor, 0)
            <> CASE WHEN h.status IN ('held', 'refunding') THEN h.amount_minor ELSE 0 END
    ) THEN
        RAISE EXCEPTION 'the account of hold % has not what the hold says', checked
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END
$$;
CREATE CONSTRAINT TRIGGER holds_agree AFTER INSERT OR UPDATE ON holds
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION holds_check_account();
CREATE CONSTRAINT TRIGGER ledger_accounts_agree_with_hold AFTER UPDATE ON ledger_accounts
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.purpose = 'hold')
    EXECUTE FUNCTION holds_check_account();
"""
WITHDRAWALS = """
CREATE FUNCTION withdrawals_guard() RETURNS trigger LANGUAGE plpgsql
    SET search_path = public, pg_temp AS $$
BEGIN
    IF (NEW.id, NEW.person_id, NEW.amount_minor, NEW.currency, NEW.account_reference, NEW.created_at)
        IS DISTINCT FROM
        (OLD.id, OLD.person_id, OLD.amount_minor, OLD.currency, OLD.account_reference, OLD.created_at)
        OR (OLD.transfer_reference IS NOT NULL
            AND NEW.transfer_reference IS DISTINCT FROM OLD.transfer_reference)
        OR (OLD.payout_reference IS NOT NULL AND NEW.payout_reference IS DISTINCT FROM OLD.payout_reference)
        OR (OLD.status = 'failed' AND NEW.status <> 'failed')
        OR (OLD.status = 'returning' AND NEW.status NOT IN ('returning', 'failed'))
        OR (OLD.status = 'completed' AND NEW.status NOT IN ('completed', 'returning'))
    THEN
        RAISE EXCEPTION 'withdrawal % may not be changed in this way', OLD.id
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER withdrawals_guard BEFORE UPDATE ON withdrawals
    FOR EACH ROW EXECUTE FUNCTION withdrawals_guard();
CREATE TRIGGER withdrawals_begin BEFORE INSERT ON withdrawals FOR EACH ROW
    WHEN (NEW.status <> 'pending' OR NEW.completed_at IS NOT NULL) EXECUTE FUNCTION ledger_refuse_change();

CREATE FUNCTION withdrawals_check_account() RETURNS trigger LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    person bigint;
BEGIN
    IF TG_TABLE_NAME = 'withdrawals' THEN
        person := NEW.person_id;
    ELSE
        person := NEW.owner_id;
    END IF;
    IF (
        SELECT coalesce(sum(w.amount_minor), 0) FROM public.withdrawals w
        WHERE w.person_id = person AND w.currency = NEW.currency
            AND w.status IN ('pending', 'processing', 'returning')
    ) <> (
        SELECT coalesce(sum(a.balance_minor), 0) FROM public.ledger_accounts a
        WHERE a.owner_id = person AND a.purpose = 'pending' AND a.currency = NEW.currency
    ) THEN
        RAISE EXCEPTION 'the pending account of person % has not what their withdrawals say', person
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END
$$;
CREATE CONSTRAINT TRIGGER withdrawals_agree AFTER INSERT OR UPDATE ON withdrawals
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION withdrawals_check_account();
CREATE CONSTRAINT TRIGGER ledger_accounts_agree_with_withdrawals AFTER UPDATE ON ledger_accounts
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.purpose = 'pending')
    EXECUTE FUNCTION withdrawals_check_account();
"""
PRIVILEGES = """
REVOKE ALL ON ledger_accounts, ledger_transactions, ledger_entries, holds, withdrawals, provider_events
    FROM PUBLIC, marketplace_app;
REVOKE ALL ON FUNCTION ledger_refuse_change, ledger_note_xact, ledger_move_balances, ledger_guard_account,
    ledger_check_transaction, holds_guard, holds_check_account, withdrawals_guard, withdrawals_check_account
    FROM PUBLIC;
GRANT SELECT ON ledger_accounts, ledger_transactions, ledger_entries, holds, withdrawals, provider_events
    TO marketplace_app;
GRANT INSERT (owner_id, hold_id, purpose, currency) ON ledger_accounts TO marketplace_app;
GRANT INSERT (natural_key, kind, hold_id, withdrawal_id, description, created_at) ON ledger_transactions
    TO marketplace_app;
GRANT INSERT (transaction_id, account_id, amount_minor, currency) ON ledger_entries TO marketplace_app;
GRANT INSERT ON holds, withdrawals, provider_events TO marketplace_app;
GRANT UPDATE (amount_minor, fee_minor, agreed_minor, asked_minors, status, called_off, provider_reference,
    client_secret, intent_status, refund_requested_at, refund_attempt, failure, funded_at, released_at,
    refunded_at)
    ON holds TO marketplace_app;
GRANT UPDATE (status, transfer_reference, payout_reference, failure_reason, return_attempt, asked_at,
    completed_at) ON withdrawals TO marketplace_app;
GRANT UPDATE (outcome, note) ON provider_events TO marketplace_app;
"""
FUNCTIONS = (
    "withdrawals_check_account",
    "withdrawals_guard",
    "holds_check_account",
    "holds_guard",
    "ledger_check_transaction",
    "ledger_guard_account",
    "ledger_move_balances",
    "ledger_note_xact",
    "ledger_refuse_change",
)


def upgrade() -> None:
    op.create_table(
        "provider_events",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("provider", sa.Text(), nullable=False),
        sa.Column("event_id", sa.Text(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("account", sa.Text(), nullable=True),
        sa.Column("object_reference", sa.Text(), nullable=False),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.Column("occurred_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.CheckConstraint(
            "outcome IN ('applied', 'ignored', 'unmatched', 'flagged', 'unknown')",
            name=op.f("ck_provider_events_outcome"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_provider_events")),
        sa.UniqueConstraint("provider", "event_id", name="uq_provider_events_event"),
    )
    op.create_index(
        "ix_provider_events_flagged",
        "provider_events",
        ["id"],
        unique=False,
        postgresql_where=sa.text("outcome = 'flagged'"),
    )
    op.create_index("ix_provider_events_object", "provider_events", ["object_reference", "id"], unique=False)
    op.create_table(
        "holds",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("payer_id", sa.BigInteger(), nullable=False),
        sa.Column("payee_id", sa.BigInteger(), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("agreed_minor", sa.BigInteger(), nullable=False),
        sa.Column("fee_minor", sa.BigInteger(), nullable=False),
        sa.Column("asked_minors", sa.ARRAY(sa.BigInteger()), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("called_off", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("provider_reference", sa.Text(), nullable=True),
        sa.Column("client_secret", sa.Text(), nullable=True),
        sa.Column("intent_status", sa.Text(), server_default="", nullable=False),
        sa.Column("refund_requested_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("refund_attempt", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("failure", sa.Text(), server_default="", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("funded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("released_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("refunded_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("currency ~ '^[A-Z]{3}$'", name=op.f("ck_holds_currency")),
        sa.CheckConstraint(
            "status IN ('pending', 'held', 'refunding', 'released', 'refunded', 'failed', 'cancelled')",
            name=op.f("ck_holds_status"),
        ),
        sa.CheckConstraint("agreed_minor BETWEEN 1 AND amount_minor", name=op.f("ck_holds_agreed")),
        sa.CheckConstraint("amount_minor BETWEEN 1 AND 1000000000000000", name=op.f("ck_holds_amount")),
        sa.CheckConstraint("fee_minor >= 0 AND fee_minor < amount_minor", name=op.f("ck_holds_fee")),
        sa.CheckConstraint("payer_id <> payee_id", name=op.f("ck_holds_two_people")),
        sa.ForeignKeyConstraint(["payee_id"], ["users.id"], name=op.f("fk_holds_payee_id")),
        sa.ForeignKeyConstraint(["payer_id"], ["users.id"], name=op.f("fk_holds_payer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_holds")),
        sa.UniqueConstraint("provider_reference", name=op.f("uq_holds_provider_reference")),
    )
    op.create_index(op.f("ix_holds_payee_id"), "holds", ["payee_id"], unique=False)
    op.create_index(op.f("ix_holds_payer_id"), "holds", ["payer_id"], unique=False)
    op.create_index("ix_holds_reference", "holds", ["reference", "id"], unique=False)
    op.create_index(
        "uq_holds_live_reference",
        "holds",
        ["reference"],
        unique=True,
        postgresql_where=sa.text("status IN ('held', 'pending', 'refunding', 'released') AND NOT called_off"),
    )
    op.create_table(
        "payout_accounts",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("country", sa.Text(), nullable=False),
        sa.Column("provider_reference", sa.Text(), nullable=True),
        sa.Column("charges_enabled", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("payouts_enabled", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("details_submitted", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["users.id"], name=op.f("fk_payout_accounts_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payout_accounts")),
        sa.UniqueConstraint("person_id", name=op.f("uq_payout_accounts_person_id")),
        sa.UniqueConstraint("provider_reference", name=op.f("uq_payout_accounts_provider_reference")),
    )
    op.create_table(
        "withdrawals",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("account_reference", sa.Text(), nullable=False),
        sa.Column("transfer_reference", sa.Text(), nullable=True),
        sa.Column("payout_reference", sa.Text(), nullable=True),
        sa.Column("failure_reason", sa.Text(), server_default="", nullable=False),
        sa.Column("return_attempt", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("completed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("currency ~ '^[A-Z]{3}$'", name=op.f("ck_withdrawals_currency")),
        sa.CheckConstraint(
            "status IN ('pending', 'processing', 'returning', 'completed', 'failed')",
            name=op.f("ck_withdrawals_status"),
        ),
        sa.CheckConstraint("amount_minor BETWEEN 1 AND 1000000000000000", name=op.f("ck_withdrawals_amount")),
        sa.ForeignKeyConstraint(["person_id"], ["users.id"], name=op.f("fk_withdrawals_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_withdrawals")),
        sa.UniqueConstraint("payout_reference", name=op.f("uq_withdrawals_payout_reference")),
        sa.UniqueConstraint("transfer_reference", name=op.f("uq_withdrawals_transfer_reference")),
    )
    op.create_index(
        "ix_withdrawals_open",
        "withdrawals",
        ["person_id", "currency"],
        unique=False,
        postgresql_where=sa.text("status IN ('pending', 'processing', 'returning')"),
    )
    op.create_index("ix_withdrawals_person", "withdrawals", ["person_id", "id"], unique=False)
    op.create_table(
        "ledger_accounts",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("owner_id", sa.BigInteger(), nullable=True),
        sa.Column("hold_id", sa.BigInteger(), nullable=True),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("balance_minor", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.CheckConstraint(
            "(hold_id IS NOT NULL) = (purpose = 'hold')", name=op.f("ck_ledger_accounts_hold")
        ),
        sa.CheckConstraint(
            "(owner_id IS NOT NULL) = (purpose IN ('available', 'pending'))",
            name=op.f("ck_ledger_accounts_owner"),
        ),
        sa.CheckConstraint(
            "balance_minor >= 0 OR purpose = 'provider'", name=op.f("ck_ledger_accounts_balance")
        ),
        sa.CheckConstraint("currency ~ '^[A-Z]{3}$'", name=op.f("ck_ledger_accounts_currency")),
        sa.CheckConstraint(
            "purpose IN ('available', 'pending', 'hold', 'fees', 'provider')",
            name=op.f("ck_ledger_accounts_purpose"),
        ),
        sa.ForeignKeyConstraint(["hold_id"], ["holds.id"], name=op.f("fk_ledger_accounts_hold_id")),
        sa.ForeignKeyConstraint(["owner_id"], ["users.id"], name=op.f("fk_ledger_accounts_owner_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger_accounts")),
        sa.UniqueConstraint("id", "currency", name="uq_ledger_accounts_id_currency"),
    )
    op.create_index(
        "uq_ledger_accounts_hold",
        "ledger_accounts",
        ["hold_id"],
        unique=True,
        postgresql_where=sa.text("hold_id IS NOT NULL"),
    )
    op.create_index(
        "uq_ledger_accounts_house",
        "ledger_accounts",
        ["purpose", "currency"],
        unique=True,
        postgresql_where=sa.text("owner_id IS NULL AND hold_id IS NULL"),
    )
    op.create_index(
        "uq_ledger_accounts_owner",
        "ledger_accounts",
        ["owner_id", "purpose", "currency"],
        unique=True,
        postgresql_where=sa.text("owner_id IS NOT NULL"),
    )
    op.create_table(
        "ledger_transactions",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("natural_key", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("hold_id", sa.BigInteger(), nullable=True),
        sa.Column("withdrawal_id", sa.BigInteger(), nullable=True),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("xact_id", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('fund', 'release', 'refund', 'withdraw', 'payout', 'bounce', 'return')",
            name=op.f("ck_ledger_transactions_kind"),
        ),
        sa.CheckConstraint(
            "natural_key IS NOT DISTINCT FROM CASE WHEN kind IN ('fund', 'release', 'refund')"
            " THEN kind || ':hold:' || hold_id ELSE kind || ':' || withdrawal_id END",
            name=op.f("ck_ledger_transactions_natural_key"),
        ),
        sa.CheckConstraint(
            "(hold_id IS NULL) <> (withdrawal_id IS NULL)", name=op.f("ck_ledger_transactions_one_cause")
        ),
        sa.ForeignKeyConstraint(["hold_id"], ["holds.id"], name=op.f("fk_ledger_transactions_hold_id")),
        sa.ForeignKeyConstraint(
            ["withdrawal_id"], ["withdrawals.id"], name=op.f("fk_ledger_transactions_withdrawal_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger_transactions")),
        sa.UniqueConstraint("natural_key", name=op.f("uq_ledger_transactions_natural_key")),
    )
    op.create_index(op.f("ix_ledger_transactions_hold_id"), "ledger_transactions", ["hold_id"], unique=False)
    op.create_index(
        op.f("ix_ledger_transactions_withdrawal_id"), "ledger_transactions", ["withdrawal_id"], unique=False
    )
    op.create_table(
        "ledger_entries",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("transaction_id", sa.BigInteger(), nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "amount_minor <> 0 AND amount_minor BETWEEN -1000000000000000 AND 1000000000000000",
            name=op.f("ck_ledger_entries_amount"),
        ),
        sa.ForeignKeyConstraint(
            ["account_id", "currency"],
            ["ledger_accounts.id", "ledger_accounts.currency"],
            name="fk_ledger_entries_account",
        ),
        sa.ForeignKeyConstraint(
            ["transaction_id"], ["ledger_transactions.id"], name=op.f("fk_ledger_entries_transaction_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger_entries")),
    )
    op.create_index("ix_ledger_entries_account", "ledger_entries", ["account_id", "currency"], unique=False)
    op.create_index(
        op.f("ix_ledger_entries_transaction_id"), "ledger_entries", ["transaction_id"], unique=False
    )
    for statements in (APPEND_ONLY, SEAL, BALANCES, BALANCED, HOLDS, WITHDRAWALS, PRIVILEGES):
        op.execute(statements)


def downgrade() -> None:
    op.drop_index(op.f("ix_ledger_entries_transaction_id"), table_name="ledger_entries")
    op.drop_index("ix_ledger_entries_account", table_name="ledger_entries")
    op.drop_table("ledger_entries")
    op.drop_index(op.f("ix_ledger_transactions_withdrawal_id"), table_name="ledger_transactions")
    op.drop_index(op.f("ix_ledger_transactions_hold_id"), table_name="ledger_transactions")
    op.drop_table("ledger_transactions")
    op.drop_index(
        "uq_ledger_accounts_owner",
        table_name="ledger_accounts",
        postgresql_where=sa.text("owner_id IS NOT NULL"),
    )
    op.drop_index(
        "uq_ledger_accounts_house",
        table_name="ledger_accounts",
        postgresql_where=sa.text("owner_id IS NULL AND hold_id IS NULL"),
    )
    op.drop_index(
        "uq_ledger_accounts_hold",
        table_name="ledger_accounts",
        postgresql_where=sa.text("hold_id IS NOT NULL"),
    )
    op.drop_table("ledger_accounts")
    op.drop_index("ix_withdrawals_person", table_name="withdrawals")
    op.drop_index(
        "ix_withdrawals_open",
        table_name="withdrawals",
        postgresql_where=sa.text("status IN ('pending', 'processing', 'returning')"),
    )
    op.drop_table("withdrawals")
    op.drop_table("payout_accounts")
    op.drop_index(
        "uq_holds_live_reference",
        table_name="holds",
        postgresql_where=sa.text("status IN ('held', 'pending', 'refunding', 'released') AND NOT called_off"),
    )
    op.drop_index("ix_holds_reference", table_name="holds")
    op.drop_index(op.f("ix_holds_payer_id"), table_name="holds")
    op.drop_index(op.f("ix_holds_payee_id"), table_name="holds")
    op.drop_table("holds")
    op.drop_index("ix_provider_events_object", table_name="provider_events")
    op.drop_index(
        "ix_provider_events_flagged",
        table_name="provider_events",
        postgresql_where=sa.text("outcome = 'flagged'"),
    )
    op.drop_table("provider_events")
    for function in FUNCTIONS:
        op.execute(f"DROP FUNCTION {function}()")
