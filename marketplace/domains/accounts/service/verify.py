"""Proving an address."""

import re
from datetime import timedelta

from sqlalchemy import update

from marketplace.domains.accounts import queries
from marketplace.domains.accounts.errors import BadToken, EmailRequired
from marketplace.domains.accounts.events import EmailVerified, VerificationAsked
from marketplace.domains.accounts.models import OneTimeCode, User
from marketplace.domains.accounts.types import Person, Purpose
from marketplace.kernel.clock import clock
from marketplace.kernel.tokens import tokens
from marketplace.kernel.unit_of_work import UnitOfWork, unit_of_work

LIFETIME = timedelta(hours=24)
_TOKEN = re.compile(r"(\d{1,19})\.([0-9a-f]{64})", re.ASCII)


def ask_for_verification(unit: UnitOfWork, *, person_id: int) -> None:
    """Make a code that replaces earlier ones, and have it mailed."""
    now = clock.now()
    unit.session.execute(
        update(OneTimeCode)
        .where(
            OneTimeCode.user_id == person_id,
            OneTimeCode.purpose == Purpose.VERIFY_EMAIL,
            OneTimeCode.used_at.is_(None),
        )
        .values(expires_at=now)
    )
    code = OneTimeCode(
        user_id=person_id, purpose=Purpose.VERIFY_EMAIL, created_at=now, expires_at=now + LIFETIME
    )
    unit.session.add(code)
    unit.session.flush()
    unit.record(VerificationAsked(person_id=person_id, code_id=code.id))


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
        ask_for_verification(unit, person_id=account.id)


def verification_token(code_id: int) -> str:
    """The token of a code: its id and our signature, so that nothing secret is stored."""
    return f"{code_id}.{tokens.sign(Purpose.VERIFY_EMAIL, str(code_id))}"


def verify_email(token: str) -> None:
    """Take a token once; its address is proven."""
    match = _TOKEN.fullmatch(token)
    if match is None or not tokens.is_signed(Purpose.VERIFY_EMAIL, match[1], match[2]):
        raise BadToken
    now = clock.now()
    with unit_of_work() as unit:
        person_id = unit.session.scalar(
            update(OneTimeCode)
            .where(
                OneTimeCode.id == int(match[1]), OneTimeCode.used_at.is_(None), OneTimeCode.expires_at > now
            )
            .values(used_at=now)
            .returning(OneTimeCode.user_id)
        )
        if person_id is None:
            raise BadToken
        unit.session.execute(update(User).where(User.id == person_id).values(email_verified_at=now))
        unit.record(EmailVerified(person_id=person_id))
