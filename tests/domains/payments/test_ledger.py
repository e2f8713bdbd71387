"""The database keeps the books by itself: the application's role cannot unbalance or rewrite them."""

import psycopg
import pytest
import sqlalchemy as sa

from marketplace.domains.payments import public as payments
from marketplace.kernel.money import Money
from tests.factories.payments import earner, hear, held, intent, person
from tests.factories.razorpay import ask, paid

# Each is a whole transaction of the application's role; {…} are ids of what the test has set up. The last
# statement, or the commit, has to fail.
HOSTILE = {
    "change an entry": "UPDATE ledger_entries SET amount_minor = amount_minor + 1",
    "change no entry": "UPDATE ledger_entries SET amount_minor = 1 WHERE false",
    "remove an entry": "DELETE FROM ledger_entries",
    "empty the entries": "TRUNCATE ledger_entries",
    "empty everything": "TRUNCATE users CASCADE",
    "change a transaction": "UPDATE ledger_transactions SET description = 'other'",
    "reopen a transaction": "UPDATE ledger_transactions SET xact_id = pg_current_xact_id()::text::bigint",
    "remove a transaction": "DELETE FROM ledger_transactions",
    "empty the transactions": "TRUNCATE ledger_transactions CASCADE",
    "set a balance": "UPDATE ledger_accounts SET balance_minor = 1000000 WHERE id = {available}",
    "take over an account": "UPDATE ledger_accounts SET owner_id = {payer} WHERE id = {available}",
    "turn an account into another": "UPDATE ledger_accounts SET purpose = 'provider' WHERE id = {available}",
    "change an account's currency": "UPDATE ledger_accounts SET currency = 'EUR' WHERE id = {available}",
    "remove an account": "DELETE FROM ledger_accounts WHERE id = {available}",
    "empty the accounts": "TRUNCATE ledger_accounts CASCADE",
    "lock an account for good": "SELECT FROM ledger_accounts FOR UPDATE",
    "make a rich account": "INSERT INTO ledger_accounts"
    " (provider, owner_id, purpose, currency, balance_minor)"
    " VALUES ('stripe', {payer}, 'available', 'EUR', 100)",
    "make a second account": "INSERT INTO ledger_accounts (provider, owner_id, purpose, currency)"
    " VALUES ('stripe', {payee}, 'available', 'USD')",
    "make a second provider": "INSERT INTO ledger_accounts (provider, purpose, currency)"
    " VALUES ('stripe', 'provider', 'USD')",
    "own the provider": "INSERT INTO ledger_accounts (provider, owner_id, purpose, currency)"
    " VALUES ('stripe', {payer}, 'provider', 'USD')",
    "one side only": "{fund}; {entry} ({t}, {hold_account}, 12000, 'USD')",
    "no entries": "{fund}",
    "sides that differ": "{fund}; {entry} ({t}, {hold_account}, 12000, 'USD'),"
    " ({t}, {provider}, -11999, 'USD')",
    "two currencies that add up": "{fund}; INSERT INTO ledger_accounts (provider, purpose, currency)"
    " VALUES ('stripe', 'provider', 'EUR'); {entry} ({t}, {hold_account}, 12000, 'USD'),"
    " ({t}, (SELECT id FROM ledger_accounts WHERE currency = 'EUR'), -12000, 'EUR')",
    "the wrong currency": "{fund}; {entry} ({t}, {hold_account}, 12000, 'EUR'),"
    " ({t}, {provider}, -12000, 'EUR')",
    "overflow": "{fund}; {entry} ({t}, {hold_account}, 9223372036854775807, 'USD'),"
    " ({t}, {provider}, -9223372036854775807, 'USD')",
    "overflow by many": "{fund}; {entry} ({t}, {provider}, -1000000000000000, 'USD');"
    " INSERT INTO ledger_entries (transaction_id, account_id, amount_minor, currency)"
    " SELECT {t}, {hold_account}, 1000000000000000, 'USD' FROM generate_series(1, 9300)",
    "nothing": "{fund}; {entry} ({t}, {hold_account}, 0, 'USD'), ({t}, {provider}, 0, 'USD')",
    "nulls": "{fund}; {entry} ({t}, {hold_account}, NULL, 'USD'), ({t}, {provider}, NULL, 'USD')",
    "no currency": "{fund}; {entry} ({t}, {hold_account}, 1, NULL), ({t}, {provider}, -1, NULL)",
    "below zero": "{withdraw}; {entry} ({t}, {available}, -99999, 'USD'), ({t}, {pending}, 99999, 'USD')",
    "another provider's money": "{fund}; {elsewhere}; {entry} ({t}, {hold_account}, 12000, 'USD'),"
    " ({t}, {elsewhere_id}, -12000, 'USD');"
    " UPDATE holds SET status = 'held', funded_at = now() WHERE id = {unpaid}",
    "a payout by another provider": "{withdraw}; {elsewhere}; {entry} ({t}, {pending}, -12000, 'USD'),"
    " ({t}, {elsewhere_id}, 12000, 'USD');"
    " UPDATE withdrawals SET status = 'completed', completed_at = now() WHERE id = {withdrawal}",
    "an account at another provider": "UPDATE ledger_accounts SET provider = 'razorpay'"
    " WHERE id = {available}",
    "a hold at another provider": "UPDATE holds SET provider = 'razorpay' WHERE id = {unpaid}",
    "a withdrawal from another provider": "UPDATE withdrawals SET provider = 'razorpay'"
    " WHERE id = {withdrawal}",
    "a provider that nobody knows": "INSERT INTO ledger_accounts (provider, purpose, currency)"
    " VALUES ('mattress', 'provider', 'USD')",
    "an old transaction": "{entry} ({old}, {hold_account}, 12000, 'USD'), ({old}, {provider}, -12000, 'USD')",
    "an old transaction by name": "INSERT INTO ledger_transactions"
    " (natural_key, kind, hold_id, description, created_at) VALUES"
    " ('fund:hold:{held}', 'fund', {held}, '', now())",
    "a transaction of another time": "INSERT INTO ledger_transactions"
    " (natural_key, kind, hold_id, description, created_at, xact_id) VALUES"
    " ('fund:hold:{unpaid}', 'fund', {unpaid}, '', now(), 1)",
    "a name that lies": "INSERT INTO ledger_transactions"
    " (natural_key, kind, hold_id, description, created_at)"
    " VALUES ('fund:hold:99', 'fund', {unpaid}, '', now())",
    "a kind without its cause": "INSERT INTO ledger_transactions"
    " (natural_key, kind, withdrawal_id, description, created_at) VALUES"
    " ('fund:hold:{unpaid}', 'fund', {withdrawal}, '', now())",
    "a kind of one's own": "INSERT INTO ledger_transactions"
    " (natural_key, kind, hold_id, description, created_at) VALUES"
    " ('gift:{unpaid}', 'gift', {unpaid}, '', now())",
    "money for somebody else": "{release}; {entry} ({t}, {held_account}, -12000, 'USD'),"
    " ({t}, {stranger_available}, 12000, 'USD');"
    " UPDATE holds SET status = 'released', released_at = now() WHERE id = {held}",
    "another hold's money": "{fund}; {entry} ({t}, {held_account}, -1, 'USD'),"
    " ({t}, {hold_account}, 1, 'USD')",
    "money out of the house": "{refund}; {entry} ({t}, {stranger_available}, -5, 'USD'),"
    " ({t}, {provider}, 5, 'USD')",
    "funding without a status": "{fund}; {entry} ({t}, {hold_account}, 12000, 'USD'),"
    " ({t}, {provider}, -12000, 'USD')",
    "a status without funding": "UPDATE holds SET status = 'held', funded_at = now() WHERE id = {unpaid}",
    "released without a release": "UPDATE holds SET status = 'released' WHERE id = {held}",
    "refunded without a refund": "UPDATE holds SET status = 'refunded' WHERE id = {held}",
    "another amount": "UPDATE holds SET amount_minor = 1, agreed_minor = 1 WHERE id = {held}",
    "another payee": "UPDATE holds SET payee_id = {payer} WHERE id = {held}",
    "another intent": "UPDATE holds SET provider_reference = 'pi_other' WHERE id = {held}",
    "held again without the money": "UPDATE holds SET status = 'held' WHERE id = {refunded}",
    "refunded and pending again": "UPDATE holds SET status = 'pending' WHERE id = {refunded}",
    "a refund's failure that never was": "{failure}; {entry} ({t}, {held_account}, 12000, 'USD'),"
    " ({t}, {provider}, -12000, 'USD')",
    "another hold's second refund": "INSERT INTO ledger_transactions"
    " (natural_key, kind, hold_id, description, created_at)"
    " VALUES ('refund:hold:{unpaid}:2', 'refund', {held}, '', now())",
    "a refund's failure for the payee": "{failure}; {entry} ({t}, {available}, 12000, 'USD'),"
    " ({t}, {provider}, -12000, 'USD')",
    "reopen a released hold": "UPDATE holds SET status = 'held' WHERE id = {released}",
    "remove a hold": "DELETE FROM holds WHERE id = {unpaid}",
    "a hold that begins paid": "{hold} 'a:1', 'task:1', {payer}, {payee}, 5, 5, 0, '{{5}}', 'USD', 'held',"
    " now(), now())",
    "a hold that begins released": "{hold} 'a:1', 'task:1', {payer}, {payee}, 5, 5, 0, '{{5}}', 'USD',"
    " 'released', now(), now())",
    "a payment to oneself": "{hold} 'a:1', 'task:1', {payer}, {payer}, 5, 5, 0, '{{5}}', 'USD', 'pending',"
    " now(), NULL)",
    "a withdrawal that begins paid out": "INSERT INTO withdrawals"
    " (provider, person_id, amount_minor, currency, status, account_reference, created_at, status_since)"
    " VALUES ('stripe', {payee}, 500, 'USD', 'completed', 'acct_1', now(), now())",
    "a paid-out withdrawal that failed": "UPDATE withdrawals SET status = 'failed' WHERE id = {paid_out}",
    "a paid-out withdrawal on its way": "UPDATE withdrawals SET status = 'processing' WHERE id = {paid_out}",
    "paid out without a payout": "UPDATE withdrawals SET status = 'completed' WHERE id = {withdrawal}",
    "a larger withdrawal": "UPDATE withdrawals SET amount_minor = 12000 WHERE id = {withdrawal}",
    "a request that begins paid": "{request} 'paid', {released}, now())",
    "a request of oneself": "{request_of_payer} 'pending', NULL, NULL)",
    "paid without a hold": "UPDATE payment_requests SET status = 'paid' WHERE id = {asked}",
    "paid by another's hold": "UPDATE payment_requests SET status = 'paid', paid_at = now(),"
    " hold_id = {released} WHERE id = {asked}",
    "a smaller request": "UPDATE payment_requests SET amount_minor = 1 WHERE id = {asked}",
    "another order": "UPDATE payment_requests SET order_reference = 'order_other' WHERE id = {asked}",
    "a paid request that waits": "UPDATE payment_requests SET status = 'pending', hold_id = NULL,"
    " paid_at = NULL WHERE id = {paid}",
    "a paid request that is cancelled": "UPDATE payment_requests SET status = 'cancelled', hold_id = NULL,"
    " paid_at = NULL WHERE id = {paid}",
    "remove a request": "DELETE FROM payment_requests WHERE id = {asked}",
    "empty the requests": "TRUNCATE payment_requests",
    "a withdrawal of nothing": "INSERT INTO withdrawals"
    " (provider, person_id, amount_minor, currency, status, account_reference, created_at, status_since)"
    " VALUES ('stripe', {payee}, 500, 'USD', 'pending', 'acct_1', now(), now())",
    "remove a withdrawal": "DELETE FROM withdrawals",
    "forget an event": "DELETE FROM provider_events",
    "change an event": "UPDATE provider_events SET payload = '' ",
    "do update": "INSERT INTO ledger_accounts (provider, owner_id, purpose, currency)"
    " VALUES ('stripe', {payee}, 'available', 'USD')"
    " ON CONFLICT (owner_id, provider, purpose, currency) WHERE owner_id IS NOT NULL"
    " DO UPDATE SET balance_minor = 5",
    "merge": "MERGE INTO ledger_accounts a USING (SELECT {available} AS id) s ON s.id = a.id"
    " WHEN MATCHED THEN UPDATE SET balance_minor = 5",
    "copy": "COPY ledger_entries (transaction_id, account_id, amount_minor, currency)"
    " FROM PROGRAM 'echo 1,1,1,USD'",
    "no triggers": "ALTER TABLE ledger_entries DISABLE TRIGGER ALL",
    "no user triggers": "ALTER TABLE ledger_entries DISABLE TRIGGER USER",
    "no balances trigger": "DROP TRIGGER ledger_entries_move_balances ON ledger_entries",
    "no constraint": "ALTER TABLE ledger_accounts DROP CONSTRAINT ck_ledger_accounts_balance",
    "another column": "ALTER TABLE ledger_accounts ADD COLUMN extra bigint",
    "another owner": "ALTER TABLE ledger_entries OWNER TO CURRENT_USER",
    "no ledger": "DROP TABLE ledger_entries CASCADE",
    "replica": "SET session_replication_role = replica",
    "superuser": "SET ROLE postgres",
    "superuser's session": "SET SESSION AUTHORIZATION postgres",
    "more rights": "GRANT UPDATE ON ledger_accounts TO CURRENT_USER; SELECT 1 / CASE WHEN"
    " has_table_privilege('ledger_accounts', 'UPDATE') THEN 1 ELSE 0 END",
    "rights for oneself": "ALTER ROLE CURRENT_USER SUPERUSER",
    "member of the owner": "GRANT postgres TO CURRENT_USER",
    "a rule": "CREATE RULE nothing AS ON INSERT TO ledger_entries DO INSTEAD NOTHING",
    "a trigger of one's own": "CREATE FUNCTION pg_temp.quiet() RETURNS trigger LANGUAGE plpgsql AS"
    " 'BEGIN RETURN NULL; END'; CREATE TRIGGER quiet BEFORE INSERT ON ledger_entries"
    " FOR EACH ROW EXECUTE FUNCTION pg_temp.quiet()",
    "our trigger on a table of one's own": "CREATE TEMP TABLE mine (LIKE ledger_entries);"
    " CREATE TRIGGER moves AFTER INSERT ON mine REFERENCING NEW TABLE AS added"
    " FOR EACH STATEMENT EXECUTE FUNCTION ledger_move_balances();"
    " INSERT INTO mine VALUES (1, 1, {available}, 5, 'USD')",
    "another function": "CREATE OR REPLACE FUNCTION ledger_move_balances() RETURNS trigger LANGUAGE plpgsql"
    " AS"
    " 'BEGIN RETURN NULL; END'",
    "no function": "DROP FUNCTION ledger_check_transaction() CASCADE",
    "another search path of a function": "ALTER FUNCTION ledger_move_balances() SET search_path = pg_temp",
    "a table in the way": "CREATE TABLE public.mine (id bigint)",
    "an heir": "CREATE TEMP TABLE heir () INHERITS (ledger_entries)",
    "a policy": "ALTER TABLE ledger_entries ENABLE ROW LEVEL SECURITY",
    "shadows": "CREATE TEMP TABLE ledger_accounts (id bigint, purpose text, balance_minor bigint);"
    " CREATE TEMP TABLE holds (id bigint); SET LOCAL search_path = pg_temp, public;"
    " INSERT INTO public.ledger_transactions (natural_key, kind, hold_id, description, created_at)"
    " VALUES ('fund:hold:{unpaid}', 'fund', {unpaid}, '', now());"
    " INSERT INTO public.ledger_entries (transaction_id, account_id, amount_minor, currency) VALUES"
    " ((SELECT max(id) FROM public.ledger_transactions), {hold_account}, 12000, 'USD')",
    "operators of one's own": "CREATE FUNCTION pg_temp.never(bigint, bigint) RETURNS boolean LANGUAGE sql AS"
    " 'SELECT false';"
    " CREATE OPERATOR pg_temp.<> (LEFTARG = bigint, RIGHTARG = bigint, FUNCTION = pg_temp.never);"
    " SET LOCAL search_path = pg_temp, pg_catalog, public; {fund};"
    " {entry} ({t}, {hold_account}, 12000, 'USD'), ({t}, {provider}, -11999, 'USD')",
    "checks first": "SET CONSTRAINTS ALL IMMEDIATE; {fund}",
    "checks between": "{fund}; {entry} ({t}, {hold_account}, 12000, 'USD'), ({t}, {provider}, -12000, 'USD');"
    " UPDATE holds SET status = 'held', funded_at = now() WHERE id = {unpaid}; SET CONSTRAINTS ALL IMMEDIATE;"
    " SET CONSTRAINTS ALL DEFERRED; {entry} ({t}, {provider}, -1, 'USD')",
    "checks never": "SET CONSTRAINTS ledger_entries_balanced DEFERRED; {fund};"
    " {entry} ({t}, {hold_account}, 1, 'USD')",
    "savepoints": "{fund}; SAVEPOINT a; {entry} ({t}, {hold_account}, 12000, 'USD'); RELEASE a;"
    " SAVEPOINT b; {entry} ({t}, {provider}, -12000, 'USD'); ROLLBACK TO b",
    "the sequence": "SELECT setval('ledger_transactions_id_seq', 1)",
    "an id of one's own": "INSERT INTO ledger_entries"
    " (id, transaction_id, account_id, amount_minor, currency) VALUES (1, {old}, {provider}, 5, 'USD')",
    "another person's number": "UPDATE users SET id = id + 1000 WHERE id = {payee}",
    "a person with money": "DELETE FROM users WHERE id = {payee}",
}
PIECES = {
    "fund": "INSERT INTO ledger_transactions (natural_key, kind, hold_id, description, created_at)"
    " VALUES ('fund:hold:{unpaid}', 'fund', {unpaid}, '', now())",
    "release": "INSERT INTO ledger_transactions (natural_key, kind, hold_id, description, created_at)"
    " VALUES ('release:hold:{held}', 'release', {held}, '', now())",
    "refund": "INSERT INTO ledger_transactions (natural_key, kind, hold_id, description, created_at)"
    " VALUES ('refund:hold:{held}', 'refund', {held}, '', now())",
    "failure": "INSERT INTO ledger_transactions (natural_key, kind, hold_id, description, created_at)"
    " VALUES ('refund_failed:hold:{held}', 'refund_failed', {held}, '', now())",
    "withdraw": "INSERT INTO ledger_transactions (natural_key, kind, withdrawal_id, description, created_at)"
    " VALUES ('payout:{withdrawal}', 'payout', {withdrawal}, '', now())",
    "request": "INSERT INTO payment_requests (reference, payer_id, payee_id, amount_minor, currency,"
    " description, created_at, status, hold_id, paid_at)"
    " VALUES ('gig_order:1', {payer}, {payee}, 12000, 'USD', '', now(),",
    "request_of_payer": "INSERT INTO payment_requests (reference, payer_id, payee_id, amount_minor, currency,"
    " description, created_at, status, hold_id, paid_at)"
    " VALUES ('gig_order:1', {payer}, {payer}, 12000, 'USD', '', now(),",
    "elsewhere": "INSERT INTO ledger_accounts (provider, purpose, currency)"
    " VALUES ('razorpay', 'provider', 'USD')",
    "elsewhere_id": "(SELECT id FROM ledger_accounts WHERE provider = 'razorpay' AND purpose = 'provider'"
    " AND currency = 'USD')",
    "hold": "INSERT INTO holds (provider, reference, subject, payer_id, payee_id, amount_minor, agreed_minor,"
    " fee_minor, asked_minors, currency, status, created_at, funded_at) VALUES ('stripe', ",
    "entry": "INSERT INTO ledger_entries (transaction_id, account_id, amount_minor, currency) VALUES",
    "t": "(SELECT max(id) FROM ledger_transactions)",
}


@pytest.fixture
def world(provider, orders, payer, owner, later):
    """Holds and withdrawals in every state; answers their ids and those of their accounts."""
    payee = earner(provider, payer)
    unpaid = intent(payer, payee).hold.id
    hold = held(provider, payer, payee)
    request = paid(orders, payer, payee)
    refunded = payments.refund(actor=payer, hold_id=held(provider, payer, payee).id).hold
    stranger = earner(provider, payer)
    withdrawal = payments.withdraw(actor=payee, amount=Money(12_000, "USD"))
    paid_out = payments.withdraw(actor=stranger, amount=Money(500, "USD"))
    later()
    hear(provider.settle(payments.find_withdrawal(paid_out.id).payout_reference, "paid"))
    asked = ask(payee, payer, 500)
    payments.open_razorpay_order(actor=payer, request_id=asked.id)
    with owner.connect() as connection:
        # The account of the unpaid hold is there already, as if its payment were just being booked.
        connection.execute(
            sa.text(
                "INSERT INTO ledger_accounts (provider, hold_id, purpose, currency)"
                " VALUES ('stripe', :id, 'hold', 'USD')"
            ),
            {"id": unpaid},
        )
        accounts = connection.execute(
            sa.text("SELECT id, purpose, owner_id, hold_id FROM ledger_accounts WHERE provider = 'stripe'")
        )
        ids = {(row.purpose, row.owner_id or row.hold_id): row.id for row in accounts}
        released, old = connection.execute(
            sa.text("SELECT hold_id, id FROM ledger_transactions WHERE kind = 'release' ORDER BY id")
        ).first()
    return {
        "payer": payer.id,
        "payee": payee.id,
        "unpaid": unpaid,
        "held": hold.id,
        "released": released,
        "refunded": refunded.id,
        "old": old,
        "asked": asked.id,
        "paid": request.id,
        "withdrawal": withdrawal.id,
        "paid_out": paid_out.id,
        "available": ids["available", payee.id],
        "pending": ids["pending", payee.id],
        "stranger_available": ids["available", stranger.id],
        "hold_account": ids["hold", unpaid],
        "held_account": ids["hold", hold.id],
        "provider": ids["provider", None],
    }


@pytest.fixture
def ledger_rows(owner):
    """A function that answers everything the ledger says."""

    def read():
        with owner.connect() as connection:
            return [
                connection.execute(sa.text(f"SELECT * FROM {table} ORDER BY id")).all()
                for table in (
                    "ledger_accounts",
                    "ledger_transactions",
                    "ledger_entries",
                    "holds",
                    "withdrawals",
                    "payment_requests",
                )
            ]

    return read


def attempt(settings, statements):
    """Run statements and commit them as the application's role; answers the error."""
    url = sa.make_url(settings.database_url)
    arguments = {"host": url.query["host"], "port": url.query["port"], "user": url.username}
    with psycopg.connect(dbname=url.database, **arguments) as connection:
        try:
            connection.execute(statements)
            connection.commit()
        except psycopg.Error as error:
            connection.rollback()
            return error
    return None


def test_the_applications_role_cannot_bend_the_books(settings, world, books, ledger_rows):
    pieces = {name: piece.format_map({**world, **PIECES}) for name, piece in PIECES.items()}
    before = ledger_rows()
    survived = []
    for name, statements in HOSTILE.items():
        error = attempt(settings, statements.format_map({**world, **pieces}))
        if error is None or isinstance(error, psycopg.errors.SyntaxError):
            survived.append((name, error))
        assert ledger_rows() == before, name
    assert survived == []
    books()


def test_copying_rows_in_is_checked_like_inserting(settings, world, books, ledger_rows):
    before = ledger_rows()
    url = sa.make_url(settings.database_url)
    arguments = {"host": url.query["host"], "port": url.query["port"], "user": url.username}
    columns = "transaction_id, account_id, amount_minor, currency"
    with psycopg.connect(dbname=url.database, **arguments) as connection, connection.cursor() as cursor:
        copy = cursor.copy(f"COPY ledger_entries ({columns}) FROM STDIN")
        copying = copy.__enter__()
        copying.write_row((world["old"], world["provider"], -5, "USD"))
        copying.write_row((world["old"], world["hold_account"], 5, "USD"))
        with pytest.raises(psycopg.errors.IntegrityConstraintViolation, match="earlier transaction"):
            copy.__exit__(None, None, None)
        connection.rollback()
    assert ledger_rows() == before
    books()


def test_what_the_application_does_itself_is_let_through(settings, world, ledger_rows):
    pieces = {name: piece.format_map({**world, **PIECES}) for name, piece in PIECES.items()}
    statements = (
        "{fund}; {entry} ({t}, {hold_account}, 12000, 'USD'), ({t}, {provider}, -12000, 'USD');"
        " UPDATE holds SET status = 'held', funded_at = now() WHERE id = {unpaid}"
    )
    assert attempt(settings, statements.format_map({**world, **pieces})) is None
    assert payments.find_hold(world["unpaid"]).status == "held"
    assert list(payments.verify(ask_provider=False)) == []


def test_even_the_owner_may_not_rewrite_the_ledger(owner, world):
    for statement in (
        "UPDATE ledger_entries SET amount_minor = 1",
        "DELETE FROM ledger_transactions",
        "TRUNCATE ledger_entries",
        "UPDATE ledger_accounts SET balance_minor = balance_minor + 1",
        "DELETE FROM holds",
        "UPDATE ledger_accounts SET provider = 'razorpay'",
        "UPDATE holds SET provider = 'razorpay'",
    ):
        with owner.connect() as connection, pytest.raises(sa.exc.IntegrityError):
            connection.execute(sa.text(statement))


def test_a_person_has_one_account_of_each_purpose(provider, payer, owner):
    for _ in range(2):
        earner(provider, person())
    with owner.connect() as connection:
        twins = connection.execute(
            sa.text("SELECT count(*) FROM ledger_accounts GROUP BY owner_id, hold_id, purpose, currency")
        )
        assert set(twins.scalars()) == {1}
