"""Payout accounts: where a person's money can be paid out to."""

from collections.abc import Mapping
from datetime import datetime

import structlog
from sqlalchemy import Select, delete, select
from sqlalchemy.dialects.postgresql import insert

from marketplace.domains.accounts import public as accounts
from marketplace.domains.accounts.public import Person
from marketplace.domains.payments import queries, rules
from marketplace.domains.payments.errors import PayoutAccountRefused, ProviderUnavailable
from marketplace.domains.payments.events import PayoutAccountChanged, ProviderReferenceLearned
from marketplace.domains.payments.models import PayoutAccountRow
from marketplace.domains.payments.service import rows
from marketplace.domains.payments.service.terms import terms
from marketplace.domains.payments.types import PayoutAccount
from marketplace.kernel.clock import clock
from marketplace.kernel.idempotency import resumable
from marketplace.kernel.unit_of_work import UnitOfWork, unit_of_work
from marketplace.providers import payments as protocol
from marketplace.providers import stripe
from marketplace.providers.payments import OnboardingLink, OutcomeUnknown, Refused

log = structlog.get_logger()

Flags = Mapping[str, bool]


@resumable()
def open_payout_account(*, actor: Person) -> tuple[PayoutAccount, bool]:
    """The actor's payout account and whether this request opened it; outside any unit of work."""
    row = _place(actor)
    if row.provider_reference is not None:
        return _find(actor.id), False
    try:
        opened = stripe.provider().create_account(
            email=row.email,
            country=row.country,
            metadata={"person_id": str(actor.id)},
            idempotency_key=f"account:payee:{row.id}",
        )
    except Refused as refusal:
        _forget(row.id)
        message = f"The payment provider refused to open a payout account: {refusal}"
        raise PayoutAccountRefused(message) from refusal
    except OutcomeUnknown as error:
        raise ProviderUnavailable from error
    is_new = _note_opened(row.id, opened)
    return _find(actor.id), is_new


@resumable()
def open_onboarding(*, actor: Person, return_url: str | None, refresh_url: str | None) -> OnboardingLink:
    """A page of the provider where the actor completes their payout account, opened first if need be.

    The page leads back to `return_url`, or to `refresh_url` when it has expired: both of allowed origins.
    """
    for field, url in (("return_url", return_url), ("refresh_url", refresh_url)):
        if url is not None:
            rules.check_origin(url, terms.allowed_origins, field=field)
    account, _ = open_payout_account(actor=actor)
    back = return_url or terms.home_url
    try:
        return stripe.provider().onboarding_link(
            account.reference or "", return_url=back, refresh_url=refresh_url or back
        )
    except Refused as refusal:
        raise PayoutAccountRefused(f"The payment provider refused: {refusal}") from refusal
    except OutcomeUnknown as error:
        raise ProviderUnavailable from error


def get_payout_account(*, actor: Person) -> PayoutAccount:
    """The actor's payout account; without a reference as long as there is none.

    Until payouts are enabled the provider is asked, since its news may be late or lost.
    """
    account = _find(actor.id)
    if account.reference is None or account.payouts_enabled:
        return account
    try:
        answer = stripe.provider().get_account(account.reference)
    except (Refused, OutcomeUnknown) as error:
        log.warning("payout_account_not_asked", person_id=actor.id, error=str(error))
        return account
    with unit_of_work() as unit:
        row = unit.session.scalar(_at_provider(account.reference))
        if row is not None:
            _take_over(unit, row, _flags(answer))
    return _find(actor.id)


def note_change(unit: UnitOfWork, *, reference: str, at: datetime, flags: Flags) -> bool | None:
    """Take over what the provider says of an account.

    Answers whether that changed something, and `None` when the account is not ours. News that is older than
    what is known changes nothing.
    """
    row = unit.session.scalar(_at_provider(reference))
    if row is None:
        return None
    if row.changed_at is not None and at < row.changed_at:
        return False
    row.changed_at = at
    _take_over(unit, row, flags)
    return True


def _take_over(unit: UnitOfWork, row: PayoutAccountRow, flags: Flags) -> None:
    was_enabled = row.payouts_enabled
    row.charges_enabled = flags["charges_enabled"]
    row.payouts_enabled = flags["payouts_enabled"]
    row.details_submitted = flags["details_submitted"]
    if row.payouts_enabled != was_enabled:
        unit.record(PayoutAccountChanged(person_id=row.person_id, payouts_enabled=row.payouts_enabled))


def _place(actor: Person) -> PayoutAccountRow:
    """The actor's row, made where there is none. What the provider is told is kept: its key stands for it."""
    with unit_of_work() as unit:
        accounts.keep(actor)
        account = accounts.get_account(person_id=actor.id)
        new = insert(PayoutAccountRow).values(
            person_id=actor.id,
            email=account.email,
            country=rules.country_code(account.country),
            created_at=clock.now(),
        )
        unit.session.execute(new.on_conflict_do_nothing())
        return unit.session.scalars(
            select(PayoutAccountRow).where(PayoutAccountRow.person_id == actor.id)
        ).one()


def _note_opened(row_id: int, opened: protocol.PayoutAccount) -> bool:
    with unit_of_work() as unit:
        rows.take_turn(unit, opened.reference)
        row = unit.session.get(PayoutAccountRow, row_id, with_for_update=True)
        if row is None:
            raise ProviderUnavailable
        if row.provider_reference is not None:
            return False
        row.provider_reference = opened.reference
        _take_over(unit, row, _flags(opened))
        unit.record(ProviderReferenceLearned(provider_reference=opened.reference))
        return True


def _forget(row_id: int) -> None:
    """Remove a row that the provider refused, so that the next try is a new request with a new key."""
    with unit_of_work() as unit:
        unit.session.execute(
            delete(PayoutAccountRow).where(
                PayoutAccountRow.id == row_id, PayoutAccountRow.provider_reference.is_(None)
            )
        )


def _find(person_id: int) -> PayoutAccount:
    account = queries.find_payout_account(person_id=person_id)
    return account or PayoutAccount(
        person_id=person_id,
        reference=None,
        charges_enabled=False,
        payouts_enabled=False,
        details_submitted=False,
    )


def _at_provider(reference: str) -> Select[PayoutAccountRow]:
    query = select(PayoutAccountRow).where(PayoutAccountRow.provider_reference == reference)
    return query.with_for_update().execution_options(populate_existing=True)


def _flags(account: protocol.PayoutAccount) -> Flags:
    return {
        "charges_enabled": account.charges_enabled,
        "payouts_enabled": account.payouts_enabled,
        "details_submitted": account.details_submitted,
    }
