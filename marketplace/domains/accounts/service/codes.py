"""Codes that prove, once, that their holder reads a person's mail."""

import re
from datetime import timedelta

from sqlalchemy import select, update

from marketplace.domains.accounts.errors import BadToken
from marketplace.domains.accounts.models import OneTimeCode
from marketplace.domains.accounts.types import Purpose
from marketplace.kernel.clock import clock
from marketplace.kernel.reading import reading
from marketplace.kernel.tokens import tokens
from marketplace.kernel.unit_of_work import UnitOfWork

LIFETIMES = {Purpose.VERIFY_EMAIL: timedelta(hours=24), Purpose.RESET_PASSWORD: timedelta(hours=1)}
_TOKEN = re.compile(r"(\d{1,19})\.([0-9a-f]{64})", re.ASCII)


def make(unit: UnitOfWork, *, person_id: int, purpose: Purpose, lifetime: timedelta | None = None) -> int:
    """The id of a new code, which replaces earlier ones; the caller holds the person's lock."""
    revoke(unit, person_id=person_id, purposes=(purpose,))
    now = clock.now()
    code = OneTimeCode(
        user_id=person_id,
        purpose=purpose,
        created_at=now,
        expires_at=now + (lifetime or LIFETIMES[purpose]),
    )
    unit.session.add(code)
    unit.session.flush()
    return code.id


def revoke(unit: UnitOfWork, *, person_id: int, purposes: tuple[Purpose, ...] = tuple(Purpose)) -> None:
    """End a person's codes that nobody has used; the caller holds the person's lock."""
    unit.session.execute(
        update(OneTimeCode)
        .where(
            OneTimeCode.user_id == person_id,
            OneTimeCode.purpose.in_(purposes),
            OneTimeCode.used_at.is_(None),
        )
        .values(expires_at=clock.now())
    )


def token_of(code_id: int, purpose: Purpose) -> str:
    """The token of a code: its id and our signature, so that nothing secret is stored."""
    return f"{code_id}.{tokens.sign(purpose, str(code_id))}"


def read(token: str, purpose: Purpose) -> tuple[int, int]:
    """The ids of a token's code and of its person; refuses a token that is forged, used or expired."""
    match = _TOKEN.fullmatch(token)
    if match is None or not tokens.is_signed(purpose, match[1], match[2]):
        raise BadToken
    query = select(OneTimeCode.user_id).where(
        OneTimeCode.id == int(match[1]),
        OneTimeCode.purpose == purpose,
        OneTimeCode.used_at.is_(None),
        OneTimeCode.expires_at > clock.now(),
    )
    with reading() as connection:
        person_id = connection.scalar(query)
    if person_id is None:
        raise BadToken
    return int(match[1]), person_id


def take(unit: UnitOfWork, code_id: int) -> None:
    """Use a code up; refuses one that is used or expired. The caller holds the person's lock."""
    now = clock.now()
    taken = unit.session.scalar(
        update(OneTimeCode)
        .where(OneTimeCode.id == code_id, OneTimeCode.used_at.is_(None), OneTimeCode.expires_at > now)
        .values(used_at=now)
        .returning(OneTimeCode.id)
    )
    if taken is None:
        raise BadToken
