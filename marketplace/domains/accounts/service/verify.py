"""Proving an address."""

from marketplace.domains.accounts import queries
from marketplace.domains.accounts.errors import EmailRequired
from marketplace.domains.accounts.events import EmailVerified, VerificationAsked
from marketplace.domains.accounts.service import codes, locks
from marketplace.domains.accounts.types import Person, Purpose
from marketplace.kernel.clock import clock
from marketplace.kernel.unit_of_work import UnitOfWork, unit_of_work


def ask_for_verification(unit: UnitOfWork, *, person_id: int) -> None:
    """Make a code that replaces earlier ones, and have it mailed; the caller holds the person's lock."""
    code_id = codes.make(unit, person_id=person_id, purpose=Purpose.VERIFY_EMAIL)
    unit.record(VerificationAsked(person_id=person_id, code_id=code_id))


def resend_verification(*, person: Person | None, email: str | None) -> None:
    """Mail a new link to the address, else to the person, if it is still to be proven."""
    account = None
    if email is not None:
        account = queries.find_account_by_email(email)
    elif person is not None:
        account = queries.find_account(person_id=person.id)
    else:
        raise EmailRequired
    if account is None or account.email_verified:
        return
    with unit_of_work() as unit:
        # A code that is made while the address changes would prove the new one with a mail to the old one.
        user = locks.lock(unit, account.id)
        if user.email == account.email and user.email_verified_at is None:
            ask_for_verification(unit, person_id=account.id)


def verification_token(code_id: int) -> str:
    """The token of a code, for its mail."""
    return codes.token_of(code_id, Purpose.VERIFY_EMAIL)


def verify_email(token: str) -> None:
    """Take a token once; its address is proven."""
    code_id, person_id = codes.read(token, Purpose.VERIFY_EMAIL)
    with unit_of_work() as unit:
        user = locks.lock(unit, person_id)
        codes.take(unit, code_id)
        user.email_verified_at = clock.now()
        unit.record(EmailVerified(person_id=person_id))
