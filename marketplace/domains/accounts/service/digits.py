"""Codes of six digits, for people who copy them out of a mail.

Like the tokens of links they are signatures of a code's id, so that nothing secret is stored; being short,
they are guarded by a few tries and a few minutes.
"""

import hmac
from datetime import timedelta

from sqlalchemy import func, select

from marketplace.domains.accounts.errors import BadDigits, BadToken, DigitsExpired, TooManyCodes
from marketplace.domains.accounts.events import DigitsAsked
from marketplace.domains.accounts.models import OneTimeCode
from marketplace.domains.accounts.service import codes, locks
from marketplace.domains.accounts.types import Purpose
from marketplace.kernel.clock import clock
from marketplace.kernel.tokens import tokens
from marketplace.kernel.unit_of_work import UnitOfWork, unit_of_work

LIFETIME = timedelta(minutes=10)
TRIES = 5
SENDS = 5
SENDS_WITHIN = timedelta(hours=1)
DIGITS = 6


def send(unit: UnitOfWork, *, person_id: int, purpose: Purpose) -> None:
    """Make a code that voids earlier ones and have it mailed; the caller holds the person's lock."""
    now = clock.now()
    recent = select(func.count()).where(
        OneTimeCode.user_id == person_id,
        OneTimeCode.purpose == purpose,
        OneTimeCode.created_at > now - SENDS_WITHIN,
    )
    if (unit.session.scalar(recent) or 0) >= SENDS:
        raise TooManyCodes(retry_after_s=int(SENDS_WITHIN.total_seconds()))
    code_id = codes.make(unit, person_id=person_id, purpose=purpose, lifetime=LIFETIME)
    unit.record(DigitsAsked(person_id=person_id, code_id=code_id, purpose=purpose))


def digits_of(code_id: int, purpose: Purpose) -> str:
    """The digits of a code, for its mail."""
    number = int(tokens.sign(f"{purpose}.digits", str(code_id)), 16) % 10**DIGITS
    return f"{number:0{DIGITS}}"


def prove(*, person_id: int, purpose: Purpose, digits: str) -> int:
    """The id of the newest code, if these are its digits; a wrong guess is counted although it is refused."""
    with unit_of_work() as unit:
        locks.lock(unit, person_id)
        newest = (
            select(OneTimeCode)
            .where(OneTimeCode.user_id == person_id, OneTimeCode.purpose == purpose)
            .order_by(OneTimeCode.id.desc())
            .limit(1)
        )
        code = unit.session.scalar(newest)
        if code is None or code.used_at is not None or code.tries >= TRIES:
            raise BadDigits
        is_right = hmac.compare_digest(digits_of(code.id, purpose).encode(), digits.encode())
        if not is_right:
            code.tries += 1
    if not is_right:
        raise BadDigits
    if code.expires_at <= clock.now():
        raise DigitsExpired
    return code.id


def take(unit: UnitOfWork, code_id: int) -> None:
    """Use proven digits up; refuses those of which another request was faster. The caller holds the lock."""
    try:
        codes.take(unit, code_id)
    except BadToken as error:
        raise BadDigits from error
