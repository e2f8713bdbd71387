"""Letting the payee have the money."""

from collections.abc import Collection

from marketplace.domains.accounts.public import Person
from marketplace.domains.payments import queries, rules
from marketplace.domains.payments.events import PaymentReleased
from marketplace.domains.payments.models import HoldRow
from marketplace.domains.payments.service import ledger, rows
from marketplace.domains.payments.service.rows import HoldView
from marketplace.kernel.clock import clock
from marketplace.kernel.unit_of_work import UnitOfWork, unit_of_work


def release(*, actor: Person, hold_id: int) -> HoldView:
    """Credit the payee with a held amount, less the fee; the payer alone may. Joins an open unit of work."""
    with unit_of_work() as unit:
        row, standing = rows.lock_hold_for(unit, actor=actor, hold_id=hold_id)
        let_go(unit, row, actors=standing)
        return rows.view_hold(queries.to_hold(row))


def let_go(unit: UnitOfWork, row: HoldRow, *, actors: Collection[str]) -> None:
    """Book the release of a locked hold."""
    row.status = rules.HOLD.decide("release", state=row.status, actors=actors)
    row.released_at = clock.now()
    ledger.release(unit, row)
    unit.record(PaymentReleased(**rows.told_of_hold(row)))
